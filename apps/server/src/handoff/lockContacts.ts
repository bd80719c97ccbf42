import { newContact } from '@baton/domain/handoff/state.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { ContactSlot } from './contactSlot.ts';
import { readStored } from './storedState.ts';

export type LockedContacts = {
  readonly slots: Map<ContactId, ContactSlot>;
  /** The database's clock after the last lock was had. */
  readonly now: Instant;
  /** Contacts that turned out to be part of another meanwhile: lock those instead. */
  readonly redirected: ReadonlyMap<ContactId, ContactId>;
};

// The CTE is read in order and before the clock's row: the clock is therefore later than every lock.
const LOCK = `
with locked as materialized (
  select id, redirected_to, known, source_id, state from contact
  where id = any($1::int8[]) order by id for no key update
)
select id, redirected_to, known, source_id, state from locked
union all
select null, now_ms(), null, null, null`;

/**
 * Locks contacts in order of id and loads their states; ids that don't exist are left out. Loaded states are the latest
 * committed ones.
 */
export async function lockContacts(client: ClientBase, ids: readonly ContactId[]): Promise<LockedContacts> {
  const { rows } = await client.query<(number | string | boolean | null)[]>({
    name: 'lock-contacts',
    text: LOCK,
    values: [int8Array(ids)],
    rowMode: 'array',
  });
  const slots = new Map<ContactId, ContactSlot>();
  const redirected = new Map<ContactId, ContactId>();
  let now = 0;
  for (const row of rows) {
    if (row[0] === null) {
      now = row[1] as number;
      continue;
    }
    const id = row[0] as ContactId;
    if (row[1] !== null) redirected.set(id, row[1] as ContactId);
    slots.set(id, foundSlot(id, row[2] as boolean, row[3] as number, row[4] as string));
  }
  return { slots, now, redirected };
}

/** The slot of a stored contact under lock. */
export const foundSlot = (id: ContactId, known: boolean, sourceId: number, stored: string): ContactSlot => {
  const read = readStored(stored);
  const { state } = read;
  return {
    id,
    isNew: false,
    found: state,
    stored: read,
    state,
    known,
    wasKnown: known,
    sourceId,
    redirectedTo: null,
    createdAt: null,
    isWritten: false,
  };
};

/** The slot of a contact that this transaction makes. */
export const newSlot = (id: ContactId, sourceId: number): ContactSlot => {
  const state = newContact(id);
  return {
    id,
    isNew: true,
    found: state,
    stored: null,
    state,
    known: false,
    wasKnown: false,
    sourceId,
    redirectedTo: null,
    createdAt: null,
    isWritten: false,
  };
};
