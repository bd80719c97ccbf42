import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testDatabase.ts';
import type { IntakeMode } from '../../intake/incomingEvent.ts';
import { furnish, type Node, putInForce, startNode } from '../../intake/intakeFixture.ts';
import { reevaluateDue } from '../../intake/reevaluate.ts';
import { countPutOff, handOffList, previewAllocation, sendDigest } from './handOffList.ts';
import { makeImportDeals } from './importDeals.ts';
import { openImport } from './openImport.ts';
import { type ImportChoice, type ImportDeps, runImport } from './runImport.ts';

const POLICY = `
baton: 1
name: Imports
actions: { demo: { say: asked for a demo, on: Demo Requested } }
qualify: [ { id: hand-raiser, intent: high, any: [ { action: demo } ] } ]
manual: { by: marketing, needs: [note, intent] }
route: [ { id: everyone, to: { team: inbound } } ]
fallback: { queue: triage, tell: sales }
promise: { high: { contact-within: 4h }, standard: { contact-within: 8h } }
first-task: { high: { type: call, else: email, title: Call, due: promise }, standard: { type: email, title: Write, due: promise } }
`;
const MAP = `baton-import: 1
rows: contacts
source: Old list
key: id
instant: { column: at }
columns:
  email: contact.email
  name: contact.name
events: [ Demo Requested ]
`;

let database: TestDatabase;
let node: Node;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-import-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  node = startNode(database.pool);
});
afterEach(async () => {
  await node.intake.stop();
  await database.drop();
});

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const people = (count: number): string =>
  [
    'id,email,name,at',
    ...Array.from(
      { length: count },
      (_, n) => `${n},p${n}@c${n % 7}.example,Person ${n},2026-01-${String((n % 28) + 1).padStart(2, '0')}`,
    ),
    '',
  ].join('\n');
/** A list of a trade show: nobody did anything, nobody has an instant, each is of a company of their own. */
const LIST_MAP = MAP.replace('events: [ Demo Requested ]\n', '').replace('instant: { column: at }\n', '');
const listed = (count: number): string =>
  ['id,email,name,at', ...Array.from({ length: count }, (_, n) => `${n},p${n}@d${n}.example,P ${n},`), ''].join('\n');
const deciding = () => ({ pool: database.pool, references: node.references, ids: node.ids });
const importIt = async (
  path: string,
  map: string,
  mode: IntakeMode,
  choice: Partial<ImportChoice> = {},
  deps: Partial<ImportDeps> = {},
) => {
  const given = await openImport(path, file('map.yaml', map), null, null);
  return runImport(
    {
      pool: database.pool,
      submit: node.intake.submit,
      importDeals: makeImportDeals(deciding()),
      clock: () => performance.now(),
      ...deps,
    },
    given,
    { mode, errorPath: join(folder, 'errors.csv'), ...choice },
  );
};
const one = async (sql: string): Promise<Record<string, unknown>> => (await database.pool.query(sql)).rows[0];

