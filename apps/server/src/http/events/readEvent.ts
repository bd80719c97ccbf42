import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import { ID_CHARS_MAX, NAME_CHARS_MAX } from '@baton/contract/limits.ts';
import type { WarningCode } from '@baton/contract/receiptCodes.ts';
import type { FactClaim, Trust } from '@baton/domain/facts/fact.ts';
import type { JsonObject, JsonValue } from '@baton/domain/kernel/json.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { IncomingEvent, IncomingIdentity } from '../../intake/incomingEvent.ts';
import { payloadHash } from '../../intake/payloadHash.ts';
import { isGenericId } from './genericIds.ts';
import { readCompanyTraits, readContactTraits } from './readClaims.ts';
import { readEmail } from './readEmail.ts';
import { readInstant } from './readInstant.ts';
import { readMarks } from './readMarks.ts';
import { readTouch } from './readTouch.ts';

/** What all events of one request share. */
export type Frame = {
  readonly sourceId: number;
  readonly sourceName: string;
  readonly trust: Trust;
  readonly receivedAt: Instant;
  /** The batch's own `sentAt`, where it has one. */
  readonly sentAt: Instant | null;
  /** The requesting browser's; undefined for servers, whose own user agent says nothing about a contact. */
  readonly userAgent: string | undefined;
  readonly ownDomains: ReadonlySet<string>;
};

/** An event that can't be taken: why, and which field. */
export type Rejected = { readonly code: ErrorCode; readonly detail: string };

/** What became of one raw event: translated, or rejected; either way with the id its sender knows it by. */
export type ReadEvent = {
  readonly messageId: string;
  readonly event: IncomingEvent | null;
  readonly rejected: Rejected | null;
  readonly warnings: Set<WarningCode>;
};

const TYPES: ReadonlySet<string> = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']);
const NO_CLAIMS: readonly FactClaim[] = [];
const EMPTY: JsonObject = {};

/**
 * Checks one event of Segment's specification and translates it. `raw` is clean JSON (cleanJson); `type` is the path's,
 * which wins over the body's. Hand-written because it runs for every event: a schema library costs five times as much.
 * Its rules are the contract's `Event`, and a property test holds the two together. Pure but for new message ids.
 */
export const readEvent = (
  raw: unknown,
  type: string | undefined,
  frame: Frame,
  warnings: Set<WarningCode>,
): ReadEvent => {
  if (!isObject(raw)) return reject('', 'invalid_event', 'An event is a JSON object.', warnings);
  const given = raw['messageId'];
  if (given !== undefined && given !== null && (typeof given !== 'string' || given.length > ID_CHARS_MAX)) {
    return reject('', 'invalid_field', `messageId: a text of 1 to ${ID_CHARS_MAX} characters.`, warnings);
  }
  const messageId = typeof given === 'string' && given.trim() !== '' ? given : `baton-${randomUUID()}`;
  const kind = type ?? raw['type'];
  if (typeof kind !== 'string' || !TYPES.has(kind)) {
    return reject(messageId, 'invalid_event', 'type: one of track, identify, page, screen, group, alias.', warnings);
  }
  const problem = shapeProblem(raw, kind);
  if (problem !== null) return reject(messageId, 'invalid_field', problem, warnings);
  const properties = (raw['properties'] ?? EMPTY) as JsonObject;
  const traits = (raw['traits'] ?? EMPTY) as JsonObject;
  const context = (raw['context'] ?? EMPTY) as JsonObject;
  const identity = readIdentity(raw, kind, traits, context, warnings);
  if (typeof identity === 'string') return reject(messageId, 'invalid_field', identity, warnings);
  if (identity.userId === undefined && identity.anonymousId === undefined && identity.email === undefined) {
    return reject(
      messageId,
      'identity_required',
      'Say who it is about: userId, anonymousId, or traits.email.',
      warnings,
    );
  }
  const page = isObject(context['page']) ? (context['page'] as JsonObject) : EMPTY;
  const name = kind === 'track' ? (raw['event'] as string).trim() : kind;
  const all = withPage(kind, raw, kind === 'identify' || kind === 'group' ? traits : properties, page);
  const claims =
    kind === 'group'
      ? readCompanyTraits(traits, frame.trust, warnings)
      : kind === 'identify'
        ? readContactTraits(traits, frame.trust, warnings)
        : isObject(context['traits'])
          ? readContactTraits(context['traits'] as JsonObject, frame.trust, warnings)
          : null;
  const userAgent = typeof context['userAgent'] === 'string' ? context['userAgent'] : frame.userAgent;
  const marks = readMarks({ name, userAgent, properties, email: identity.email, ownDomains: frame.ownDomains });
  if (marks.includes('bot')) warnings.add('bot');
  const touch = readTouch({
    campaign: context['campaign'],
    url: page['url'] ?? all['url'],
    referrer: page['referrer'] ?? all['referrer'],
    isPage: kind === 'page',
  });
  return {
    messageId,
    rejected: null,
    warnings,
    event: {
      sourceId: frame.sourceId,
      sourceName: frame.sourceName,
      trust: frame.trust,
      messageKey: messageId,
      payloadHash: hashOf(raw, kind),
      receivedAt: frame.receivedAt,
      ...readTimes(raw, frame, warnings),
      type: kind as IncomingEvent['type'],
      name,
      properties: all,
      identity,
      claims: claims?.contact ?? NO_CLAIMS,
      companyClaims: claims?.company ?? NO_CLAIMS,
      touch,
      marks,
      mode: 'live',
    },
  };
};

