import { Event, EventBatch } from '@baton/contract/event.ts';
import { nearest } from '@baton/domain/policy/nearest.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { RawEvent, RawEvents } from './parseEvents.ts';

/** What Segment's specification has besides, and nobody reads: it may be there. */
const UNREAD = ['channel', 'integrations', 'originalTimestamp', 'receivedAt', 'version', 'writeKey'];
const EVENT_FIELDS: ReadonlySet<string> = new Set([...Object.keys(Event.shape), ...UNREAD]);
const BATCH_FIELDS: ReadonlySet<string> = new Set([...Object.keys(EventBatch.shape), ...UNREAD, 'context']);

/**
 * Refuses what our own API does not know, event by event: a misspelt `propertes` would otherwise be accepted and lost.
 * Segment's paths stay open, since their clients send fields of their own. Custom words belong in properties and traits.
 * @throws HttpProblem `invalid_event` for an unknown field beside the events.
 */
export const refuseUnknownFields = ({ events, fields }: RawEvents): readonly RawEvent[] => {
  const beside = unknownOf(fields, BATCH_FIELDS);
  if (beside !== undefined) throw new HttpProblem('invalid_event', sayUnknown(beside, BATCH_FIELDS), { at: beside });
  return events.map((event) => {
    const unknown = event.refused === null ? unknownOf(Object.keys(event.value as object), EVENT_FIELDS) : undefined;
    if (unknown === undefined) return event;
    return { ...event, refused: { code: 'invalid_field', detail: sayUnknown(unknown, EVENT_FIELDS) } };
  });
};

const unknownOf = (keys: readonly string[], known: ReadonlySet<string>): string | undefined =>
  keys.find((key) => !known.has(key));

const sayUnknown = (field: string, known: ReadonlySet<string>): string => {
  const meant = nearest(field, known);
  const mend = meant === undefined ? 'words of your own go into properties or traits' : `did you mean ${meant}?`;
  return `${JSON.stringify(field.slice(0, 80))} is not a field here; ${mend}`;
};
