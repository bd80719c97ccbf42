import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { EVENT_TYPES } from './webhookEvents.ts';

export const WEBHOOK_PAYLOADS = ['thin', 'full'] as const;

const instant = z.iso.datetime();
const name = z.string().check(z.minLength(1), z.maxLength(100));
const url = z.string().check(z.minLength(1), z.maxLength(2_000));
const type = z.string().check(
  z.refine(
    (text) =>
      text === '*' ||
      EVENT_TYPES.includes(text) ||
      EVENT_TYPES.some((one) => one.startsWith(`${text.slice(0, -1)}`) && text.endsWith('.*')),
    {
      error: `must be one of *, handoff.*, contact.*, ${EVENT_TYPES.join(', ')}`,
    },
  ),
);
const types = z.array(type).check(z.minLength(1), z.maxLength(50));
const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });

/** A webhook as it is shown: its secrets never again. */
export const WebhookRow = z.object({
  id: z.int(),
  name: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  payload: z.enum(WEBHOOK_PAYLOADS),
  createdAt: instant,
  createdBy: z.string(),
  /** Until when the secret before the present one signs too. */
  oldSecretUntil: z.nullable(instant),
  disabledAt: z.nullable(instant),
  disabledReason: z.nullable(z.string()),
  /** Attempts that failed since the last one that worked, and since when. */
  failures: z.int(),
  failingSince: z.nullable(instant),
  waiting: z.int(),
});
export type WebhookRow = z.output<typeof WebhookRow>;

const WithSecret = z.object({ webhook: WebhookRow, secret: z.string() });

export const listWebhooks = operation({
  id: 'list-webhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  say: 'List webhooks and how they fare; their secrets are never shown again',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  reply: z.object({ rows: z.array(WebhookRow) }),
  status: 200,
  errors: [],
});

export const addWebhook = operation({
  id: 'add-webhook',
  method: 'POST',
  path: '/api/v1/webhooks',
  say: 'Add a webhook; the answer is the only place where its secret is shown',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  body: z.object({
    name,
    url,
    types: z._default(types, ['*']),
    payload: z._default(z.enum(WEBHOOK_PAYLOADS), 'thin'),
  }),
  reply: WithSecret,
  status: 201,
  // no idempotency: what it answers is kept nowhere
  errors: ['invalid_field', 'url_not_allowed', 'conflict'],
});

export const setWebhook = operation({
  id: 'set-webhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id',
  say: 'Change a webhook, switch it off or on again',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: Id,
  body: z.object({
    name: z.optional(name),
    url: z.optional(url),
    types: z.optional(types),
    payload: z.optional(z.enum(WEBHOOK_PAYLOADS)),
    enabled: z.optional(z.boolean()),
  }),
  reply: WebhookRow,
  status: 200,
  errors: ['not_found', 'invalid_field', 'url_not_allowed', 'conflict', 'idempotency_conflict'],
});

export const rotateWebhookSecret = operation({
  id: 'rotate-webhook-secret',
  method: 'POST',
  path: '/api/v1/webhooks/:id/rotate',
  say: 'Give a webhook a new secret; the old one signs too for a while',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: Id,
  body: z.optional(
    z.object({ overlapHours: z._default(z.number().check(z.int(), z.minimum(0), z.maximum(24 * 30)), 24) }),
  ),
  reply: WithSecret,
  status: 200,
  errors: ['not_found', 'invalid_field'],
});

export const testWebhook = operation({
  id: 'test-webhook',
  method: 'POST',
  path: '/api/v1/webhooks/:id/test',
  say: 'Send a test event now and answer what became of it; it is not repeated',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: Id,
  reply: z.object({ ok: z.boolean(), transcript: z.string(), deliveryId: z.int() }),
  status: 200,
  errors: ['not_found'],
});

export const removeWebhook = operation({
  id: 'remove-webhook',
  method: 'DELETE',
  path: '/api/v1/webhooks/:id',
  say: 'Remove a webhook; what still waits for it is closed',
  access: 'webhooks:write',
  permission: 'integrations.edit',
  params: Id,
  status: 204,
  errors: ['not_found'],
});