const reject = (messageId: string, code: ErrorCode, detail: string, warnings: Set<WarningCode>): ReadEvent => ({
  messageId: messageId === '' ? `baton-${randomUUID()}` : messageId,
  event: null,
  rejected: { code, detail },
  warnings,
});

const isObject = (value: unknown): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const BAGS = ['properties', 'traits', 'context'] as const;

/** What is wrong with the shape of the fields that every type shares, as a sentence; null where nothing is. */
const shapeProblem = (raw: { [key: string]: JsonValue }, kind: string): string | null => {
  for (const bag of BAGS) {
    const value = raw[bag];
    if (value !== undefined && value !== null && !isObject(value)) return `${bag}: an object.`;
  }
  if (kind !== 'track') return null;
  const event = raw['event'];
  if (typeof event !== 'string' || event.trim() === '') return 'event: the name of what happened, a text.';
  return event.length > NAME_CHARS_MAX ? `event: at most ${NAME_CHARS_MAX} characters.` : null;
};

type Given = { -readonly [K in keyof IncomingIdentity]: IncomingIdentity[K] };

/** The keys that name the person; a sentence where one of them cannot be a key. */
const readIdentity = (
  raw: { [key: string]: JsonValue },
  kind: string,
  traits: JsonObject,
  context: JsonObject,
  warnings: Set<WarningCode>,
): IncomingIdentity | string => {
  const identity: Given = {};
  for (const key of ['userId', 'anonymousId', 'previousId', 'groupId'] as const) {
    const value = raw[key];
    if (value === undefined || value === null) continue;
    const id = typeof value === 'string' ? value.trim() : Number.isSafeInteger(value) ? String(value) : undefined;
    if (id === undefined || id.length > ID_CHARS_MAX) return `${key}: a text of 1 to ${ID_CHARS_MAX} characters.`;
    if (isGenericId(id)) warnings.add('generic_id');
    else identity[key] = id;
  }
  if (kind === 'alias' && identity.previousId === undefined) return 'previousId: the id that the person had before.';
  if (kind === 'group' && identity.groupId === undefined) return 'groupId: the id of the company.';
  if (kind === 'group') return identity;
  const said = kind === 'identify' ? traits : isObject(context['traits']) ? (context['traits'] as JsonObject) : EMPTY;
  const email = said['email'];
  if (email !== undefined && email !== null && email !== '') {
    const read = readEmail(email);
    if (read === undefined) warnings.add('invalid_email');
    else identity.email = read;
  }
  const phone = said['phone'];
  if (typeof phone === 'string' && /\d/.test(phone) && phone.length <= 64) identity.phone = phone;
  return identity;
};

/** Page views carry their path and address as properties, whichever place the client wrote them to. */
const withPage = (kind: string, raw: JsonObject, properties: JsonObject, page: JsonObject): JsonObject => {
  if (kind !== 'page' && kind !== 'screen') return properties;
  const all: { [key: string]: JsonValue } = { ...properties };
  const name = raw['name'];
  if (typeof name === 'string' && name !== '') all['name'] ??= name;
  for (const field of ['url', 'path', 'title', 'referrer', 'search'] as const) {
    const value = page[field];
    if (all[field] === undefined && typeof value === 'string') all[field] = value;
  }
  const url = all['url'];
  if (all['path'] === undefined && typeof url === 'string') {
    const path = /^[a-z]+:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url);
    if (path !== null) all['path'] = path[1] ?? '/';
  }
  return all;
};

const readTimes = (
  raw: JsonObject,
  frame: Frame,
  warnings: Set<WarningCode>,
): Pick<IncomingEvent, 'timestamp' | 'sentAt'> => {
  const timestamp = readInstant(raw['timestamp'] ?? raw['originalTimestamp']);
  const sentAt = readInstant(raw['sentAt']);
  if (timestamp === undefined || sentAt === undefined) warnings.add('invalid_timestamp');
  const sent = sentAt ?? frame.sentAt;
  if (timestamp === undefined || timestamp === null) return { timestamp: null, sentAt: sent };
  const corrected = sent === null ? timestamp : timestamp + frame.receivedAt - sent;
  if (corrected > frame.receivedAt + DAY_MS) warnings.add('clock_skew');
  return { timestamp, sentAt: sent };
};

/** Without `sentAt` and `context`: clients change them when they send the same event again. */
const hashOf = (raw: JsonObject, kind: string): Uint8Array =>
  payloadHash(
    JSON.stringify([
      kind,
      raw['event'] ?? raw['name'],
      raw['userId'],
      raw['anonymousId'],
      raw['previousId'] ?? raw['groupId'],
      raw['properties'],
      raw['traits'],
      raw['timestamp'] ?? raw['originalTimestamp'],
    ]),
  );
