import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { loadPeople } from './loadPeople.ts';
import { importTerritories, previewTable } from './territories.ts';
import { writeTerritories } from './territoryTable.ts';

let database: TestDatabase;
let node: Node;
beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
  for (let n = 0; n < 6; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

test('a table is previewed, put into force whole, read back, and the one before is still known', async () => {
  const { pool } = database;
  const { rows } = await pool.query<{ email: string; id: number }>('select id, email from rep order by id limit 1');
  const rep = rows[0] as { email: string; id: number };
  const first = 'name,to,contact.email\nfirms,team:inbound,ann@firm0.example|ann@firm1.example\n';
  const preview = await previewTable(pool, first);
  expect(preview).toMatchObject({
    ok: true,
    value: {
      version: 0,
      rows: { before: 0, after: 1 },
      looked: 6,
      all: true,
      moving: 2,
      moves: [{ from: 'no territory', to: 'team inbound', contacts: 2 }],
    },
  });
  // what is beyond the most that are looked at is not passed over in silence
  expect(await previewTable(pool, first, 4)).toMatchObject({ value: { looked: 4, all: false, moving: 0 } });
  expect(await previewTable(pool, first, 6)).toMatchObject({ value: { looked: 6, all: true, moving: 2 } });
  expect((await pool.query('select 1 from territory_import')).rows).toEqual([]);
  const put = await importTerritories(pool, first, { by: 'mia', expects: 0 });
  if (!put.ok) throw new Error(put.error.say);
  expect(await importTerritories(pool, first, { by: 'mia', expects: 0 })).toMatchObject({
    error: { code: 'territories-moved' },
  });
  const known = (await pool.query('select now_ms() as now, pg_sleep(0.01)')).rows[0].now as number;
  await pool.query('select pg_sleep(0.01)');

  const many = Array.from(
    { length: 400 },
    (_, n) => `row ${n},${rep.email},2026-01-01,2099-12-31,ann@firm${n}*,50..5000`,
  );
  const second = `name,to,from,until,contact.email,company.employees\n${many.join('\n')}\nrest,team:inbound,,,,`;
  expect(await importTerritories(pool, second, { by: 'mia' })).toMatchObject({ ok: true, value: { rows: 401 } });
  const now = await loadPeople(pool);
  expect(now.territories?.length).toBe(401);
  expect(now.territories?.[0]).toEqual({
    id: 'row 0',
    when: [
      { path: 'contact.email', op: 'starts-with', values: ['ann@firm0'] },
      { path: 'company.employees', op: 'between', low: 50, high: 5000 },
    ],
    to: { kind: 'rep', repId: rep.id },
    validFrom: Date.parse('2026-01-01T00:00:00Z'),
    validTo: Date.parse('2100-01-01T00:00:00Z'),
  });
  expect((await loadPeople(pool, known)).territories?.length).toBe(1);
  const again = writeTerritories(now.territories ?? [], now);
  expect(await previewTable(pool, again)).toMatchObject({ ok: true, value: { moving: 0, rows: { after: 401 } } });
});

test.each([
  ['name,to\nx,nobody@nowhere.example', 'Line 2: "nobody@nowhere.example" is no rep'],
  ['name,to\nx,team:nowhere', 'there is no team "nowhere"'],
  ['name,to,size\nx,team:inbound,1', '"size" is no column'],
  ['name\nx', 'name and to are needed'],
  ['name,to\nx,team:inbound\nx,team:inbound', 'Line 3: "x" stands twice'],
  ['name,to,from,until\nx,team:inbound,2026-02-01,2026-01-01', 'until is before from'],
  ['name,to,contact.country\nx,team:inbound,DE|A*', 'either all values end with *'],
  ['name,to,company.employees\nx,team:inbound,9..1', 'ends before it begins'],
  ['name,to\n"x,team:inbound', "can't be read as CSV"],
])('refuses %j and says where', async (text, why) => {
  const refused = await importTerritories(database.pool, text, { by: 'mia' });
  expect(refused.ok ? 'read' : `${refused.error.code}: ${refused.error.say}`).toContain(why);
});
