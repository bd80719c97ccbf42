import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { furnish, putInForce } from '../apps/server/src/intake/intakeFixture.ts';

const CLI = join(import.meta.dirname, '../apps/server/src/cli/main.ts');
const ROWS = 6_000;

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(
    database.pool,
    `baton: 1
name: Imports
actions: { demo: { say: asked for a demo, on: Demo Requested } }
qualify: [ { id: hand-raiser, intent: high, any: [ { action: demo } ] } ]
route: [ { id: everyone, to: { team: inbound } } ]
fallback: { queue: triage, tell: sales }
promise: { high: { contact-within: 4h } }
first-task: { high: { type: call, else: email, title: Call, due: promise } }
`,
  );
  folder = mkdtempSync(join(tmpdir(), 'baton-killed-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

it('an import that is killed five times hands off every row once, and equally', async () => {
  const path = join(folder, 'leads.csv');
  const lines = Array.from({ length: ROWS }, (_, n) => `${n},p${n}@c${n}.example,2026-01-01`);
  writeFileSync(path, ['id,email,at', ...lines, ''].join('\n'));
  const map = join(folder, 'map.yaml');
  writeFileSync(
    map,
    'baton-import: 1\nrows: contacts\nsource: Leads\nkey: id\ninstant: at\ncolumns: { email: contact.email }\nevents: [ Demo Requested ]\n',
  );
  const start = () =>
    spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', CLI, 'import', path, '--map', map, '--as-of-row', '--json'],
      {
        env: { ...process.env, DATABASE_URL: database.url },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  const seen: number[] = [];
  for (let kill = 0; kill < 5; kill += 1) {
    const child = start();
    const before = seen.at(-1) ?? 0;
    // Killed as soon as some more of it is committed, wherever in the next batch it then is.
    for (;;) {
      const { rows } = await database.pool.query('select count(*) as n from handoff');
      if (Number(rows[0].n) > before || child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const { rows } = await database.pool.query('select count(*) as n from handoff');
    seen.push(Number(rows[0].n));
  }
  expect(seen[0]).toBeGreaterThan(0);
  expect(seen[0]).toBeLessThan(ROWS);

  let out = '';
  const last = start();
  last.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const code = await new Promise((resolve) => last.once('close', resolve));
  expect(code).toBe(0);
  const result = JSON.parse(out);
  expect(result).toMatchObject({ state: 'done', rows: ROWS, bad: 0 });
  expect(result.resumedAtRow).toBeGreaterThan(0);
  const shares = await database.pool.query('select owner_id, count(*) as n from handoff group by 1');
  expect(shares.rows.map((row) => Number(row.n))).toEqual([1_200, 1_200, 1_200, 1_200, 1_200]);
  const events = await database.pool.query('select count(*) as n, count(distinct key) as keys from event');
  expect(events.rows[0]).toEqual({ n: 2 * ROWS, keys: 2 * ROWS });
});
