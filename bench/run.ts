/**
 * `npm run --silent bench -- [NAME...] [--json]`: runs benchmarks and prints a table, or with --json one object a line.
 * Exit 0: every goal is kept, 3: one is missed, 1: a benchmark failed, 2: no such benchmark. Notes go to stderr.
 */
import { parseArgs } from 'node:util';
import { machineNotes } from './machine.ts';
import { BENCHES } from './registry.ts';
import type { BenchRow } from './row.ts';

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  allowPositionals: true,
});
const note = (text: string): void => void process.stderr.write(`${text}\n`);

const columns = ['bench', 'value', 'unit', 'against', 'ratio', 'goal', 'ok'] as const;
const cell = (row: BenchRow, column: (typeof columns)[number]): string => {
  const value = row[column];
  if (value === null) return '-';
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'boolean' ? (value ? 'yes' : 'NO') : value;
};
const table = (rows: readonly BenchRow[]): string => {
  const cells = [columns.map(String), ...rows.map((row) => columns.map((column) => cell(row, column)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const usage = `usage: npm run --silent bench -- [NAME...] [--json]\nbenchmarks: ${Object.keys(BENCHES).join(', ')}`;
const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help) {
  process.stdout.write(`${usage}\n`);
} else if (unknown.length > 0) {
  note(`no such benchmark: ${unknown.join(', ')}\n${usage}`);
  process.exitCode = 2;
} else {
  for (const line of machineNotes()) note(line);
  const rows: BenchRow[] = [];
  let failed = false;
  for (const name of names) {
    note(`${name} ...`);
    try {
      const measured = (await BENCHES[name]?.((text) => note(`  ${text}`))) ?? [];
      rows.push(...measured);
      if (values.json) for (const line of measured) process.stdout.write(`${JSON.stringify(line)}\n`);
    } catch (error) {
      failed = true;
      note(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  if (!values.json) process.stdout.write(`${table(rows)}\n`);
  process.exitCode = failed ? 1 : rows.every((row) => row.ok) ? 0 : 3;
}
