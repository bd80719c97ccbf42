/**
 * Makes an event count once: its (source, message id) is inserted under a primary key in the same transaction. Without a
 * repetition in sight the ids are copied in, which costs half of an insert that looks for conflicts; the copy fails as a
 * whole when one id is known, and the group then takes the looking way. Ids are written in one order, so that two groups
 * with the same ids wait for each other and never for ever.
 */
import { textArray } from '../database/binary/binaryArray.ts';
import type { Pipeline } from '../database/binary/pipeline.ts';
import type { IntakeRows } from './intakeRows.ts';
import type { StagedEvent } from './stagedEvent.ts';

/** What is known of each event of a group, in its order: it counts, or why not. */
export type Freshness = 'fresh' | 'duplicate' | 'payload-differs';

const UNIQUE_VIOLATION = '23505';

const idOf = (event: StagedEvent): string | null =>
  event.incoming.messageKey === null ? null : `${event.incoming.sourceId} ${event.incoming.messageKey}`;

const samePayload = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Compares the events of the group with each other: the first of an id counts. */
export function freshWithin(events: readonly StagedEvent[]): Freshness[] {
  const first = new Map<string, StagedEvent>();
  return events.map((event) => {
    const id = idOf(event);
    if (id === null) return 'fresh';
    const known = first.get(id);
    if (known === undefined) {
      first.set(id, event);
      return 'fresh';
    }
    return samePayload(known.incoming.payloadHash, event.incoming.payloadHash) ? 'duplicate' : 'payload-differs';
  });
}

/** The fresh events that have an id, in the order in which all groups write them. */
function inWriteOrder(
  events: readonly StagedEvent[],
  freshness: readonly Freshness[],
): { id: string; index: number }[] {
  const list: { id: string; index: number }[] = [];
  for (let index = 0; index < events.length; index += 1) {
    const id = freshness[index] === 'fresh' ? idOf(events[index] as StagedEvent) : null;
    if (id !== null) list.push({ id, index });
  }
  return list.sort((one, other) => (one.id < other.id ? -1 : 1));
}

const BEGIN = { name: 'begin', text: 'begin' };

/**
 * Adds to the pipeline: begin the transaction and write the ids by copy. It fails, `isKnown` says so, if one of them is
 * known; the transaction is to be rolled back then.
 */
export function addBeginWithCopy(
  pipeline: Pipeline,
  rows: IntakeRows,
  events: readonly StagedEvent[],
  freshness: readonly Freshness[],
): void {
  rows.seen.clear();
  for (const { index } of inWriteOrder(events, freshness)) {
    const { sourceId, messageKey, payloadHash } = (events[index] as StagedEvent).incoming;
    rows.seen.add([sourceId, messageKey, payloadHash]);
  }
  pipeline.add(BEGIN);
  pipeline.copy(rows.seen);
  rows.seen.clear();
}

/** Whether a pipeline failed because an id was known. */
export const isKnown = (error: unknown): boolean => (error as { code?: string }).code === UNIQUE_VIOLATION;

const INSERT = {
  name: 'insert-seen',
  text: `insert into message_seen (source_id, message_key, payload_hash)
    select source_id::int, message_key, decode(payload_hash, 'hex')
    from unnest($1::text[], $2::text[], $3::text[]) as u(source_id, message_key, payload_hash)
    on conflict do nothing returning source_id, message_key`,
};

const KNOWN = {
  name: 'known-seen',
  text: `select s.source_id, s.message_key, s.payload_hash
    from unnest($1::text[], $2::text[]) as u(source_id, message_key)
    join message_seen s on s.source_id = u.source_id::int and s.message_key = u.message_key`,
};

/** Begins the transaction and writes the ids that are new; marks the others in `freshness`. */
export async function beginWithInsert(
  pipeline: Pipeline,
  events: readonly StagedEvent[],
  freshness: Freshness[],
): Promise<void> {
  pipeline.add(BEGIN);
  const order = inWriteOrder(events, freshness);
  if (order.length === 0) return pipeline.run();
  const of = (index: number) => (events[index] as StagedEvent).incoming;
  const { rows: written } = await pipeline.query<[number, string]>(INSERT, [
    textArray(order.map(({ index }) => String(of(index).sourceId))),
    textArray(order.map(({ index }) => of(index).messageKey)),
    textArray(order.map(({ index }) => Buffer.from(of(index).payloadHash).toString('hex'))),
  ]);
  if (written.length === order.length) return;
  const fresh = new Set(written.map(([sourceId, messageKey]) => `${sourceId} ${messageKey}`));
  const known = order.filter(({ id }) => !fresh.has(id));
  const { rows } = await pipeline.query<[number, string, Buffer]>(KNOWN, [
    textArray(known.map(({ index }) => String(of(index).sourceId))),
    textArray(known.map(({ index }) => of(index).messageKey)),
  ]);
  const hashes = new Map(rows.map(([sourceId, messageKey, hash]) => [`${sourceId} ${messageKey}`, hash]));
  for (const { id, index } of known) {
    const hash = hashes.get(id);
    freshness[index] = hash === undefined || samePayload(hash, of(index).payloadHash) ? 'duplicate' : 'payload-differs';
  }
}
