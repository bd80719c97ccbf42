import { LIFECYCLE_STAGES } from '../../lifecycle/stage.ts';
import type { Feedback, FeedbackReason } from '../document.ts';
import { readElapsed } from '../readDuration.ts';
import {
  type At,
  complete,
  type Read,
  readBoolean,
  readById,
  readFields,
  readId,
  readInteger,
  readList,
  readOneOf,
  readReference,
  report,
} from '../reader.ts';

const EXAMPLE = '{ status: unqualified, back-to: lead }';
const KEYS = ['status', 'back-to', 'ask', 'nurture', 'after-attempts', 'merge', 'reroute', 'suppress'];
const readStatus = readReference((at) => at.reading.declared.statuses, 'unknown-status', 'a lead status');

const readReason = (at: At, id: string): FeedbackReason | undefined => {
  const fields = readFields(at, KEYS, EXAMPLE);
  if (fields === undefined) return undefined;
  const reason = complete<FeedbackReason>({
    id,
    status: fields.optional('status', readStatus, null),
    backTo: fields.optional('back-to', readOneOf(LIFECYCLE_STAGES), null),
    ask: fields.optional('ask', readList(readId, '[size, industry]', { min: 1, max: 20 }), []),
    nurtureMs: fields.optional('nurture', readElapsed, null),
    afterAttempts: fields.optional('after-attempts', readInteger(0, 50), 0),
    merge: fields.optional('merge', readBoolean, false),
    reroute: fields.optional('reroute', readBoolean, false),
    suppress: fields.optional('suppress', readBoolean, false),
  });
  if (reason === undefined || reason.backTo !== null || reason.merge || reason.reroute) return reason;
  return report(
    at,
    'no-exit',
    `“${id}” does not say where the contact goes`,
    'add back-to: lead (or another stage), merge: true or reroute: true',
  );
};

const readReasons = readById(readReason, `{ bad-fit: ${EXAMPLE} }`, 50);

/** `feedback`: how sales says “this was not it”, and what that does. */
export const readFeedback: Read<Feedback> = (at) => {
  const fields = readFields(at, ['reject', 'closed-lost'], `{ reject: { bad-fit: ${EXAMPLE} } }`);
  if (fields === undefined) return undefined;
  return complete<Feedback>({
    reject: fields.optional('reject', readReasons, []),
    closedLost: fields.optional('closed-lost', readReasons, []),
  });
};
