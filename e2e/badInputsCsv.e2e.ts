import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { furnish, putInForce } from '../apps/server/src/intake/intakeFixture.ts';
import { readCatalogue } from './badInputs/catalogue.ts';
import { CSV_FATES } from './badInputs/csv.ts';

const CLI = join(import.meta.dirname, '../apps/server/src/cli/main.ts');
const POLICY = `
baton: 1
name: Imports
actions: { demo: { say: asked for a demo, on: Demo Requested } }
qualify: [ { id: hand-raiser, intent: high, any: [ { action: demo } ] } ]
route: [ { id: everyone, to: { team: inbound } } ]
fallback: { queue: triage, tell: sales }
promise: { high: { contact-within: 4h } }
first-task: { high: { type: call, else: email, title: Call, due: promise } }
`;

let database: TestDatabase;
let folder: string;

const cases = readCatalogue(['csv']);
if (cases.length === 0)
  console.warn('bad inputs: the catalogue beside this repository is not here; area csv is skipped');

/** Runs `baton` as people do: a process of its own on the test's database. Answers what it printed and its peak memory. */
const baton = (...words: string[]): Promise<{ code: number | null; out: string; notes: string; peakMb: number }> =>
  new Promise((resolve, reject) => {
    const probe = 'process.on("exit", () => process.stderr.write("\\npeak " + process.resourceUsage().maxRSS))';
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        // What is kept must fit into this, whatever the file holds; garbage may take more until it is collected.
        '--max-old-space-size=64',
        '--import',
        `data:text/javascript,${encodeURIComponent(probe)}`,
        CLI,
        ...words,
      ],
      { env: { ...process.env, DATABASE_URL: database.url }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let out = '';
    let notes = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      notes += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const peak = /\npeak (\d+)$/.exec(notes);
      resolve({ code, out, notes: notes.replace(/\npeak \d+$/, ''), peakMb: Number(peak?.[1] ?? 0) / 1_024 });
    });
  });

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const count = async (sql: string): Promise<number> => Number((await database.pool.query(sql)).rows[0].n);

