import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const instant = z.iso.datetime();
const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

export const ACTIVITY_STATES = ['counted', 'noted', 'unmatched', 'dismissed'] as const;

/** What a dialer or a mailer saw. One of userId, email and phone says of whom; `agent` is the rep's address. */
export const Activity = z.object({
  /** Unique for the sender: sent again it counts once. */
  externalId: text(255),
  channel: z.enum(CONTACT_CHANNELS),
  outcome: z.enum(CONTACT_OUTCOMES),
  /** When it was; absent: now. */
  at: z.optional(z.iso.datetime({ offset: true })),
  userId: z.optional(text(255)),
  email: z.optional(text(320)),
  phone: z.optional(text(64)),
  agent: z.optional(text(320)),
  /** True for what a machine did, e.g. a mail of a sequence: kept, and no promise is answered by it. */
  automated: z._default(z.boolean(), false),
  note: z.optional(z.string().check(z.maxLength(4_000))),
});

/** `counted`: logged with the open handoff. `noted`: kept, stops nothing. `unmatched`: waits for a person. */
export const ActivityReceipt = z.object({
  id: z.int(),
  externalId: z.string(),
  state: z.enum(ACTIVITY_STATES),
  duplicate: z.boolean(),
  contactId: z.nullable(z.int()),
  handoffId: z.nullable(z.int()),
  why: z.string(),
});

export const sendActivities = operation({
  id: 'send-activities',
  method: 'POST',
  path: '/v1/activities',
  say: 'Send what a dialer or a mailer saw: calls, e-mails, meetings; each answers the promise that it keeps',
  access: 'handoffs:write',
  permission: 'key',
  body: z.object({ activities: z.array(Activity).check(z.minLength(1), z.maxLength(100)) }),
  reply: z.object({ receipts: z.array(ActivityReceipt) }),
  status: 200,
  errors: ['malformed_json', 'unsupported_media_type', 'payload_too_large', 'invalid_field', 'duplicate_key'],
});

export const ActivityRow = z.object({
  id: z.int(),
  source: z.string(),
  externalId: z.string(),
  at: instant,
  channel: z.string(),
  outcome: z.string(),
  automated: z.boolean(),
  userId: z.nullable(z.string()),
  email: z.nullable(z.string()),
  phone: z.nullable(z.string()),
  agent: z.nullable(z.string()),
  state: z.enum(ACTIVITY_STATES),
  why: z.string(),
  contactId: z.nullable(z.int()),
  handoffId: z.nullable(z.int()),
});

export const listActivities = operation({
  id: 'list-activities',
  method: 'GET',
  path: '/api/v1/activities',
  say: 'List what was seen of sales and its contacts; `state=unmatched` waits for a person',
  access: 'handoffs:read',
  permission: 'leaks.read',
  query: z.strictObject({ ...pageQuery, state: z.optional(z.enum(ACTIVITY_STATES)) }),
  reply: pageOf(ActivityRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const resolveActivity = operation({
  id: 'resolve-activity',
  method: 'POST',
  path: '/api/v1/activities/:id/resolve',
  say: 'Say whose an unmatched activity is, by `contactId`; without one it is dismissed',
  access: 'handoffs:write',
  permission: 'leaks.mend',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  body: z.object({ contactId: z.nullable(z.int().check(z.positive())) }),
  reply: ActivityReceipt,
  status: 200,
  errors: ['not_found', 'conflict', 'invalid_field', 'idempotency_conflict'],
});
