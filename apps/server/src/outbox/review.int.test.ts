import { absenceAt } from '@baton/domain/assignment/availability.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { fakeSender, runOutbox, until } from './outboxFixture.ts';
import { whoHears } from './review.ts';
import type { Outbox } from './startOutbox.ts';

let database: TestDatabase;
let node: Node;
let serial = 0;
const running: Outbox[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy().replace('via: in-app', 'via: [in-app, email]')));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});
afterEach(async () => {
  for (const outbox of running.splice(0)) await outbox.stop();
  expect(await askOracles(database.pool)).toEqual([]);
});

type Handoff = { readonly id: number; readonly owner_id: number };
const handOff = async (): Promise<Handoff> => {
  serial += 1;
  const [receipt] = await node.intake.submit([makeDemoRequest(`p${serial}@f${serial}.example`)]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  const { rows } = await database.pool.query<Handoff>('select id, owner_id from handoff where contact_id = $1', [
    receipt.contactId,
  ]);
  return rows[0] as Handoff;
};
const deliveriesOf = async (handoffId: number) =>
  (
    await database.pool.query<{
      key: string;
      state: string;
      closed_reason: string | null;
      rep_id: number;
      destination: string;
      intent: string;
      to_owner: boolean;
      wait: number;
    }>(
      `select key, state, closed_reason, rep_id, destination, intent, to_owner, next_at - created_at as wait from delivery
       where handoff_id = $1 order by id`,
      [handoffId],
    )
  ).rows;
const act = (handoff: Handoff, input: Parameters<Node['acts']['act']>[1]) =>
  node.acts.act({ handoffId: handoff.id }, input);
const settled = (handoffId: number) =>
  until(async () => (await deliveriesOf(handoffId)).every(({ state }) => state !== 'pending') || null);
const send = () => {
  const email = fakeSender('email');
  running.push(runOutbox(database.pool, [email]));
  return email;
};

describe('what a decision has told outside', () => {
  test('is written with it: one delivery for each channel, at once', async () => {
    const handoff = await handOff();
    expect(await deliveriesOf(handoff.id)).toEqual([
      {
        key: `${handoff.id}:0:email`,
        state: 'pending',
        closed_reason: null,
        rep_id: handoff.owner_id,
        destination: `email rep:${handoff.owner_id}`,
        intent: 'high',
        to_owner: true,
        wait: 0,
      },
    ]);
    const email = send();
    await settled(handoff.id);
    expect(email.sent.map(({ key }) => key)).toEqual([`${handoff.id}:0:email`]);
  });

  test('does not leave when somebody else has the handoff by then; that one is told', async () => {
    const handoff = await handOff();
    await act(handoff, {
      kind: 'rep-acted',
      by: { kind: 'rep', id: handoff.owner_id },
      act: { do: 'hand-back', reason: 'wrong-owner' },
    });
    await database.pool.query('update delivery set next_at = 0 where state = $1', ['pending']);
    const email = send();
    await settled(handoff.id);
    const [first, second] = await deliveriesOf(handoff.id);
    expect([first?.state, first?.closed_reason]).toEqual(['superseded', 'somebody else has the handoff by now']);
    expect([second?.state, second?.rep_id === handoff.owner_id]).toEqual(['sent', false]);
    expect(email.sent.map(({ repId }) => repId)).toEqual([second?.rep_id]);
  });

  test('does not leave when it was accepted by then', async () => {
    const handoff = await handOff();
    await act(handoff, { kind: 'rep-acted', by: { kind: 'rep', id: handoff.owner_id }, act: { do: 'accept' } });
    const email = send();
    await settled(handoff.id);
    expect((await deliveriesOf(handoff.id))[0]).toMatchObject({
      state: 'superseded',
      closed_reason: 'it was accepted already',
    });
    expect(email.sent).toEqual([]);
  });

  test('waits ten seconds where a person can still take the act back', async () => {
    const handoff = await handOff();
    const other = handoff.owner_id === 1 ? 2 : 1;
    await act(handoff, {
      kind: 'manager-acted',
      by: { kind: 'person', name: 'Mia', team: 'sales' },
      act: { do: 'assign', to: other },
    });
    const told = (await deliveriesOf(handoff.id)).filter(({ rep_id }) => rep_id === other);
    expect(told.map(({ wait }) => wait)).toEqual([10_000]);
  });
});

describe('who hears of it', () => {
  const rep = (id: number, more: object) => [id, { id, active: true, selling: true, ...more }] as const;
  const closed = { kind: 'intervals', open: [{ from: 100, to: 200 }], days: [] } as const;
  const away = { absences: [{ from: 0, to: null, why: 'away' }] };
  const people = (...reps: readonly (readonly [number, object])[]) => ({ reps: new Map(reps) }) as never;

  test('the rep while they are there, the cover while they are not, and never nobody', () => {
    expect(absenceAt({ absences: [{ from: 0, to: null, why: 'away' }] }, 50)).not.toBeNull();
    expect(whoHears(people(rep(1, { calendar: closed, coverId: 2 }), rep(2, {})), 1, 150)).toBe(1);
    expect(whoHears(people(rep(1, { calendar: closed, coverId: 2 }), rep(2, {})), 1, 50)).toBe(2);
    expect(whoHears(people(rep(1, { ...away, coverId: 2 }), rep(2, {})), 1, 150)).toBe(2);
    expect(whoHears(people(rep(1, { ...away, coverId: 2 }), rep(2, { calendar: closed })), 1, 50)).toBe(1);
    expect(whoHears(people(rep(1, away)), 1, 150)).toBe(1);
    expect(whoHears(people(rep(1, { ...away, coverId: 2 }), rep(2, { ...away, coverId: 3 }), rep(3, {})), 1, 5)).toBe(
      3,
    );
  });
});