describe('the three modes', () => {
  test('history keeps facts and events and hands nobody off', async () => {
    await putInForce(database.pool, POLICY);
    const done = await importIt(file('h.csv', people(40)), MAP, 'history');
    expect(done.counts).toMatchObject({ rows: 40, accepted: 40, duplicate: 0, bad: 0, events: 80 });
    expect(await one('select count(*) as n from contact')).toEqual({ n: 40 });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 0 });
    expect(await one('select count(*) as n from notification')).toEqual({ n: 0 });
    expect(await one('select count(*) as n from handoff_clock')).toEqual({ n: 0 });
  });

  test('as of row hands each off as of its own instant and tells nobody', async () => {
    await putInForce(database.pool, POLICY);
    await importIt(file('r.csv', people(40)), MAP, 'as-of-row');
    const off = await one(`select count(*) as n, min(qualified_at) as first, max(qualified_at) as last from handoff`);
    // 40 people of 7 companies: the first of each is handed off, colleagues join.
    expect(off.n).toBe(7);
    expect(off.last).toBeLessThan(Date.parse('2026-02-01T00:00:00Z'));
    expect(await one('select count(*) as n from handoff_member')).toEqual({ n: 33 });
    expect(await one('select count(*) as n from notification')).toEqual({ n: 0 });
  });

  test('a history import that joins profiles hands nobody off either', async () => {
    await putInForce(database.pool, POLICY);
    await importIt(
      file('a.csv', 'id,visitor,at\n1,v1,2026-01-01\n'),
      MAP.replace('email: contact.email', 'visitor: contact.anonymous-id').replace('name: contact.name', ''),
      'history',
    );
    const join2 = MAP.replace('name: contact.name', 'visitor: contact.anonymous-id');
    await importIt(
      file('b.csv', 'id,email,at\n2,v1@c.example,2026-01-02\n'),
      MAP.replace('name: contact.name', ''),
      'history',
    );
    await importIt(file('c.csv', 'id,email,visitor,at\n3,v1@c.example,v1,2026-01-03\n'), join2, 'history');
    expect(await one('select count(*) as n from contact_redirect')).toEqual({ n: 1 });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 0 });
    expect(await one('select count(*) as n from notification')).toEqual({ n: 0 });
  });

  test('a list is handed off with its intent, once, and each rep has one notice', async () => {
    await putInForce(database.pool, POLICY);
    const map = LIST_MAP;
    const path = file('fair.csv', listed(20));
    expect(await previewAllocation(database.pool, 'inbound', 'standard', 20)).toEqual(
      Array.from({ length: 5 }, (_, n) => ({ rep: `Rep ${n + 1}`, leads: 4 })),
    );
    const handOff: NonNullable<ImportDeps['handOff']> = (run, who) => handOffList(deciding(), run, who, 'standard');
    const began = Date.now() - 1_000;
    const first = await importIt(path, map, 'list', { rowsAtMost: 15 }, { handOff });
    expect(first).toMatchObject({ state: 'paused', counts: { rows: 15 } });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 15 });
    const rest = await importIt(path, map, 'list', {}, { handOff });
    expect(rest).toMatchObject({
      state: 'done',
      resumedAtRow: 15,
      counts: { rows: 20, accepted: 20, notHandedOff: 0 },
    });
    expect(await sendDigest(database.pool, rest, began)).toBe(5);
    expect(await sendDigest(database.pool, rest, began)).toBe(0);
    expect(
      await one(
        `select min(n) as min, max(n) as max from (select count(*) as n from handoff where kind = 'fast-track' group by owner_id) h`,
      ),
    ).toEqual({ min: 4, max: 4 });
    expect(await one('select count(*) as n from notification')).toEqual({ n: 5 });
    const again = await importIt(path, map, 'list', {}, { handOff });
    expect(again.counts).toMatchObject({ accepted: 0, duplicate: 20 });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 20 });
  });
});

describe('a list with a pace', () => {
  test('gives each rep so many a day, and the others on the days to come, once', async () => {
    await putInForce(database.pool, POLICY);
    const map = LIST_MAP;
    const path = file('paced.csv', listed(25));
    const handOff: NonNullable<ImportDeps['handOff']> = (run, who) =>
      handOffList(deciding(), run, who, 'standard', { perRepDay: 2 });
    const done = await importIt(path, map, 'list', {}, { handOff });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 10 });
    expect(await countPutOff(database.pool, done)).toBe(15);
    await importIt(path, map, 'list', {}, { handOff });
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 10 });
    expect(await one(`select count(distinct at) as days, count(*) as n from reevaluation`)).toEqual({ days: 2, n: 15 });
    // the next day comes
    await database.pool.query('update reevaluation set at = 0 where at = (select min(at) from reevaluation)');
    await reevaluateDue(deciding());
    expect(await one('select count(*) as n from handoff')).toEqual({ n: 20 });
    expect(
      await one('select min(n) as min, max(n) as max from (select count(*) as n from handoff group by owner_id) h'),
    ).toEqual({ min: 4, max: 4 });
  });
});

