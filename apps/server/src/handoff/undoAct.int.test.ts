import type { Actor, Input } from '@baton/domain/handoff/input.ts';
import { clocksOf } from '@baton/domain/handoff/steps/clocks.ts';
import { undoableStateOf } from '@baton/domain/handoff/undoable.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeDice, startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { makeCompleteTask } from './completeTask.ts';
import { makeDeals } from './deals.ts';
import { MIA, makeRandomActs } from './randomActsFixture.ts';
import { readState } from './storedState.ts';
import { makeUndoAct } from './undoAct.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

let people = 0;
const newLead = async (firms = 4): Promise<number> => {
  people += 1;
  const [receipt] = await node.intake.submit([makeDemoRequest(`lead${people}@firm${people % firms}.example`)]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return receipt.contactId as number;
};

const stateOf = async (contactId: number) => {
  const { rows } = await database.pool.query<{ state: string }>('select state from contact where id = $1', [contactId]);
  return readState(rows[0]?.state ?? '{"id":0}');
};

/** What lists and reports read of a contact, beside its state: without the history, which keeps both the act and its undoing. */
const rowsOf = async (contactId: number) => {
  const read = async (sql: string) => (await database.pool.query(sql, [contactId])).rows;
  return {
    handoffs: await read(
      `select id, status, owner_id, queue_id, deal_id, accepted_at, contacted_at, closed_at, closed_reason, attempts, offers,
         breached, due_at from handoff where contact_id = $1 and closed_reason is distinct from 'undone' order by id`,
    ),
    clocks: await read(
      `select handoff_id, kind, owner_id, started_at, due_at from handoff_clock k
       where contact_id = $1 and stopped_at is null order by handoff_id, kind`,
    ),
    tasks: await read(
      `select id, owner_id, type, title from task where contact_id = $1 and closed_at is null order by id`,
    ),
    deals: await read(
      `select d.id, d.status, d.stage_id, d.touched, d.reason, d.closed_at from deal_contact c join deal d on d.id = c.deal_id
       where c.contact_id = $1 order by d.id`,
    ),
    contact: await read('select stage, lead_status, owner_id from contact where id = $1'),
  };
};

const makeActs = (dice: (below: number) => number) => {
  const { pick, rep, repAct } = makeRandomActs(dice);
  const by = (): Actor => pick(MIA, MIA, rep());
  return (): Input =>
    pick<() => Input>(
      () => ({ kind: 'rep-acted', by: by(), act: repAct() }),
      () => ({ kind: 'rep-acted', by: MIA, act: repAct() }),
      () => ({ kind: 'manager-acted', by: MIA, act: { do: 'assign', to: 1 + dice(5) } }),
      () => ({ kind: 'stage-set', by: MIA, stage: pick('lead', 'sql', 'customer'), ownerId: pick(null, 1 + dice(5)) }),
      () => ({ kind: 'withdrawn', by: MIA, cause: pick('unsubscribed', 'by-hand', 'competitor') }),
    )();
};

test('whatever somebody did, taking it back leaves states, rows and ledgers as they were before', async () => {
  const seed = Number(process.env['BATON_TEST_SEED'] ?? Date.now() % 1_000_000);
  const dice = makeDice(seed);
  const makeAct = makeActs(dice);
  const deals = makeDeals(database.pool, node.acts);
  const complete = makeCompleteTask(database.pool, node.acts);
  const undo = makeUndoAct(node.acts);
  const leads: number[] = [];
  for (let n = 0; n < 12; n += 1) leads.push(await newLead());
  let undone = 0;
  for (let n = 0; n < 160; n += 1) {
    if (dice(9) === 0) leads.push(await newLead());
    const contactId = leads[dice(leads.length)] as number;
    const before = undoableStateOf(await stateOf(contactId));
    const rows = await rowsOf(contactId);
    const kind = dice(6);
    const dealId = before.handoff?.dealId ?? null;
    const input = makeAct();
    const message = `BATON_TEST_SEED=${seed} step ${n}: ${JSON.stringify(input)}`;
    const outcome =
      kind === 0
        ? await deals.create({ contactId }, MIA, { name: 'A deal' })
        : kind === 1 && dealId !== null
          ? dice(2) === 0
            ? await deals.move(dealId, MIA, 'contract')
            : await deals.close(dealId, MIA, 'won', null)
          : kind === 2 && rows.tasks.length > 0
            ? await complete(
                rows.tasks[0].id as number,
                MIA,
                dice(2) === 0 ? null : { channel: 'call', outcome: 'connected', note: null },
              )
            : await node.acts.act({ contactId }, input);
    if (outcome.kind !== 'done' || outcome.decision.outcome === 'ignored' || dice(3) === 0) continue;
    // a deal that a colleague of the company brought is theirs: moving it was an act about them
    if (outcome.contactId !== contactId) continue;
    const back = await undo(contactId, outcome.decision.by);
    // what leads its company's group may have been followed by a colleague already: then it is refused, and says so
    if (back.kind === 'refused') {
      expect(back.refusal.code, message).toBe('overtaken');
      continue;
    }
    expect(back.kind, message).toBe('done');
    undone += 1;
    const openedByAct = before.handoff === null && outcome.decision.next.handoff?.id === outcome.decision.id;
    const expected = openedByAct && before.stage === null ? { ...before, stage: 'lead' } : before;
    expect(undoableStateOf(await stateOf(contactId)), message).toEqual(expected);
    if (!openedByAct) expect(await rowsOf(contactId), message).toEqual(rows);
    if (dice(4) === 0) expect(await askOracles(database.pool), message).toEqual([]);
  }
  expect(undone).toBeGreaterThan(15);
  expect(await askOracles(database.pool), `BATON_TEST_SEED=${seed}`).toEqual([]);
  const running = await database.pool.query<{ clock: string }>(
    `select handoff_id || ' ' || kind || ' ' || due_at as clock from handoff_clock where stopped_at is null`,
  );
  const states = await Promise.all(leads.map(stateOf));
  const byState = states.flatMap(({ handoff }) =>
    handoff === null
      ? []
      : Object.entries(clocksOf(handoff)).map(([kind, clock]) => `${handoff.id} ${kind} ${clock.dueAt}`),
  );
  expect(running.rows.map((row) => row.clock).sort(), `BATON_TEST_SEED=${seed}`).toEqual([...new Set(byState)].sort());
});

test('a notice of an act waits as long as the act can be undone, and goes with it', async () => {
  const contactId = await newLead(1_000);
  const at = Date.now();
  const { handoff } = await stateOf(contactId);
  const to = handoff?.status === 'offered' && handoff.ownerId === 1 ? 2 : 1;
  const done = await node.acts.act({ contactId }, { kind: 'manager-acted', by: MIA, act: { do: 'assign', to } });
  if (done.kind !== 'done') throw new Error(JSON.stringify(done));
  const notices = () =>
    database.pool.query<{ at: number }>('select at from notification where decision_id = $1', [done.decision.id]);
  expect((await notices()).rows.every((row) => row.at >= at + 10_000)).toBe(true);
  expect((await notices()).rowCount).toBe(1);
  await makeUndoAct(node.acts)(contactId, MIA);
  expect((await notices()).rowCount).toBe(0);
});

test('of two people at once who complete one task, one wins and the other learns who did', async () => {
  const contactId = await newLead(1_000);
  const { handoff } = await stateOf(contactId);
  const ownerId = handoff?.status === 'offered' ? handoff.ownerId : 0;
  await node.acts.act({ contactId }, { kind: 'rep-acted', by: { kind: 'rep', id: ownerId }, act: { do: 'accept' } });
  const { tasks } = await rowsOf(contactId);
  const complete = makeCompleteTask(database.pool, node.acts);
  const both = await Promise.all([
    complete(tasks[0].id as number, { kind: 'rep', id: ownerId }, null),
    complete(tasks[0].id as number, { kind: 'rep', id: ownerId }, null),
  ]);
  expect(both.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
  expect(both.find(({ kind }) => kind === 'refused')).toMatchObject({
    refusal: { code: 'task-closed', by: ownerId, say: expect.stringContaining(`Rep ${ownerId}`) },
  });
});
