import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { listHandoffs } from '../records/handoffs/listHandoffs.ts';
import { readHandoff } from '../records/handoffs/readHandoff.ts';
import { addTimeOff, listAbsences, markAway, markBack, removeTimeOff } from './absences.ts';
import { decidingOn } from './decidingFixture.ts';
import { loadPeople } from './loadPeople.ts';
import { changeRep } from './reps.ts';
import { wakeAvailability } from './wakeAvailability.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
  for (let n = 0; n < 20; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const deciding = () => ({ pool: database.pool, references: node.references, ids: node.ids });
const heldBy = async (repId: number): Promise<number> => {
  const { rows } = await database.pool.query(
    'select count(*)::int as n from handoff where owner_id = $1 and closed_at is null',
    [repId],
  );
  return rows[0].n;
};
const repsInOrder = async () =>
  (
    await database.pool.query<{ id: number; email: string }>(
      'select id, email from rep join team_member on rep_id = id where active order by id',
    )
  ).rows;
const nowOf = async (): Promise<number> => (await database.pool.query('select now_ms() as now')).rows[0].now;

test('who is away keeps, or hands to their cover, or gives out anew; nothing new comes until they are back', async () => {
  const [ada, bo, cy] = (await repsInOrder()) as [
    { id: number; email: string },
    { id: number; email: string },
    { id: number; email: string },
  ];
  expect(await changeRep(deciding(), bo.email, { cover: cy.email })).toMatchObject({ ok: true });

  const kept = await heldBy(ada.id);
  expect(kept).toBeGreaterThan(1);
  expect(await markAway(deciding(), ada.email, { handoffs: 'keep' })).toEqual({
    ok: true,
    value: { value: ada.id, decided: 0 },
  });
  expect(await heldBy(ada.id)).toBe(kept);

  const [ofBo, ofCy] = [await heldBy(bo.id), await heldBy(cy.id)];
  expect(await markAway(deciding(), bo.email, { handoffs: 'cover' })).toEqual({
    ok: true,
    value: { value: bo.id, decided: ofBo },
  });
  expect([await heldBy(bo.id), await heldBy(cy.id)]).toEqual([0, ofBo + ofCy]);
  const nameOf = ({ email }: { readonly email: string }): Promise<string> =>
    database.pool.query('select name from rep where email = $1', [email]).then(({ rows }) => rows[0].name);
  const { rows: covered } = await listHandoffs(database.pool, { view: 'all', repId: cy.id, limit: 50 });
  const why = `${await nameOf(cy)} covers for ${await nameOf(bo)}, who is away`;
  expect(covered.filter(({ whyOwner }) => whyOwner === why)).toHaveLength(ofBo);
  const shown = await readHandoff(database.pool, covered.find(({ whyOwner }) => whyOwner === why)?.id ?? 0);
  expect(shown?.assignment).toMatchObject({ how: 'cover', say: why });

  for (let n = 30; n < 40; n += 1) await node.intake.submit([makeDemoRequest(`bo@firm${n}.example`)]);
  expect([await heldBy(ada.id), await heldBy(bo.id)]).toEqual([kept, 0]);

  const before = await heldBy(cy.id);
  const anew = await markAway(deciding(), cy.email, { handoffs: 'reroute', until: (await nowOf()) + 3_600_000 });
  expect(anew).toEqual({ ok: true, value: { value: cy.id, decided: before } });
  expect(await heldBy(cy.id)).toBe(0);

  expect(await markBack(deciding(), ada.email)).toMatchObject({ ok: true });
  expect(await markBack(deciding(), ada.email)).toMatchObject({ error: { code: 'not-away' } });
  expect(await markBack(deciding(), bo.email)).toMatchObject({ ok: true });
  expect(await markBack(deciding(), cy.email)).toMatchObject({ ok: true });
  for (let n = 50; n < 60; n += 1) await node.intake.submit([makeDemoRequest(`cy@firm${n}.example`)]);
  expect(await heldBy(bo.id)).toBeGreaterThan(0);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('what was known of an absence stays known: then, now, and after it was taken back', async () => {
  const [ada] = (await repsInOrder()) as [{ id: number; email: string }];
  const now = await nowOf();
  const off = { from: now + 86_400_000, to: now + 2 * 86_400_000 };
  const added = await addTimeOff(deciding(), ada.email, { ...off, note: 'sea' });
  if (!added.ok) throw new Error(added.error.say);
  await database.pool.query('select pg_sleep(0.01)');
  const known = await nowOf();
  await database.pool.query('select pg_sleep(0.01)');
  expect(await listAbsences(database.pool, ada.id)).toMatchObject([{ id: added.value, why: 'time-off', note: 'sea' }]);
  expect((await loadPeople(database.pool)).reps.get(ada.id)?.absences).toContainEqual({ ...off, why: 'time-off' });
  expect(await removeTimeOff(deciding(), ada.email, added.value)).toMatchObject({ ok: true });
  expect(await removeTimeOff(deciding(), ada.email, added.value)).toMatchObject({
    error: { code: 'time-off-unknown' },
  });
  expect((await loadPeople(database.pool)).reps.get(ada.id)?.absences ?? []).not.toContainEqual({
    ...off,
    why: 'time-off',
  });
  expect((await loadPeople(database.pool, known)).reps.get(ada.id)?.absences).toContainEqual({
    ...off,
    why: 'time-off',
  });
  expect(await addTimeOff(deciding(), ada.email, { from: 86_400_000, to: 2 * 86_400_000 })).toMatchObject({
    ok: false,
    error: { say: expect.stringContaining('over already') },
  });
  expect(await addTimeOff(deciding(), ada.email, { from: off.to, to: off.from })).toMatchObject({
    error: { code: 'time-off-invalid' },
  });
});

test('time off that begins is acted on by one of two nodes, once', async () => {
  const reps = await repsInOrder();
  const ada = reps.at(-1) as { id: number; email: string };
  const cover = reps.at(0) as { id: number; email: string };
  expect(await changeRep(deciding(), ada.email, { cover: cover.email })).toMatchObject({ ok: true });
  const held = await heldBy(ada.id);
  expect(held).toBeGreaterThan(0);
  const now = await nowOf();
  expect(await addTimeOff(deciding(), ada.email, { from: now, to: now + 60 * 86_400_000 })).toMatchObject({ ok: true });
  const woken = await Promise.all([wakeAvailability(database.pool), wakeAvailability(database.pool)]);
  expect(woken[0] + woken[1]).toBe(1);
  await Promise.all([reevaluateDue(deciding()), reevaluateDue(decidingOn(database.pool))]);
  expect(await heldBy(ada.id)).toBe(0);
  const told = await database.pool.query(
    `select handoff_id, count(*)::int as n from timeline where kind = 'rerouted' and at >= $1 group by 1 having count(*) > 1`,
    [now],
  );
  expect(told.rows).toEqual([]);
  expect(await askOracles(database.pool)).toEqual([]);
});
