import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { ClientBase } from 'pg';
import { int8Array, textArray } from '../database/binary/binaryArray.ts';
import type { IdBlocks } from '../handoff/idBlocks.ts';
import type { IdentityKey } from './identityKeys.ts';
import { type IdentityPlan, type ProfileFlags, planIdentities } from './identityPlan.ts';
import type { StagedEvent } from './stagedEvent.ts';

/** Somebody else changed what this transaction had built on: begin again, it will see what they did. */
export class Overtaken extends Error {}

export type Resolved = {
  readonly plan: IdentityPlan;
  /** What the plan believed of profiles; checked again once they are locked. */
  readonly flags: ReadonlyMap<ContactId, ProfileFlags>;
  readonly peopleVersion: number;
  readonly policySeq: number;
};

// redirects are followed here; the versions of people and policy come along in one more row
const LOOK_UP = `
select k.kind, k.value, coalesce(r.survivor_id, i.contact_id)
from unnest($1::text[], $2::text[]) as k(kind, value)
join identity_key i on i.kind = k.kind and i.value = k.value
left join contact_redirect r on r.contact_id = i.contact_id
union all
select null, (select version from reference_version where name = 'people')::text,
  coalesce((select max(seq) from policy_active), 0)`;

const INSERT = `
insert into identity_key (kind, value, contact_id)
select * from unnest($1::text[], $2::text[], $3::int8[]) on conflict do nothing`;

/**
 * Finds the contact of every event, writes the keys that are new, and says which profiles are one. Throws `Overtaken` when
 * another transaction wrote one of those keys first.
 */
export async function resolveIdentities(
  client: ClientBase,
  ids: IdBlocks,
  events: readonly StagedEvent[],
): Promise<Resolved> {
  const keys = new Map<string, IdentityKey>();
  for (const event of events) for (const key of event.keys) keys.set(key.id, key);
  const all = [...keys.values()];
  const { rows } = await client.query<[string | null, string, number]>({
    name: 'look-up-identities',
    text: LOOK_UP,
    values: [textArray(all.map((key) => key.kind)), textArray(all.map((key) => key.value))],
    rowMode: 'array',
  });
  const owners = new Map<string, ContactId>();
  let peopleVersion = 0;
  let policySeq = 0;
  for (const [kind, value, contactId] of rows) {
    if (kind === null) {
      peopleVersion = Number(value);
      policySeq = contactId;
    } else owners.set(`${kind} ${value}`, contactId);
  }
  const flags = await loadFlags(client, events, owners);
  await ids.reserve(client, 'contact', events.length);
  const plan = planIdentities(
    events.map((event) => ({ keys: event.keys, trust: event.observed.trust })),
    owners,
    flags,
    () => ids.take('contact'),
  );
  await insertKeys(client, plan);
  return { plan, flags, peopleVersion, policySeq };
}

/** Reads what the plan must know of profiles that an event could join or extend; most groups have none. */
async function loadFlags(
  client: ClientBase,
  events: readonly StagedEvent[],
  owners: ReadonlyMap<string, ContactId>,
): Promise<Map<ContactId, ProfileFlags>> {
  const wanted = new Set<ContactId>();
  for (const { keys } of events) {
    if (keys.length < 2) continue;
    const found = keys.map((key) => owners.get(key.id));
    if (found.every((id) => id === found[0])) continue;
    for (const id of found) if (id !== undefined) wanted.add(id);
  }
  const flags = new Map<ContactId, ProfileFlags>();
  if (wanted.size === 0) return flags;
  const { rows } = await client.query<[number, boolean, boolean]>({
    name: 'profile-flags',
    text: 'select id, known, email is not null from contact where id = any($1::int8[])',
    values: [int8Array([...wanted])],
    rowMode: 'array',
  });
  for (const [id, known, hasEmail] of rows) flags.set(id, { known, hasEmail });
  return flags;
}

async function insertKeys(client: ClientBase, plan: IdentityPlan): Promise<void> {
  if (plan.newKeys.length === 0) return;
  const keys = [...plan.newKeys].sort((one, other) => (one.id < other.id ? -1 : 1));
  const { rowCount } = await client.query({
    name: 'insert-identities',
    text: INSERT,
    values: [
      textArray(keys.map((key) => key.kind)),
      textArray(keys.map((key) => key.value)),
      int8Array(keys.map((key) => key.contactId)),
    ],
  });
  if (rowCount !== keys.length) throw new Overtaken('another transaction wrote one of the identity keys first');
}

const INSERT_WEAK = `
insert into weak_key (kind, value, contact_id)
select 'phone', * from unnest($1::text[], $2::int8[]) on conflict do nothing`;

/** Writes phone numbers as weak keys, which suggest and never join. */
export async function insertWeakKeys(
  client: ClientBase,
  phones: readonly { readonly value: string; readonly contactId: ContactId }[],
): Promise<void> {
  if (phones.length === 0) return;
  const sorted = [...phones].sort((one, other) => (one.value < other.value ? -1 : 1));
  await client.query({
    name: 'insert-weak-keys',
    text: INSERT_WEAK,
    values: [textArray(sorted.map((phone) => phone.value)), int8Array(sorted.map((phone) => phone.contactId))],
  });
}
