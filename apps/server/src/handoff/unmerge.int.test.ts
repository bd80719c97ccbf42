import { checkState } from '@baton/domain/handoff/checkState.ts';
import type { Actor, Input } from '@baton/domain/handoff/input.ts';
import { undoableStateOf } from '@baton/domain/handoff/undoable.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeDice, startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { eventsOf } from '../leaks/storedEvents.ts';
import { readState } from './storedState.ts';
import { makeUnmerge } from './unmerge.ts';

const MIA: Actor = { kind: 'person', name: 'Mia', team: 'sales' };
const DAY_MS = 86_400_000;

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
const unmerge = (contactId: number) => makeUnmerge(deciding(), eventsOf)(contactId, MIA);
let serial = 0;
const person = async (isLead: boolean) => {
  serial += 1;
  const email = `person${serial}@firm${serial}.example`;
  const claims = [{ path: 'contact.title', value: `title of ${serial}` }];
  const [receipt] = await node.intake.submit([
    isLead
      ? makeDemoRequest(email, { claims })
      : makeEvent({ type: 'identify', name: 'identify', identity: { email }, claims }),
  ]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return { email, id: receipt.contactId as number };
};
const stateOf = async (id: number) => {
  const { rows } = await database.pool.query<{ state: string }>('select state from contact where id = $1', [id]);
  return readState(rows[0]?.state ?? '{"id":0}');
};
const contactOf = async (email: string) =>
  (
    await database.pool.query<{ id: number }>(
      `select contact_id as id from identity_key where kind = 'email' and value = $1`,
      [email],
    )
  ).rows[0]?.id;
const open = async (id: number) =>
  (
    await database.pool.query<{ id: number; status: string; clocks: number; tasks: number }>(
      `select h.id, h.status,
         (select count(*) from handoff_clock k where k.handoff_id = h.id and k.contact_id = h.contact_id and k.stopped_at is null) as clocks,
         (select count(*) from task t where t.handoff_id = h.id and t.contact_id = h.contact_id and t.closed_at is null) as tasks
       from handoff h where h.contact_id = $1 and h.closed_at is null`,
      [id],
    )
  ).rows;

test('two leads that were one by mistake are two again, each with its handoff, clocks, task, keys and facts', async () => {
  const [ada, bo] = [await person(true), await person(true)];
  const owner = (await stateOf(bo.id)).handoff;
  const repId = owner?.status === 'offered' ? owner.ownerId : 0;
  await node.acts.act(
    { contactId: bo.id },
    { kind: 'rep-acted', by: { kind: 'rep', id: repId }, act: { do: 'accept' } },
  );
  const before = [await stateOf(ada.id), await stateOf(bo.id)];
  const rows = [await open(ada.id), await open(bo.id)];
  expect(await unmerge(bo.id)).toMatchObject({ kind: 'refused', refusal: { code: 'not-merged' } });

  await node.acts.merge(ada.id, bo.id, MIA);
  expect((await open(ada.id)).length + (await open(bo.id)).length).toBe(1);
  expect(await contactOf(bo.email)).toBe(ada.id);
  const undone = await unmerge(bo.id);
  expect(undone).toMatchObject({ kind: 'unmerged', contactId: bo.id, survivorId: ada.id, notes: [] });

  const after = [await stateOf(ada.id), await stateOf(bo.id)];
  expect(after.map(undoableStateOf)).toEqual(before.map(undoableStateOf));
  expect(after.map(({ facts, signals, touches }) => ({ facts, signals, touches }))).toEqual(
    before.map(({ facts, signals, touches }) => ({ facts, signals, touches })),
  );
  expect([await open(ada.id), await open(bo.id)]).toEqual(rows);
  expect([await contactOf(ada.email), await contactOf(bo.email)]).toEqual([ada.id, bo.id]);
  const kept = await database.pool.query('select by from contact_redirect_undone where contact_id = $1', [bo.id]);
  expect(kept.rows).toEqual([{ by: 'person:Mia' }]);
  expect(await askOracles(database.pool)).toEqual([]);
  expect(await unmerge(bo.id)).toMatchObject({ kind: 'refused' });
  // and once more, the other way round
  await node.acts.merge(bo.id, ada.id, MIA);
  expect(await unmerge(ada.id)).toMatchObject({ kind: 'unmerged' });
  expect([await stateOf(ada.id), await stateOf(bo.id)].map(undoableStateOf)).toEqual(before.map(undoableStateOf));
  expect(await askOracles(database.pool)).toEqual([]);
});

test('what was done with the handoff since goes with it to whose it was; what came since stays with the survivor', async () => {
  const [plain, lead] = [await person(false), await person(true)];
  const { handoff } = await stateOf(lead.id);
  await node.acts.merge(plain.id, lead.id, MIA);
  const repId = handoff?.status === 'offered' ? handoff.ownerId : 0;
  const call = { do: 'log-contact', channel: 'call', outcome: 'connected', note: null, at: Date.now() } as const;
  await node.acts.act({ contactId: plain.id }, { kind: 'rep-acted', by: { kind: 'rep', id: repId }, act: call });
  await node.intake.submit([makeEvent({ type: 'page', name: 'page', identity: { email: lead.email } })]);
  const undone = await unmerge(lead.id);
  expect(undone).toMatchObject({
    handoffId: handoff?.id,
    survivorHandoffId: null,
    notes: ['1 events since the merge stay with the surviving contact'],
  });
  expect(await stateOf(lead.id)).toMatchObject({
    stage: 'sql',
    leadStatus: 'connected',
    handoff: { status: 'working' },
  });
  expect(await stateOf(plain.id)).toMatchObject({ stage: null, leadStatus: null, handoff: null, ownerId: null });
  expect(await open(lead.id)).toMatchObject([{ id: handoff?.id, status: 'working', clocks: 2 }]);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('who had been merged into the one that leaves goes along', async () => {
  const [far, near, other] = [await person(false), await person(false), await person(false)];
  await node.acts.merge(near.id, far.id, MIA);
  await node.acts.merge(other.id, near.id, MIA);
  expect(await contactOf(far.email)).toBe(other.id);
  await unmerge(near.id);
  expect([await contactOf(far.email), await contactOf(near.email), await contactOf(other.email)]).toEqual([
    near.id,
    near.id,
    other.id,
  ]);
  await unmerge(far.id);
  expect(await contactOf(far.email)).toBe(far.id);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('a handoff whose owner is gone meanwhile finds another', async () => {
  const [ada, bo] = [await person(true), await person(true)];
  const { handoff } = await stateOf(bo.id);
  await node.acts.merge(ada.id, bo.id, MIA);
  const gone = handoff?.status === 'offered' ? handoff.ownerId : 0;
  const kept = (await stateOf(ada.id)).handoff;
  if (kept?.status === 'offered' && kept.ownerId !== gone) {
    await database.pool.query('update rep set active = false where id = $1', [gone]);
    const undone = await unmerge(bo.id);
    expect(undone).toMatchObject({ handoffId: handoff?.id });
    const now = (await stateOf(bo.id)).handoff;
    expect(now?.status === 'offered' && now.ownerId).not.toBe(gone);
    await database.pool.query('update rep set active = true where id = $1', [gone]);
  }
  expect(await askOracles(database.pool)).toEqual([]);
});

test('whatever was done before and since, undoing a merge leaves every promise kept', async () => {
  const seed = Number(process.env['BATON_TEST_SEED'] ?? Date.now() % 1_000_000);
  const message = `BATON_TEST_SEED=${seed}`;
  const dice = makeDice(seed);
  const pick = <T>(...of: readonly T[]): T => of[dice(of.length)] as T;
  const doSomething = async (contactId: number): Promise<void> => {
    const act = pick<() => Input>(
      () => ({ kind: 'rep-acted', by: MIA, act: { do: 'accept' } }),
      () => ({
        kind: 'rep-acted',
        by: MIA,
        act: { do: 'log-contact', channel: 'call', outcome: 'connected', note: null, at: Date.now() },
      }),
      () => ({ kind: 'rep-acted', by: MIA, act: { do: 'reject', reason: 'no-intent', detail: null } }),
      () => ({ kind: 'rep-acted', by: MIA, act: { do: 'park', until: Date.now() + DAY_MS, note: null } }),
      () => ({ kind: 'manager-acted', by: MIA, act: { do: 'assign', to: 1 + dice(5) } }),
      () => ({ kind: 'stage-set', by: MIA, stage: pick('lead', 'sql'), ownerId: 1 + dice(5) }),
    )();
    await node.acts.act({ contactId }, act);
  };
  for (let n = 0; n < 25; n += 1) {
    const [one, other] = [await person(dice(3) > 0), await person(dice(3) > 0)];
    for (let times = dice(3); times > 0; times -= 1) await doSomething(pick(one.id, other.id));
    const before = [undoableStateOf(await stateOf(one.id)), undoableStateOf(await stateOf(other.id))];
    const rows = [await open(one.id), await open(other.id)];
    await node.acts.merge(one.id, other.id, MIA);
    const since = dice(2);
    if (since === 1) {
      await doSomething(one.id);
      if (dice(3) === 0) await node.intake.submit([makeDemoRequest(pick(one.email, other.email))]);
    }
    expect((await unmerge(other.id)).kind, message).toBe('unmerged');
    const after = [await stateOf(one.id), await stateOf(other.id)];
    expect(after.flatMap(checkState), message).toEqual([]);
    if (since === 0) {
      expect(after.map(undoableStateOf), `${message} pair ${n}`).toEqual(before);
      expect([await open(one.id), await open(other.id)], `${message} pair ${n}`).toEqual(rows);
    }
  }
  await reevaluateDue(deciding());
  expect(await askOracles(database.pool), message).toEqual([]);
});
