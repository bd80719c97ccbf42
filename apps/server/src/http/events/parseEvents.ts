import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX, EVENT_DEPTH_MAX, EVENT_KEYS_MAX } from '@baton/contract/limits.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import { HttpProblem } from '../httpProblem.ts';
import { type ScannedItem, scanJson } from '../scanJson.ts';
import { cleanJson, mayHoldBadCharacters } from './cleanJson.ts';
import type { Rejected } from './readEvent.ts';

/** One event as it was sent: cleaned, or refused by its size and shape before anybody looked at its meaning. */
export type RawEvent = {
  readonly value: unknown;
  readonly refused: Rejected | null;
  readonly warnings: Set<WarningCode>;
};

/** A request's events with what stands beside them. */
export type RawEvents = {
  readonly events: readonly RawEvent[];
  readonly writeKey: string | undefined;
  readonly sentAt: unknown;
  /** The names of what stands beside the events of a batch, and the batch itself. */
  readonly fields: readonly string[];
};

/** Levels around the events of a batch, and some to spare before the whole body is refused. */
const BODY_DEPTH_MAX = EVENT_DEPTH_MAX * 2;

/**
 * Reads the JSON text of one event.
 * @throws HttpProblem `malformed_json`, `too_deep`, `invalid_event` for what is no event at all; a large or
 *   odd event is a refused RawEvent.
 */
export const parseOneEvent = (text: string): RawEvents => {
  const scan = scanJson(text, BODY_DEPTH_MAX);
  if (scan === null || scan.depth > EVENT_DEPTH_MAX) throw tooDeep();
  const body = parseObject(text);
  const whole: ScannedItem = { start: 0, end: text.length, members: scan.members, depth: scan.depth };
  const mend = mayHoldBadCharacters(text);
  return { events: [check(body, whole, text, mend)], writeKey: keyOf(body), sentAt: undefined, fields: [] };
};

/**
 * Reads the JSON text of a batch `{"batch": [...]}`. A bad event is refused alone and its neighbours stay.
 * @throws HttpProblem `malformed_json`, `too_deep`, `invalid_event`, `duplicate_key`, `batch_too_large`.
 */
export const parseBatch = (text: string): RawEvents => {
  const scan = scanJson(text, BODY_DEPTH_MAX);
  if (scan === null) throw tooDeep();
  const body = parseObject(text);
  const batch = body['batch'];
  if (!Array.isArray(batch)) throw new HttpProblem('invalid_event', 'batch: an array of events.', { at: 'batch' });
  if (batch.length > BATCH_EVENTS_MAX) {
    throw new HttpProblem('batch_too_large', `A batch has at most ${BATCH_EVENTS_MAX} events.`, {
      limit: BATCH_EVENTS_MAX,
    });
  }
  const mend = mayHoldBadCharacters(text);
  let next = 0;
  const events = batch.map((value: unknown): RawEvent => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse('invalid_event', 'An event is a JSON object.');
    }
    const item = scan.items[next];
    next += 1;
    return item === undefined
      ? refuse('invalid_event', 'The event could not be measured.')
      : check(value, item, text, mend);
  });
  if (next !== scan.items.length) {
    throw new HttpProblem('duplicate_key', 'The body names `batch` more than once.', { at: 'batch' });
  }
  return { events, writeKey: keyOf(body), sentAt: body['sentAt'], fields: Object.keys(body) };
};

const check = (value: unknown, item: ScannedItem, text: string, mend: boolean): RawEvent => {
  const chars = item.end - item.start;
  // a character takes at most three bytes, so only long ones need counting
  if (chars * 3 > EVENT_BYTES_MAX && Buffer.byteLength(text.slice(item.start, item.end)) > EVENT_BYTES_MAX) {
    return refuse('event_too_large', `An event has at most ${EVENT_BYTES_MAX} bytes.`);
  }
  if (item.depth > EVENT_DEPTH_MAX) return refuse('too_deep', `An event has at most ${EVENT_DEPTH_MAX} levels.`);
  if (item.members > EVENT_KEYS_MAX) return refuse('too_many_keys', `An event has at most ${EVENT_KEYS_MAX} keys.`);
  const found = { members: 0, warnings: new Set<WarningCode>() };
  const clean = cleanJson(value, mend, found);
  if (found.members !== item.members) return refuse('duplicate_key', 'A key stands twice in one object; keep one.');
  return { value: clean, refused: null, warnings: found.warnings };
};

const refuse = (code: Rejected['code'], detail: string): RawEvent => ({
  value: null,
  refused: { code, detail },
  warnings: new Set(),
});

/** @throws HttpProblem `malformed_json`, `invalid_event` when it is JSON but no object. */
export const parseObject = (text: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const where = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new HttpProblem(
      'malformed_json',
      text === '' ? 'The body is empty.' : `The JSON breaks off or is wrong${where ? ` at character ${where}` : ''}.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HttpProblem('invalid_event', 'The body is a JSON object.');
};

const tooDeep = (): HttpProblem =>
  new HttpProblem('too_deep', `An event is nested at most ${EVENT_DEPTH_MAX} levels deep.`, { limit: EVENT_DEPTH_MAX });

const keyOf = (body: Record<string, unknown>): string | undefined =>
  typeof body['writeKey'] === 'string' ? body['writeKey'] : undefined;
