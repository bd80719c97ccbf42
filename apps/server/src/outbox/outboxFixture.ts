import { setTimeout as delay } from 'node:timers/promises';
import type { People } from '@baton/domain/assignment/assignment.ts';
import type { Pool } from 'pg';
import { makeSecretBox } from '../access/secretBox.ts';
import { loadPeople } from '../people/loadPeople.ts';
import type { Delivery, DeliveryChannel, Sender, SendResult } from './sender.ts';
import { type Outbox, type OutboxDeps, startOutbox } from './startOutbox.ts';

/** Everything of a delivery that a test does not say. */
export type GivenDelivery = {
  readonly key: string;
  readonly channel?: DeliveryChannel;
  readonly repId?: number;
  readonly place?: string;
  readonly handoffId?: number;
  readonly decisionId?: number;
  readonly about?: string;
  readonly intent?: string;
  readonly toOwner?: boolean;
  /** How long ago it was written. */
  readonly ageMs?: number;
};

/** Writes deliveries as a commit does; due at once. */
export const addDeliveries = async (pool: Pool, given: readonly GivenDelivery[]): Promise<void> => {
  const of = <T>(read: (one: GivenDelivery) => T): T[] => given.map(read);
  await pool.query(
    `insert into delivery (next_at, created_at, key, channel, rep_id, place, handoff_id, decision_id, contact_id, about, intent, to_owner, destination, subject, body)
     select now_ms() - age, now_ms() - age, key, channel, rep_id, place, handoff_id, decision_id, decision_id, about, intent, to_owner,
       channel || ' ' || coalesce('rep:' || rep_id, place), 'Subject of ' || key, 'Body'
     from unnest($1::text[], $2::text[], $3::int8[], $4::text[], $5::int8[], $6::text[], $7::text[], $8::bool[], $9::int8[], $10::int8[])
       as u(key, channel, rep_id, place, handoff_id, about, intent, to_owner, age, decision_id)`,
    [
      of(({ key }) => key),
      of(({ channel }) => channel ?? 'email'),
      of(({ repId }) => repId ?? null),
      of(({ repId, place }) => place ?? (repId === undefined ? 'somewhere' : null)),
      of(({ handoffId }) => handoffId ?? null),
      of(({ about }) => about ?? 'assigned'),
      of(({ intent }) => intent ?? 'standard'),
      of(({ toOwner }) => toOwner ?? false),
      of(({ ageMs }) => ageMs ?? 0),
      of(({ decisionId }) => decisionId ?? null),
    ],
  );
};

/** A sender that notes what it is given and answers as it is told. */
export const fakeSender = (
  channel: DeliveryChannel,
  answer: (delivery: Delivery, signal: AbortSignal) => SendResult | Promise<SendResult> = () => ({
    ok: true,
    detail: 'taken',
  }),
): Sender & { readonly sent: Delivery[] } => {
  const sent: Delivery[] = [];
  return {
    channel,
    sent,
    send: async (delivery, signal) => {
      sent.push(delivery);
      return answer(delivery, signal);
    },
  };
};

/** The key that all tests share, and a box under it. */
export const TEST_KEY = Buffer.alloc(32, 9);
export const testBox = makeSecretBox(() => TEST_KEY);

let serial = 0;

/** An outbox that runs over a test's database; what goes wrong in it fails the test that stops it. */
export const runOutbox = (
  pool: Pool,
  senders: readonly Sender[],
  given: Partial<OutboxDeps> & { readonly edit?: (people: People) => People } = {},
): Outbox => {
  serial += 1;
  const node = `node-${serial}`;
  const errors: unknown[] = [];
  const outbox = startOutbox({
    pool,
    senders,
    asked: async () => new Set(),
    people: async () => (given.edit ?? ((people) => people))(await loadPeople(pool)),
    node: () => node,
    onError: (error) => errors.push(error),
    random: () => 0,
    ...given,
  });
  return {
    wake: outbox.wake,
    stop: async () => {
      await outbox.stop();
      if (errors.length > 0) throw errors[0];
    },
  };
};

/** Waits until `look` answers something. */
export const until = async <T>(look: () => Promise<T | null | undefined | false>, ms = 10_000): Promise<T> => {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await delay(20);
  }
  throw new Error('it did not come about in time');
};
