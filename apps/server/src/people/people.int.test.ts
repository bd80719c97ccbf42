import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { decidingOn } from './decidingFixture.ts';
import { listReps } from './listReps.ts';
import { loadPeople } from './loadPeople.ts';
import { addRep, changeRep, findRep } from './reps.ts';
import { ensureTeam, listTeams, removeMember, setMember } from './teams.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

test('a team as it was is still known after members left, changed weight or were switched off', async () => {
  const { pool } = database;
  const ada = await addRep(pool, { name: 'Ada', email: 'ada@sales.example', caps: { perDay: 5 } });
  const bo = await addRep(pool, { name: 'Bo', email: 'bo@sales.example' });
  if (!ada.ok || !bo.ok) throw new Error('expected reps');
  expect((await ensureTeam(pool, 'inbound', 'Inbound')).ok).toBe(true);
  expect((await setMember(pool, 'inbound', 'ada@sales.example', 100)).ok).toBe(true);
  expect((await setMember(pool, 'inbound', 'Bo', 50)).ok).toBe(true);
  const { rows } = await pool.query('select now_ms() as now, pg_sleep(0.01)');
  const before = rows[0].now as number;
  await pool.query('select pg_sleep(0.01)');

  await setMember(pool, 'inbound', 'ada@sales.example', 25);
  await removeMember(pool, 'inbound', 'bo@sales.example');
  expect(await changeRep(decidingOn(pool), 'BO@sales.example', { active: false })).toMatchObject({ ok: true });

  const now = await loadPeople(pool);
  expect(now.teams.get('inbound')?.members).toEqual([{ repId: ada.value, weight: 25 }]);
  expect(now.reps.get(bo.value)?.active).toBe(false);
  const then = await loadPeople(pool, before);
  expect(then.teams.get('inbound')?.members).toEqual([
    { repId: ada.value, weight: 100 },
    { repId: bo.value, weight: 50 },
  ]);
  expect(then.reps.get(bo.value)?.active).toBe(true);
  expect(then.reps.get(ada.value)?.caps).toEqual({ perDay: 5 });
});

test('what can not be is refused with a code', async () => {
  const { pool } = database;
  expect(await addRep(pool, { name: 'Ada', email: 'ADA@sales.example' })).toMatchObject({
    error: { code: 'rep-email-taken' },
  });
  expect(await addRep(pool, { name: 'X', email: 'no address' })).toMatchObject({
    error: { code: 'rep-email-invalid' },
  });
  expect(await ensureTeam(pool, 'In Bound', null)).toMatchObject({ error: { code: 'team-id-invalid' } });
  expect(await setMember(pool, 'nowhere', 'Ada', 100)).toMatchObject({ error: { code: 'team-unknown' } });
  expect(await setMember(pool, 'inbound', 'nobody', 100)).toMatchObject({ error: { code: 'rep-unknown' } });
  expect(await findRep(pool, "'; drop table rep; --")).toBe(null);
  expect((await listReps(pool)).map((rep) => rep.name)).toEqual(['Ada', 'Bo']);
  expect((await listTeams(pool)).map((team) => team.members.length)).toEqual([1]);
});
