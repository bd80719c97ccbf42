import type { FactClaim, Trust } from '@baton/domain/facts/fact.ts';
import { EVENT_MARKS, type ObservedEvent } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { JsonObject } from '@baton/domain/kernel/json.ts';
import type { Touch } from '@baton/domain/source/touch.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';

/** So many latest events of one contact are read: a bound for machines, far above what a person does. */
const EVENTS_MAX = 10_000;

// the letters are the schema's own (see the comments on event.trust and event.type)
const TRUSTS: Readonly<Record<string, Trust>> = { b: 'browser', f: 'form', s: 'server', p: 'person' };
const TYPES: Readonly<Record<string, ObservedEvent['type']>> = {
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
};

/** The events of contacts under every profile that was merged into them. */
const EVENTS = `
select asked.id as contact_id, e.key, e.name, e.type, e.effective_at, e.trust, e.properties, e.claims, e.touch, e.marks,
  coalesce(s.name, '') as source
from unnest($1::int8[]) as asked(id)
cross join lateral (
  select id from (values (asked.id)) as self(id)
  union all select contact_id from contact_redirect where survivor_id = asked.id
) as profile
cross join lateral (
  select * from event where event.contact_id = profile.id order by effective_at desc limit ${EVENTS_MAX}
) as e
left join source s on s.id = e.source_id`;

type Row = {
  readonly contact_id: ContactId;
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly effective_at: number;
  readonly trust: string;
  readonly properties: string | null;
  readonly claims: string | null;
  readonly touch: string | null;
  readonly marks: string | null;
  readonly source: string;
};

/** The stored events of contacts as the core observes them, by contact; in no order, because folding needs none. */
export const eventsOf = async (
  client: ClientBase,
  ids: readonly ContactId[],
): Promise<ReadonlyMap<ContactId, readonly ObservedEvent[]>> => {
  const { rows } = await client.query<Row>(EVENTS, [int8Array(ids)]);
  const events = new Map<ContactId, ObservedEvent[]>();
  for (const row of rows) {
    const list = events.get(row.contact_id);
    if (list === undefined) events.set(row.contact_id, [toEvent(row)]);
    else list.push(toEvent(row));
  }
  return events;
};

const toEvent = (row: Row): ObservedEvent => {
  const words = row.marks?.split(' ') ?? [];
  const claims = row.claims === null ? [] : (JSON.parse(row.claims) as FactClaim[]);
  return {
    key: row.key,
    type: TYPES[row.type] ?? 'track',
    name: row.name,
    effectiveAt: row.effective_at,
    trust: TRUSTS[row.trust] ?? 'browser',
    source: row.source,
    properties: row.properties === null ? {} : (JSON.parse(row.properties) as JsonObject),
    claims,
    touch: row.touch === null ? null : (JSON.parse(row.touch) as Touch),
    marks: EVENT_MARKS.filter((mark) => words.includes(mark)),
  };
};
