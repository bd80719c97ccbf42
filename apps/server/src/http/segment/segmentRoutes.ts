import type { ErrorCode } from '@baton/contract/errorCodes.ts';
import { ERROR_CODES } from '@baton/contract/errorCodes.ts';
import { BATCH_BYTES_MAX, EVENT_BYTES_MAX } from '@baton/contract/limits.ts';
import type { Receipts } from '@baton/contract/receipt.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FindKey, KeyHolder } from '../../access/keyRing.ts';
import type { IncomingEvent, Submit } from '../../intake/incomingEvent.ts';
import { checkEncoding, decodeBody } from '../decodeBody.ts';
import { ingest } from '../events/ingest.ts';
import { parseBatch, parseOneEvent, type RawEvents } from '../events/parseEvents.ts';
import { readInstant } from '../events/readInstant.ts';
import { HttpProblem } from '../httpProblem.ts';
import { keyOfRequest } from './keyOfRequest.ts';
import { preflight } from './preflight.ts';

/** What the ingest paths need. */
export type SegmentDeps = {
  readonly findKey: FindKey;
  readonly submit: Submit;
  readonly mark: (event: IncomingEvent) => IncomingEvent;
  readonly now: () => number;
  readonly ownDomains: ReadonlySet<string>;
};

/** Path to the type of its one event; the second is what the browser's client calls it. */
const SINGLE_PATHS = {
  identify: ['/v1/identify', '/v1/i'],
  track: ['/v1/track', '/v1/t'],
  page: ['/v1/page', '/v1/p'],
  screen: ['/v1/screen', '/v1/s'],
  group: ['/v1/group', '/v1/g'],
  alias: ['/v1/alias', '/v1/a'],
} as const;
const BATCH_PATHS = ['/v1/batch', '/v1/b', '/v1/import'] as const;

/** What clients call their bodies: JSON by its name, text from browsers (no preflight), and Rudder's gzip by a wrong one. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
]);

/** Registers Segment's HTTP tracking API under /v1. Answers after the commit; one bad event costs its neighbours nothing. */
export const registerSegmentRoutes = (app: FastifyInstance, deps: SegmentDeps): void => {
  const config = { ingest: true, bodyBytesMax: BATCH_BYTES_MAX };
  for (const [type, paths] of Object.entries(SINGLE_PATHS)) {
    for (const path of paths) {
      app.post(path, { config }, (request, reply) => takeOne(request, reply, type, deps));
    }
  }
  for (const path of BATCH_PATHS) {
    app.post(path, { config: { ...config, isBatch: true } }, (request, reply) => takeBatch(request, reply, deps));
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.ingest === true) reply.raw.setHeader('access-control-allow-origin', '*');
    done();
  });
  app.options('/v1/*', { config }, (_request, reply) => preflight(reply));
};

const takeOne = async (request: FastifyRequest, reply: FastifyReply, type: string, deps: SegmentDeps) => {
  const text = readText(request);
  const raws = parseOneEvent(text);
  const receipts = await take(request, raws, type, deps);
  const receipt = receipts.receipts[0];
  if (receipt?.outcome === 'rejected') {
    const code =
      receipt.code !== undefined && receipt.code in ERROR_CODES ? (receipt.code as ErrorCode) : 'invalid_event';
    throw new HttpProblem(code, receipt.detail ?? '', code === 'event_too_large' ? { limit: EVENT_BYTES_MAX } : {});
  }
  return reply.send(receipts);
};

/** Keeps neither the text nor what it holds while it waits for the commit; see `ingest`. */
const takeBatch = async (request: FastifyRequest, reply: FastifyReply, deps: SegmentDeps) =>
  take(request, parseBatch(readBatch(request)), undefined, deps).then((receipts) => reply.send(receipts));

const readBatch = (request: FastifyRequest): string => {
  try {
    return readText(request);
  } catch (error) {
    throw asBatch(error);
  }
};

/** What is too large for a body is, here, a batch that is too large. */
export const asBatch = (error: unknown): unknown =>
  error instanceof HttpProblem && error.code === 'payload_too_large'
    ? new HttpProblem('batch_too_large', `A batch has at most ${BATCH_BYTES_MAX} bytes, unpacked.`, {
        limit: BATCH_BYTES_MAX,
      })
    : error;

const readText = (request: FastifyRequest): string => {
  checkEncoding(request.headers['content-encoding']);
  const type = request.headers['content-type'];
  if (type !== undefined && !MEDIA_TYPES.has((type.split(';', 1)[0] as string).trim().toLowerCase())) {
    throw new HttpProblem('unsupported_media_type', 'Send JSON: application/json, or text/plain from a browser.');
  }
  return Buffer.isBuffer(request.body) ? decodeBody(request.body, BATCH_BYTES_MAX) : '';
};

const take = (
  request: FastifyRequest,
  raws: RawEvents,
  type: string | undefined,
  deps: SegmentDeps,
): Promise<Receipts> => {
  const key = keyOfRequest(request.headers.authorization) ?? raws.writeKey;
  const found = key === undefined ? null : deps.findKey(key);
  return found instanceof Promise
    ? found.then((holder) => takeFrom(checked(holder), request, raws, type, deps))
    : takeFrom(checked(found), request, raws, type, deps);
};

const takeFrom = (
  holder: KeyHolder,
  request: FastifyRequest,
  raws: RawEvents,
  type: string | undefined,
  deps: SegmentDeps,
): Promise<Receipts> => {
  const receivedAt = deps.now();
  return ingest(
    raws.events,
    type,
    {
      sourceId: holder.sourceId,
      sourceName: holder.sourceName,
      trust: holder.trust,
      receivedAt,
      sentAt: readInstant(raws.sentAt) ?? null,
      userAgent:
        holder.trust === 'browser' && request.headers.origin !== undefined ? request.headers['user-agent'] : undefined,
      ownDomains: deps.ownDomains,
    },
    deps.submit,
    deps.mark,
  );
};

const checked = (holder: KeyHolder | null): KeyHolder => {
  if (holder?.scopes.has('events:write')) return holder;
  throw new HttpProblem(
    'unauthorized',
    'Send the write key: basic auth with the key as user name, or `writeKey` in the body.',
  );
};
