import { z } from 'zod/mini';
import { ID_CHARS_MAX, NAME_CHARS_MAX } from './limits.ts';

export const EVENT_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;

const id = z.string().check(z.minLength(1), z.maxLength(ID_CHARS_MAX));
const bag = z.record(z.string(), z.json());

/**
 * One event as Segment's specification writes it. The hot path checks the same rules by hand (http/segment); this schema
 * is the contract that clients read and that the tests hold the hand-written check to.
 */
export const Event = z.looseObject({
  type: z.enum(EVENT_TYPES),
  messageId: z.optional(id),
  userId: z.optional(z.nullable(id)),
  anonymousId: z.optional(z.nullable(id)),
  previousId: z.optional(z.nullable(id)),
  groupId: z.optional(z.nullable(id)),
  event: z.optional(z.string().check(z.minLength(1), z.maxLength(NAME_CHARS_MAX))),
  name: z.optional(z.nullable(z.string())),
  properties: z.optional(z.nullable(bag)),
  traits: z.optional(z.nullable(bag)),
  context: z.optional(z.nullable(bag)),
  timestamp: z.optional(z.nullable(z.string())),
  sentAt: z.optional(z.nullable(z.string())),
});
export type Event = z.output<typeof Event>;

/** Several events in one request. */
export const EventBatch = z.looseObject({ batch: z.array(Event), sentAt: z.optional(z.string()) });
