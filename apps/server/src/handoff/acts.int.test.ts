import { checkState } from '@baton/domain/handoff/checkState.ts';
import type { ClockKind } from '@baton/domain/handoff/decision.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import { clocksOf } from '@baton/domain/handoff/steps/clocks.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { makeDice, startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, makeEvent, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { reevaluateDue } from '../intake/reevaluate.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { MIA, makeRandomActs } from './randomActsFixture.ts';
import { readState } from './storedState.ts';

const ACTS = 400;
const COMPANIES = 6;
const PEOPLE = 18;

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});

afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

const emailOf = (person: number): string => `person${person}@firm${person % COMPANIES}.example`;

/** What may happen next, as the dice fall: an event, or an act that may well be refused. */
const makeHappening = (dice: (below: number) => number) => {
  const { pick, rep, repAct } = makeRandomActs(dice);
  return (): Input =>
    pick<() => Input>(
      () => ({ kind: 'rep-acted', by: pick(MIA, rep()), act: repAct() }),
      () => ({ kind: 'rep-acted', by: pick(MIA, rep()), act: repAct() }),
      () => ({ kind: 'rep-acted', by: MIA, act: repAct() }),
      () => ({ kind: 'manager-acted', by: MIA, act: { do: 'assign', to: 1 + dice(5) } }),
      () => ({ kind: 'fast-tracked', by: rep(), intent: 'high', note: 'met at the fair' }),
      () => ({
        kind: 'stage-set',
        by: MIA,
        stage: pick('lead', 'mql', 'sql', 'customer'),
        ownerId: pick(null, 1 + dice(5)),
      }),
      () => ({ kind: 'withdrawn', by: MIA, cause: pick('unsubscribed', 'by-hand') }),
      () => ({ kind: 'timer-fired', timer: pick('return', 'reevaluate', 'response') }),
    )();
};

const contactOf = async (person: number): Promise<number> => {
  const { rows } = await database.pool.query<{ contact_id: number }>(
    `select coalesce(r.survivor_id, k.contact_id) as contact_id from identity_key k
     left join contact_redirect r on r.contact_id = k.contact_id where k.kind = 'email' and k.value = $1`,
    [emailOf(person)],
  );
  return rows[0]?.contact_id as number;
};

const loadStates = async (): Promise<readonly ContactState[]> => {
  const { rows } = await database.pool.query<{ state: string }>(
    `select c.state from contact c where not exists (select from contact_redirect r where r.contact_id = c.id)`,
  );
  return rows.map((row) => readState(row.state));
};

/** Every clock that runs, as the states tell it and as the rows do: `handoff kind due`. */
const runningByState = (states: readonly ContactState[]): readonly string[] =>
  states
    .flatMap(({ handoff }) =>
      handoff === null
        ? []
        : (Object.entries(clocksOf(handoff)) as [ClockKind, { dueAt: number }][]).map(
            ([kind, { dueAt }]) => `${handoff.id} ${kind} ${dueAt}`,
          ),
    )
    .sort();

test('whatever people do, in any order, the rows say what the states say and every promise is kept', async () => {
  const seed = Number(process.env.BATON_TEST_SEED ?? Date.now() % 1_000_000);
  const dice = makeDice(seed);
  const happening = makeHappening(dice);
  const known: number[] = [];
  let done = 0;
  for (let n = 0; n < ACTS; n += 1) {
    const person = dice(PEOPLE);
    if (dice(4) === 0 || !known.includes(person)) {
      const ask = { identity: { email: emailOf(person), anonymousId: `browser${person}` } };
      const [receipt] = await node.intake.submit([
        dice(3) === 0 ? makeEvent({ type: 'page', name: 'page', ...ask }) : makeDemoRequest(emailOf(person), ask),
      ]);
      expect(receipt).toMatchObject({ outcome: 'accepted' });
      if (!known.includes(person)) known.push(person);
      continue;
    }
    const contactId = await contactOf(person);
    if (dice(25) === 0) {
      // Somebody who turns out to be the same person, now of the same company, now of another.
      const other = known.find((one) => one !== person && (dice(2) === 0 || one % COMPANIES === person % COMPANIES));
      if (other === undefined) continue;
      const merged = await node.acts.merge(contactId, await contactOf(other), MIA);
      expect(['done', 'refused']).toContain(merged.kind);
      continue;
    }
    const outcome = await node.acts.act({ contactId }, happening());
    expect(outcome.kind).not.toBe('not-found');
    if (outcome.kind === 'done') done += 1;
    if (dice(5) === 0) await reevaluateDue({ pool: database.pool, references: node.references, ids: node.ids });
  }
  await reevaluateDue({ pool: database.pool, references: node.references, ids: node.ids });
  const states = await loadStates();
  const message = `BATON_TEST_SEED=${seed}`;
  expect(done, message).toBeGreaterThan(ACTS / 8);
  expect(states.flatMap(checkState), message).toEqual([]);
  const clocks = await database.pool.query<{ clock: string }>(
    `select handoff_id || ' ' || kind || ' ' || due_at as clock from handoff_clock where stopped_at is null`,
  );
  expect(clocks.rows.map((row) => row.clock).sort(), message).toEqual(runningByState(states));
  const open = await database.pool.query<{ handoff: string }>(
    `select id || ' ' || status || ' ' || coalesce(owner_id::text, queue_id) as handoff from handoff where closed_at is null`,
  );
  const openByState = states.flatMap(({ handoff }) =>
    handoff === null
      ? []
      : [`${handoff.id} ${handoff.status} ${handoff.status === 'queued' ? handoff.queueId : handoff.ownerId}`],
  );
  expect(open.rows.map((row) => row.handoff).sort(), message).toEqual(openByState.sort());
  expect(await askOracles(database.pool), message).toEqual([]);
});