const runs: { readonly [caseId: string]: () => Promise<void> } = {
  'CSV-01': () => expectHarmless(['=HYPERLINK("http://evil")', '+1', '-1+1', '@SUM(1)', '\t=1', '\r=1']),
  'CSV-02': () => expectHarmless([' =1', '\u00a0=1', '\n=1', '"=1', '\uff1d1']),
  'CSV-04': async () => {
    const path = file('quote.csv', 'email,name\na@a.example,"Ann\nb@a.example,Bob\n');
    const strict = await baton('import', path, '--as', 'history', '--strict');
    expect(strict.code).toBe(1);
    expect(strict.notes).toMatch(/quote-not-closed 1.*nothing was imported/);
    expect(await count('select count(*) as n from contact')).toBe(0);
    const dry = await baton('import', path, '--dry-run', '--json');
    expect(JSON.parse(dry.out).firstErrors[0]).toMatchObject({ code: 'quote-not-closed', line: 2 });
  },
  'CSV-05': async () => {
    const text = 'email,name\nj@j.example,Jörg\n';
    const written: { readonly [variant: string]: Uint8Array } = {
      bom: Buffer.from(`\ufeff${text}`),
      crlf: Buffer.from(text.replaceAll('\n', '\r\n')),
      cr: Buffer.from(text.replaceAll('\n', '\r')),
      utf16: Buffer.from(`\ufeff${text}`, 'utf16le'),
      semicolon: Buffer.from(text.replaceAll(',', ';')),
    };
    for (const [variant, bytes] of Object.entries(written)) {
      const address = `${variant}@j.example`;
      const content =
        variant === 'utf16'
          ? Buffer.from(`\ufeff${text.replace('j@j.example', address)}`, 'utf16le')
          : Buffer.from(Buffer.from(bytes).toString().replace('j@j.example', address));
      const path = file(`${variant}.csv`, content);
      expect((await baton('import', path, '--dry-run', '--json')).code, variant).toBe(0);
      expect((await baton('import', path, '--as', 'history')).code, variant).toBe(0);
      expect(
        await count(`select count(*) as n from contact where email = '${address}' and name = 'Jörg'`),
        variant,
      ).toBe(1);
    }
    const latin = file('cp1252.csv', Buffer.from('email,name\nk@j.example,J\u00f6rg\n', 'latin1'));
    const refused = await baton('import', latin, '--as', 'history');
    expect(refused.code).toBe(1);
    expect(refused.notes).toMatch(/not UTF-8 \(near line 2\).*windows-1252/);
    expect(await count(`select count(*) as n from contact where email = 'k@j.example'`)).toBe(0);
    const map = file(
      'latin.yaml',
      'baton-import: 1\nrows: contacts\nencoding: windows-1252\ncolumns: { email: contact.email, name: contact.name }\n',
    );
    expect((await baton('import', latin, '--as', 'history', '--map', map)).code).toBe(0);
    expect(await count(`select count(*) as n from contact where email = 'k@j.example' and name = 'Jörg'`)).toBe(1);
  },
  'CSV-07': async () => {
    const path = file('proto.csv', 'email,__proto__,constructor\na@a.example,x,y\n');
    expect((await baton('import', path, '--as', 'history')).code).toBe(0);
    const { rows } = await database.pool.query(
      `select state::json -> 'facts' as facts from contact where email = 'a@a.example'`,
    );
    expect(Object.keys(rows[0].facts).sort()).toEqual(expect.arrayContaining(['contact.constructor', 'contact.proto']));
  },
  'CSV-08': async () => {
    const path = join(folder, 'million.csv');
    const stream = createWriteStream(path);
    stream.write('email,name,at\n');
    for (let from = 0; from < 1_000_000; from += 10_000) {
      let text = '';
      for (let n = from; n < from + 10_000; n += 1) text += `p${n}@c${n % 999}.example,Person ${n},2026-01-01\n`;
      if (!stream.write(text)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
    const two = await baton(
      'import',
      file('two.csv', 'email,name,at\na@a.example,A,2026-01-01\n'),
      '--dry-run',
      '--json',
    );
    const rows = await baton('import', path, '--dry-run', '--json');
    expect(JSON.parse(rows.out)).toMatchObject({ rows: 1_000_000, good: 1_000_000, bad: 0 });
    expect(rows.peakMb - two.peakMb).toBeLessThan(150);

    const cell = file(
      'cell.csv',
      `email,name\na@a.example,Ann\nb@a.example,${'x'.repeat(52_428_800)}\nc@a.example,Cy\n`,
    );
    const big = await baton('import', cell, '--as', 'history', '--json');
    expect(big.code).toBe(3);
    expect(JSON.parse(big.out)).toMatchObject({ rows: 3, accepted: 2, bad: 1, errors: { 'cell-too-large': 1 } });
    expect(big.peakMb - two.peakMb).toBeLessThan(150);
  },
  'CSV-10': async () => {
    await putInForce(database.pool, POLICY);
    const lines = Array.from({ length: 5_000 }, (_, n) => `${n},p${n}@c${n}.example,2025-01-01`);
    const path = file('qualified.csv', ['id,email,at', ...lines, ''].join('\n'));
    const map = file(
      'qualified.yaml',
      'baton-import: 1\nrows: contacts\nsource: Fair\nkey: id\ncolumns: { email: contact.email }\nevents: [ Demo Requested ]\n',
    );
    const asked = await baton('import', path, '--map', map);
    expect(asked.code).toBe(2);
    expect(asked.notes).toMatch(/--as history, --as-of-row or --as list/);
    const done = await baton('import', path, '--map', map, '--as', 'list');
    expect(done.code, done.notes).toBe(0);
    expect(await count('select count(*) as n from handoff')).toBe(5_000);
    expect(await count('select count(*) as n from notification')).toBe(5);
    expect(await count('select count(*) as n from handoff_clock where stopped_at is null and due_at < now_ms()')).toBe(
      0,
    );
    expect(await count('select count(*) as n from handoff where breached')).toBe(0);
  },
  'CSV-11': async () => {
    await putInForce(database.pool, POLICY);
    await database.pool.query(`update rep set active = false where email = 'rep5@sales.example'`);
    const path = file(
      'owners.csv',
      'email,owner,at\na@a.example,rep1@sales.example,2026-01-01\nb@b.example,rep5@sales.example,2026-01-01\nc@c.example,stranger@elsewhere.example,2026-01-01\n',
    );
    const map = file(
      'owners.yaml',
      'baton-import: 1\nrows: contacts\nsource: Owners\ninstant: at\ncolumns: { email: contact.email, owner: contact.owner }\nevents: [ Demo Requested ]\n',
    );
    const done = await baton('import', path, '--map', map, '--as-of-row', '--json');
    expect(done.code, done.notes).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ accepted: 3, flags: { 'owner-inactive': 1, 'owner-unknown': 1 } });
    expect(
      await count(
        `select count(*) as n from contact c join rep r on r.id = c.owner_id where c.email = 'a@a.example' and r.email = 'rep1@sales.example'`,
      ),
    ).toBe(1);
    expect(
      await count(
        'select count(*) as n from handoff h left join rep r on r.id = h.owner_id where r.active or h.queue_id is not null',
      ),
    ).toBe(3);
  },
};

/** Rows that are refused with these names in them: the error file opens in a spreadsheet, and nothing in it runs. */
const expectHarmless = async (names: readonly string[]): Promise<void> => {
  const lines = names.map((name) => `"${name.replaceAll('"', '""')}",not a number`);
  const path = file('formulas.csv', ['name,visits', ...lines, ''].join('\n'));
  const map = file(
    'formulas.yaml',
    'baton-import: 1\nrows: contacts\ncolumns: { name: contact.user-id, visits: { to: contact.visits, type: number } }\n',
  );
  const done = await baton('import', path, '--map', map, '--as', 'history', '--errors', join(folder, 'out.csv'));
  expect(done.code).toBe(3);
  const text = readFileSync(join(folder, 'out.csv'), 'utf8');
  // After the reason each cell of the row as it was: a formula is led by a quote mark, inside the quotes of CSV.
  const cells = [...text.matchAll(/is no number"?,("?)(.)/gsu)].map((match) => match[2]);
  expect(cells).toEqual(names.map(() => "'"));
};

describe.skipIf(cases.length === 0)('bad inputs, area csv', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-csv-'));
  });
  afterAll(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    await furnish(database.pool);
  });
  afterEach(() => database.drop());

  it('has a fate for every case, no fate without a case, and a run for each that applies', () => {
    expect(Object.keys(CSV_FATES).toSorted()).toEqual(cases.map((one) => one.id).toSorted());
    expect(Object.keys(runs).toSorted()).toEqual(Object.keys(CSV_FATES).toSorted());
  });

  for (const one of cases) it(`${one.id}: ${one.title}`, () => runs[one.id]?.());
});