describe('again, and interrupted', () => {
  test('a file that is imported twice counts once', async () => {
    const path = file('twice.csv', people(30));
    await importIt(path, MAP, 'history');
    const again = await importIt(path, MAP, 'history');
    expect(again.counts).toMatchObject({ rows: 30, accepted: 0, duplicate: 30, events: 0 });
    expect(await one('select count(*) as n from event')).toEqual({ n: 60 });
  });

  test('an interrupted run goes on after the last kept row, and its error file holds each bad row once', async () => {
    const bad = people(1_600).replace('700,p700@', '700,').replace('1500,p1500@c2.example', '1500,');
    const path = file('long.csv', bad);
    let asked = 0;
    const first = await importIt(path, MAP.replace('email: contact.email', 'email: contact.email'), 'history', {
      isStopped: () => {
        asked += 1;
        return asked === 2;
      },
    });
    expect(first.state).toBe('stopped');
    expect(first.counts.rows).toBeLessThan(1_600);
    const rest = await importIt(path, MAP, 'history');
    expect(rest.resumedAtRow).toBe(first.counts.rows);
    expect(rest.counts).toMatchObject({ rows: 1_600, duplicate: 0 });
    expect(rest.counts.accepted + rest.counts.bad).toBe(1_600);
    const rows = readFileSync(join(folder, 'errors.csv'), 'utf8')
      .split('\r\n')
      .slice(1)
      .filter((line) => line !== '');
    expect(rows.length).toBe(rest.counts.bad);
  });

  test('two processes do not import one file at once', async () => {
    const path = file('busy.csv', people(5));
    let second: unknown = null;
    await importIt(
      path,
      MAP,
      'history',
      {},
      {
        submit: async (events) => {
          second ??= await importIt(path, MAP, 'history').catch((error: unknown) => error);
          return node.intake.submit(events);
        },
      },
    );
    expect(second).toMatchObject({ code: 'run-busy' });
  });
});

test('an owner column is written before the row is decided, so that the lead goes to its owner; it replaces nobody', async () => {
  await putInForce(
    database.pool,
    POLICY.replace(
      'route: [',
      'route: [ { id: known, when: { contact.owner: { selling: true } }, to: contact-owner },',
    ),
  );
  const map = MAP.replace('name: contact.name', 'owner: contact.owner');
  const lines = ['id,email,owner,at', '1,a@a.example,Rep 4,2026-01-01', '2,b@b.example,rep4@sales.example,2026-01-01'];
  await importIt(file('owned.csv', [...lines, ''].join('\n')), map, 'as-of-row');
  expect(
    await one(
      `select count(*) as n from handoff h join rep r on r.id = h.owner_id where r.name = 'Rep 4' and h.route_id = 'known'`,
    ),
  ).toEqual({ n: 2 });
  const again = file('owned2.csv', 'id,email,owner,at\n9,a@a.example,Rep 2,2026-02-01\n');
  await importIt(again, map.replace('events: [ Demo Requested ]\n', ''), 'history');
  expect(
    await one(`select r.name from contact c join rep r on r.id = c.owner_id where c.email = 'a@a.example'`),
  ).toEqual({ name: 'Rep 4' });
});

