import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { int8Array, textArray, texts } from '../database/binary/binaryArray.ts';
import type { Answer, Pipeline } from '../database/binary/pipeline.ts';
import { BeginAgain } from '../handoff/beginAgain.ts';
import type { ContactSlot } from '../handoff/contactSlot.ts';
import type { IdBlocks } from '../handoff/idBlocks.ts';
import { foundSlot, newSlot } from '../handoff/lockContacts.ts';
import type { IdentityKind } from './identityKeys.ts';
import { type IdentityPlan, type ProfileFlags, planIdentities } from './identityPlan.ts';
import type { StagedEvent } from './stagedEvent.ts';

/** Somebody else changed what this transaction had built on: begin again, it will see what they did. */
export class Overtaken extends BeginAgain {}

export type Resolved = {
  readonly plan: IdentityPlan;
  /** Every contact of the plan, under lock; new ones too. */
  readonly slots: Map<ContactId, ContactSlot>;
  /** The database's clock after the last lock was had. */
  readonly now: Instant;
  readonly peopleVersion: number;
  readonly policySeq: number;
};

// Each kind's keys are one pass over the index, and their contacts another, locked in its order, that of id. The last row
// brings the clock, which is read after every lock because the branches run one after the other, the versions of people and
// policy, and whose each key is.
const FIND = {
  name: 'find-contacts',
  text: `
with found as materialized (
  select 'user ' || value as key, contact_id from identity_key where kind = 'user' and value = any($1::text[])
  union all
  select 'email ' || value, contact_id from identity_key where kind = 'email' and value = any($2::text[])
  union all
  select 'anonymous ' || value, contact_id from identity_key where kind = 'anonymous' and value = any($3::text[])
)
select c.id, c.redirected_to, c.known, c.source_id, c.state from (
  select id, redirected_to, known, source_id, state from contact
  where id = any(array(select contact_id from found)) order by id for no key update
) c
union all
select null, now_ms(), null, null, (
  select json_build_object(
    'people', (select version from reference_version where name = 'people'),
    'policy', coalesce((select max(seq) from policy_active), 0),
    'keys', coalesce(json_agg(key), '[]'),
    'owners', coalesce(json_agg(contact_id), '[]')
  )::text from found
)`,
};

/** What FIND's last row says. */
type Found = {
  readonly people: number;
  readonly policy: number;
  /** Ids of keys that are known, and for each whose it is. */
  readonly keys: readonly string[];
  readonly owners: readonly ContactId[];
};

const INSERT = {
  name: 'insert-identities',
  text: `insert into identity_key (kind, value, contact_id)
    select * from unnest($1::text[], $2::text[], $3::int8[]) on conflict do nothing`,
};

/** What FIND answers: contacts under lock, then its last row. */
export type FoundRow = (number | string | boolean | null)[];

/** Adds to the pipeline: find and lock the contacts of these events, and have ids for those that may be new. */
export function addFindContacts(pipeline: Pipeline, ids: IdBlocks, events: readonly StagedEvent[]): Answer<FoundRow> {
  const keys: Readonly<Record<IdentityKind, Set<string>>> = { user: new Set(), email: new Set(), anonymous: new Set() };
  for (const event of events) for (const key of event.keys) keys[key.kind].add(key.value);
  ids.ask(pipeline, 'contact', events.length);
  ids.ask(pipeline, 'decision', events.length);
  return pipeline.add(FIND, [texts([...keys.user]), texts([...keys.email]), texts([...keys.anonymous])]);
}

/**
 * Says whose each event is, which keys are new, and which profiles are one. Throws `Overtaken` when another transaction
 * merged one of those profiles first.
 */
export function resolveIdentities(ids: IdBlocks, events: readonly StagedEvent[], { rows }: Answer<FoundRow>): Resolved {
  const slots = new Map<ContactId, ContactSlot>();
  const flags = new Map<ContactId, ProfileFlags>();
  for (let index = 0; index < rows.length - 1; index += 1) {
    const [id, redirectedTo, known, sourceId, stored] = rows[index] as [number, number, boolean, number, string];
    if (redirectedTo !== null) throw new Overtaken('a profile was merged meanwhile');
    const slot = foundSlot(id, known, sourceId, stored);
    slots.set(id, slot);
    flags.set(id, { known, hasEmail: slot.state.facts['contact.email'] !== undefined });
  }
  const [, now, , , rest] = rows.at(-1) as [null, number, null, null, string];
  const found = JSON.parse(rest) as Found;
  const owners = new Map<string, ContactId>();
  for (const [index, id] of found.owners.entries()) if (slots.has(id)) owners.set(found.keys[index] as string, id);
  const plan = planIdentities(
    events.map((event) => ({ keys: event.keys, trust: event.observed.trust })),
    owners,
    flags,
    () => ids.take('contact'),
  );
  for (const [index, id] of plan.contactOf.entries())
    if (!slots.has(id)) slots.set(id, newSlot(id, (events[index] as StagedEvent).incoming.sourceId));
  for (const key of plan.newKeys) if (key.kind !== 'anonymous') (slots.get(key.contactId) as ContactSlot).known = true;
  return { plan, slots, now, peopleVersion: found.people, policySeq: found.policy };
}

/** Adds the keys that are new to the pipeline, which rejects with `Overtaken` when another transaction wrote one first. */
export function addKeys(pipeline: Pipeline, plan: IdentityPlan): void {
  if (plan.newKeys.length === 0) return;
  const keys = [...plan.newKeys].sort((one, other) => (one.id < other.id ? -1 : 1));
  const values = [
    textArray(keys.map((key) => key.kind)),
    textArray(keys.map((key) => key.value)),
    int8Array(keys.map((key) => key.contactId)),
  ];
  pipeline.add(INSERT, values, ({ count }) => {
    if (count !== keys.length) throw new Overtaken('another transaction wrote one of the identity keys first');
  });
}

const INSERT_WEAK = {
  name: 'insert-weak-keys',
  text: `insert into weak_key (kind, value, contact_id)
    select 'phone', * from unnest($1::text[], $2::int8[]) on conflict do nothing`,
};

/** Adds phone numbers as weak keys, which suggest and never join. */
export function addWeakKeys(
  pipeline: Pipeline,
  phones: readonly { readonly value: string; readonly contactId: ContactId }[],
): void {
  if (phones.length === 0) return;
  const sorted = [...phones].sort((one, other) => (one.value < other.value ? -1 : 1));
  pipeline.add(INSERT_WEAK, [
    textArray(sorted.map((phone) => phone.value)),
    int8Array(sorted.map((phone) => phone.contactId)),
  ]);
}
