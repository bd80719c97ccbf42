import { sendEvents } from '@baton/contract/ingest.ts';
import { BATCH_BYTES_MAX } from '@baton/contract/limits.ts';
import type { FastifyInstance } from 'fastify';
import type { FindKey } from '../../access/keyRing.ts';
import type { Sessions } from '../../access/sessions.ts';
import { checkEncoding, decodeBody } from '../decodeBody.ts';
import { ingest } from '../events/ingest.ts';
import { parseBatch } from '../events/parseEvents.ts';
import { readInstant } from '../events/readInstant.ts';
import { refuseUnknownFields } from '../events/refuseUnknownFields.ts';
import { HttpProblem } from '../httpProblem.ts';
import { asBatch, type SegmentDeps } from '../segment/segmentRoutes.ts';
import { admit, readCaller } from './caller.ts';

/**
 * Serves `POST /api/v1/events`. Like Segment's batch, for programs of ours and yours: JSON by its name, a key as bearer.
 * It does not go through `implement`, whose schemas are too dear for thousands of events a second.
 */
export const registerEventRoutes = (
  app: FastifyInstance,
  deps: SegmentDeps & { readonly findKey: FindKey; readonly sessions: Sessions },
): void => {
  app.post(sendEvents.path, { config: { bodyBytesMax: BATCH_BYTES_MAX, isBatch: true } }, async (request, reply) => {
    const caller = await readCaller(request, deps.findKey, deps.sessions);
    admit(request, caller, sendEvents);
    if (caller.kind !== 'key')
      throw new HttpProblem('forbidden', 'Events are sent with a key, so that they have a source.');
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== 'application/json')
      throw new HttpProblem('unsupported_media_type', 'Send content-type: application/json.');
    checkEncoding(request.headers['content-encoding']);
    const { holder } = caller;
    const raws = parseBatch(textOf(request.body));
    const frame = {
      sourceId: holder.sourceId,
      sourceName: holder.sourceName,
      trust: holder.trust,
      receivedAt: deps.now(),
      sentAt: readInstant(raws.sentAt) ?? null,
      userAgent: undefined,
      ownDomains: deps.ownDomains,
    };
    return reply.send(await ingest(refuseUnknownFields(raws), undefined, frame, deps.submit, deps.mark));
  });
};

const textOf = (body: unknown): string => {
  try {
    return Buffer.isBuffer(body) ? decodeBody(body, BATCH_BYTES_MAX) : '';
  } catch (error) {
    throw asBatch(error);
  }
};
