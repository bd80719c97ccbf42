import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DATA = join(ROOT, '../shared/data');
const isHere = existsSync(join(DATA, 'olist_mql.csv'));
if (!isHere) console.warn(`examples: the real leads (${DATA}) are not here; the examples are not run`);

/** The last line that an example prints, as JSON. */
const run = (example: string) => {
  const done = spawnSync(process.execPath, [join(ROOT, 'examples', example, 'run'), DATA], { encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  return JSON.parse(done.stdout.trimEnd().split('\n').at(-1) ?? '');
};
/** A plain count over a column of the file itself, to hold the product's report against. */
const countBy = (file: string, column: string): Map<string, number> => {
  const rows: Record<string, string>[] = parse(readFileSync(join(DATA, file)), { columns: true });
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = row[column] || '(blank)';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
};

describe.skipIf(!isHere)('examples on real leads', () => {
  it('hands 8,000 seller leads off equally and knows which of them were won', () => {
    const result = run('olist');
    expect(result).toMatchObject({ mql: 8_000, won: 842, medianDaysToWon: 14.65 });
    const origins = countBy('olist_mql.csv', 'origin');
    const mql = Object.entries(result.byOrigin as Record<string, { mql: number }>).map(([origin, each]) => [
      origin,
      each.mql,
    ]);
    expect(new Map(mql as [string, number][])).toEqual(origins);
    expect(result.byOrigin.organic_search.won).toBe(271);
    expect(result.byOrigin['(blank)']).toEqual({ mql: 60, won: 14 });
    const shares = Object.values(result.assignments as Record<string, number>);
    expect(shares.length).toBe(32);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  });

  it('parts customers from others by criterion on 9,240 course enquiries', () => {
    const result = run('xeducation');
    expect(result).toMatchObject({ leads: 9_240, converted: 3_561 });
    // What it hands off converts more often than everybody does, or the policy would be worth nothing.
    expect(result.convertedAmongMql / result.mql).toBeGreaterThan(result.converted / result.leads);
    const professional = result.criteria.find((one: { id: string }) => one.id === 'professional');
    expect(professional.met.converted + professional.met.notConverted).toBe(
      countBy('xeducation_leads.csv', 'What is your current occupation').get('Working Professional'),
    );
  });
});
