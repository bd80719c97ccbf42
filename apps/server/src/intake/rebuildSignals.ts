/**
 * Builds what a policy wants to know of contacts from their stored events: signals that nobody collected until it came
 * into force, or while nothing was. Collecting is idempotent, so what was collected already does no harm.
 */
import type { Trust } from '@baton/domain/facts/fact.ts';
import { EVENT_MARKS, type EventMark } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { JsonObject } from '@baton/domain/kernel/json.ts';
import type { Collectors } from '@baton/domain/policy/compiled.ts';
import { collectSignals } from '@baton/domain/signals/collectSignals.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { ContactSlot } from '../handoff/contactSlot.ts';
import { TRUST_LETTER } from './intakeRows.ts';

/** So many latest events of one contact are read: a bound for machines, far above what a person does. */
const EVENTS_MAX = 10_000;

const TRUSTS = new Map(Object.entries(TRUST_LETTER).map(([trust, letter]) => [letter, trust as Trust]));

/** The events of a contact under every profile that it was merged from. */
const EVENTS = `
select asked.id as contact_id, event.key, event.name, event.effective_at, event.trust, event.properties, event.marks
from unnest($1::int8[]) as asked(id)
cross join lateral (
  select id from (values (asked.id)) as self(id)
  union all select contact_id from contact_redirect where survivor_id = asked.id
) as profile
cross join lateral (
  select key, name, effective_at, trust, properties, marks from event
  where event.contact_id = profile.id and event.name = any($2::text[])
  order by effective_at desc limit ${EVENTS_MAX}
) as event`;

type EventRow = {
  readonly contact_id: ContactId;
  readonly key: string;
  readonly name: string;
  readonly effective_at: number;
  readonly trust: string;
  readonly properties: string | null;
  readonly marks: string | null;
};

/** Adds to the contacts' signals what their stored events tell these collectors. The contacts are locked by the caller. */
export async function rebuildSignals(
  client: ClientBase,
  slots: readonly ContactSlot[],
  collectors: Collectors,
): Promise<void> {
  const byId = new Map(slots.map((slot) => [slot.id, slot]));
  if (byId.size === 0 || collectors.size === 0) return;
  const { rows } = await client.query<EventRow>({
    name: 'events-to-rebuild',
    text: EVENTS,
    values: [int8Array([...byId.keys()]), [...collectors.keys()]],
  });
  for (const row of rows) {
    const slot = byId.get(row.contact_id);
    const trust = TRUSTS.get(row.trust);
    if (slot === undefined || trust === undefined) continue;
    const event = {
      key: row.key,
      name: row.name,
      effectiveAt: row.effective_at,
      trust,
      properties: row.properties === null ? {} : (JSON.parse(row.properties) as JsonObject),
      marks: marksOf(row.marks),
    };
    const signals = collectSignals(slot.state.signals, event, collectors);
    if (signals !== slot.state.signals) slot.state = { ...slot.state, signals };
  }
}

/** The marks that keep an event from counting; `from-future` among the stored ones is a note for people. */
const marksOf = (text: string | null): readonly EventMark[] => {
  const words = text?.split(' ') ?? [];
  return EVENT_MARKS.filter((mark) => words.includes(mark));
};
