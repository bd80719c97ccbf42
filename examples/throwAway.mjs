// What the examples share: a company in a temporary directory, the `baton` command in it, and reading a CSV column.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let environment = process.env;

/**
 * Runs `work` with a data directory that is gone afterwards.
 * @param {(folder: string) => void | Promise<void>} work
 */
export async function inThrowAwayCompany(work) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-example-'));
  // The embedded database gives up the rights of root and must still reach its directory.
  chmodSync(folder, 0o755);
  const { DATABASE_URL: _, ...rest } = process.env;
  environment = { ...rest, BATON_DATA: join(folder, 'data') };
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs one command of `baton` and answers its data; what it notes goes to stderr. A failure ends the example.
 * @param {...string} words
 */
export function baton(...words) {
  process.stderr.write(`$ baton ${words.join(' ')}\n`);
  const done = spawnSync(join(root, 'baton'), words, {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) {
    process.stderr.write(done.stdout);
    throw new Error(`baton ${words[0]} ended with ${done.status ?? done.signal}`);
  }
  if (!words.includes('--json')) process.stderr.write(done.stdout);
  return done.stdout;
}

/**
 * The values of one column of a plain CSV file (no quotes before that column), the header left out.
 * @param {string} file @param {string} column
 */
export function readColumn(file, column) {
  const [header = '', ...lines] = readFileSync(file, 'utf8').split(/\r?\n/);
  const index = header.split(',').indexOf(column);
  if (index < 0) throw new Error(`${file} has no column ${column}`);
  return lines.filter((line) => line !== '').map((line) => line.split(',')[index] ?? '');
}

/**
 * Writes a members file for `baton team add --members`, one rep an id, all of equal weight.
 * @param {string} file @param {readonly string[]} ids @param {string} title
 */
export function writeMembers(file, ids, title) {
  const rows = ids.map(
    (id, index) => `${title} ${String(index + 1).padStart(2, '0')} ${id.slice(0, 8)},${id}@reps.example,100`,
  );
  writeFileSync(file, ['name,email,weight', ...rows, ''].join('\n'));
  return file;
}
