import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

export const DELIVERY_STATES = ['pending', 'sent', 'dead', 'superseded'] as const;
const CHANNELS = ['email', 'slack', 'teams', 'webhook'] as const;

const instant = z.iso.datetime();
const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });
const id = z.optional(z.coerce.number().check(z.int(), z.positive()));

/** One message to one destination. What it said is in the log of attempts no more than it must be. */
export const DeliveryRow = z.object({
  id: z.int(),
  key: z.string(),
  channel: z.enum(CHANNELS),
  destination: z.string(),
  about: z.string(),
  subject: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  repId: z.nullable(z.int()),
  /** The rep in whose place `repId` is told. */
  coversFor: z.nullable(z.int()),
  handoffId: z.nullable(z.int()),
  contactId: z.nullable(z.int()),
  webhookId: z.nullable(z.int()),
  createdAt: instant,
  /** When it is tried next; null where it is closed. */
  nextAt: z.nullable(instant),
  closedAt: z.nullable(instant),
  closedReason: z.nullable(z.string()),
  lastError: z.nullable(z.string()),
});
export type DeliveryRow = z.output<typeof DeliveryRow>;

export const DeliveryAttempt = z.object({
  n: z.int(),
  at: instant,
  tookMs: z.int(),
  outcome: z.enum(['sent', 'failed', 'refused', 'gone', 'lost']),
  /** A short transcript without secrets. What a receiver answered is shown to admins only. */
  transcript: z.string(),
});

export const listDeliveries = operation({
  id: 'list-deliveries',
  method: 'GET',
  path: '/api/v1/deliveries',
  say: 'List what goes out by e-mail, chat and webhook, newest first',
  access: 'deliveries:read',
  permission: 'deliveries.read',
  query: z.strictObject({
    ...pageQuery,
    state: z.optional(z.enum(DELIVERY_STATES)),
    channel: z.optional(z.enum(CHANNELS)),
    webhook: id,
    handoff: id,
  }),
  reply: pageOf(DeliveryRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const readDelivery = operation({
  id: 'read-delivery',
  method: 'GET',
  path: '/api/v1/deliveries/:id',
  say: 'One delivery with the log of its attempts',
  access: 'deliveries:read',
  permission: 'deliveries.read',
  params: Id,
  reply: z.object({ ...DeliveryRow.shape, log: z.array(DeliveryAttempt) }),
  status: 200,
  errors: ['not_found'],
});

export const replayDelivery = operation({
  id: 'replay-delivery',
  method: 'POST',
  path: '/api/v1/deliveries/:id/replay',
  say: 'Send a delivery that was given up once more, under the same key',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: Id,
  reply: z.object({ replayed: z.int() }),
  status: 200,
  errors: ['not_found', 'illegal_transition', 'idempotency_conflict'],
});

export const replayDeliveries = operation({
  id: 'replay-deliveries',
  method: 'POST',
  path: '/api/v1/deliveries/replay',
  say: 'Send everything that was given up once more: all of it, or what went by one channel or to one webhook',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  body: z.optional(z.object({ channel: z.optional(z.enum(CHANNELS)), webhook: z.optional(z.int()) })),
  reply: z.object({ replayed: z.int() }),
  status: 200,
  errors: ['invalid_field', 'idempotency_conflict'],
});
