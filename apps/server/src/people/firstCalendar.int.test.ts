import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeFastTrack } from '../handoff/fastTrack.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { changeRep } from './reps.ts';
import { changeTeam } from './teams.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const deciding = () => ({ pool: database.pool, references: node.references, ids: node.ids });
const DAY_MS = 86_400_000;

/** Working hours on the weekday that lies so many days ahead, and on no other. */
const hoursOn = (ahead: number): string => {
  const day = new Date(Date.now() + ahead * DAY_MS);
  return `${day.toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' }).toLowerCase()} 09:00-19:00`;
};

test('a team’s first hours move what began without: of its route, of its members’ own, and what ran on a rep’s hours for want of them', async () => {
  expect(await changeRep(deciding(), '1', { timeZone: 'UTC', hours: hoursOn(2) })).toMatchObject({ ok: true });
  for (let n = 0; n < 5; n += 1) await node.intake.submit([makeDemoRequest(`ann@firm${n}.example`)]);
  const [receipt] = await node.intake.submit([
    makeEvent({ type: 'identify', name: 'identify', identity: { email: 'bo@own.example' } }),
  ]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  const own = { by: { kind: 'rep', id: 2 }, intent: 'high', note: 'met at the fair' } as const;
  expect(await makeFastTrack(node.acts)(receipt.contactId as number, own)).toMatchObject({ kind: 'done' });
  const running = async () =>
    (
      await database.pool.query<{ owner_id: number; team_id: string | null; runs_on: string | null; due_at: number }>(
        `select h.owner_id, h.team_id, c.state::jsonb->'handoff'->'response'->>'on' as runs_on, k.due_at
         from handoff h join contact c on c.id = h.contact_id
         join handoff_clock k on k.handoff_id = h.id and k.kind = 'response' and k.stopped_at is null order by h.team_id, h.id`,
      )
    ).rows;
  const before = await running();
  expect(before.map(({ owner_id, runs_on }) => runs_on === (owner_id === 1 ? 'rep/1' : null))).toEqual(
    Array(6).fill(true),
  );
  expect(before.map(({ team_id }) => team_id)).toEqual([...Array(5).fill('inbound'), null]);

  expect(await changeTeam(deciding(), 'inbound', { timeZone: 'UTC', hours: hoursOn(4) })).toMatchObject({
    value: { decided: 6 },
  });
  const after = await running();
  expect(after.map(({ runs_on }) => runs_on)).toEqual(Array(6).fill('team/inbound'));
  expect(after.every(({ due_at }) => due_at > Date.now() + 3 * DAY_MS)).toBe(true);
  expect(await askOracles(database.pool)).toEqual([]);

  // an edit of hours that nothing runs on any more moves nothing
  expect(await changeRep(deciding(), '1', { hours: hoursOn(3) })).toMatchObject({ value: { decided: 0 } });
});