describe('companies and deals', () => {
  const COMPANIES =
    'baton-import: 1\nrows: companies\nsource: Register\ncolumns: { site: company.domain, name: company.name, staff: company.employees }\n';

  test('companies are made or filled in by registrable domain, and a second time tells nothing new', async () => {
    const path = file(
      'companies.csv',
      'site,name,staff\nwww.acme.co.uk,Acme,120\nbeta.example,Beta,"1,500"\n,Nobody,3\n',
    );
    const first = await importIt(path, COMPANIES, 'history');
    expect(first.counts).toMatchObject({ rows: 3, accepted: 2, bad: 1, errors: { 'no-domain': 1 } });
    expect(
      (
        await database.pool.query(
          `select domain, name, facts::json #>> '{company.employees,value}' as staff from company order by domain`,
        )
      ).rows,
    ).toEqual([
      { domain: 'acme.co.uk', name: 'Acme', staff: '120' },
      { domain: 'beta.example', name: 'Beta', staff: '1500' },
    ]);
    expect((await importIt(path, COMPANIES, 'history')).counts).toMatchObject({ accepted: 0, duplicate: 2 });
  });

  test('deals find their contact, win the handoff, and what is odd is kept and flagged', async () => {
    await putInForce(database.pool, POLICY);
    await importIt(
      file(
        'leads.csv',
        'id,email,name,at\n1,a@a.example,A,2026-01-10\n2,b@b.example,B,2026-01-10\n3,c@c.example,C,2026-01-10\n',
      ),
      MAP,
      'as-of-row',
    );
    const path = file(
      'deals.csv',
      'deal,who,won,lost,rep,sum\nd1,A@a.example,2026-01-20,,rep1@sales.example,1000.50\nd2,b@b.example,2026-01-08,,nobody@sales.example,\nd3,nobody@x.example,2026-01-20,,,\nd4,c@c.example,,2026-01-30,,\n',
    );
    const map =
      'baton-import: 1\nrows: deals\nsource: CRM\nkey: deal\ncolumns: { who: contact.email, won: deal.won-at, lost: deal.lost-at, rep: deal.owner, sum: deal.amount }\n';
    const done = await importIt(path, map, 'as-of-row');
    expect(done.counts).toMatchObject({
      rows: 4,
      accepted: 3,
      bad: 1,
      errors: { 'no-such-contact': 1 },
      flags: { 'won-before-lead': 1, 'owner-unknown': 1 },
    });
    const { rows } = await database.pool.query(
      `select d.external_key as key, d.status, d.flags, d.amount_minor as sum, h.status as handoff, c.stage
       from deal d join handoff h on h.id = d.handoff_id join contact c on c.id = h.contact_id order by 1`,
    );
    expect(rows).toEqual([
      { key: 'd1', status: 'won', flags: null, sum: 100_050, handoff: 'won', stage: 'customer' },
      {
        key: 'd2',
        status: 'won',
        flags: 'won-before-lead owner-unknown',
        sum: null,
        handoff: 'won',
        stage: 'customer',
      },
      { key: 'd4', status: 'lost', flags: null, sum: null, handoff: 'lost', stage: 'lead' },
    ]);
    expect((await importIt(path, map, 'as-of-row')).counts).toMatchObject({ accepted: 0, duplicate: 3, bad: 1 });
    expect(await one('select count(*) as n from deal')).toEqual({ n: 3 });
  });

  test('NDJSON with nested objects comes in as CSV does', async () => {
    const path = file(
      'events.ndjson',
      '{"id":1,"user":{"email":"a@a.example"},"name":"Page Seen","at":"2026-01-01T10:00:00Z","tags":["x","y"]}\nnot json\n{"id":2,"user":{"email":"b@b.example"},"name":"Page Seen","at":"2026-01-01T10:00:00Z"}\n',
    );
    const map =
      'baton-import: 1\nrows: events\nsource: Archive\nkey: id\ninstant: at\ncolumns: { user.email: contact.email, name: event.name, tags: event.tags }\n';
    expect((await importIt(path, map, 'history')).counts).toMatchObject({
      rows: 3,
      accepted: 2,
      bad: 1,
      errors: { 'not-json': 1 },
    });
    const tagged = await one(`select properties from event where properties like '%tags%'`);
    expect(JSON.parse(tagged['properties'] as string)).toEqual({ tags: ['x', 'y'] });
  });
});
