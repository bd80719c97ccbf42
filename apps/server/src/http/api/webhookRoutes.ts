import {
  addWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhookSecret,
  setWebhook,
  testWebhook,
  type WebhookRow,
} from '@baton/contract/webhooks.ts';
import type { FastifyInstance } from 'fastify';
import type { SecretBox } from '../../access/secretBox.ts';
import type { CallRules } from '../../net/judgeUrl.ts';
import type { Sender } from '../../outbox/sender.ts';
import { testWebhook as sendTest } from '../../outbox/testWebhook.ts';
import * as webhooks from '../../outbox/webhooks.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

/** What webhooks need beside the rest: where they may lead, and what sends a test. */
export type WebhookDeps = ApiDeps & {
  readonly callRules: CallRules;
  readonly webhookSender: Sender;
  readonly box: SecretBox;
};

const HOUR_MS = 3_600_000;

/** Registers everything that admins do with outbound webhooks. */
export const registerWebhookRoutes = (app: FastifyInstance, deps: WebhookDeps): void => {
  const { pool, callRules, box } = deps;
  implement(app, deps, listWebhooks, async () => ({ rows: (await webhooks.listWebhooks(pool)).map(toRow) }));
  implement(app, deps, addWebhook, ({ body, caller }) =>
    saying(async () => {
      const { webhook, secret } = await webhooks.addWebhook(pool, callRules, { ...body, by: callerName(caller) }, box);
      return { webhook: toRow(webhook), secret };
    }),
  );
  implement(app, deps, setWebhook, ({ params, body, caller }) =>
    saying(async () => toRow(await webhooks.setWebhook(pool, callRules, params.id, body, callerName(caller)))),
  );
  implement(app, deps, rotateWebhookSecret, ({ params, body, caller }) =>
    saying(async () => {
      const overlapMs = (body?.overlapHours ?? 24) * HOUR_MS;
      const { webhook, secret } = await webhooks.rotateWebhookSecret(
        pool,
        params.id,
        overlapMs,
        callerName(caller),
        box,
      );
      return { webhook: toRow(webhook), secret };
    }),
  );
  implement(app, deps, testWebhook, ({ params }) => saying(() => sendTest(pool, deps.webhookSender, params.id)));
  implement(app, deps, removeWebhook, ({ params, caller }) =>
    saying(() => webhooks.removeWebhook(pool, params.id, callerName(caller))),
  );
};

const PROBLEMS = {
  'webhook-unknown': 'not_found',
  'webhook-name-taken': 'conflict',
  'url-not-allowed': 'url_not_allowed',
} as const;

const saying = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof webhooks.WebhookError)
      throw new HttpProblem(PROBLEMS[error.code], error.message, error.code === 'url-not-allowed' ? { at: 'url' } : {});
    throw error;
  }
};

const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

const toRow = (webhook: webhooks.Webhook): WebhookRow => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  types: [...webhook.types],
  payload: webhook.payload,
  createdAt: iso(webhook.createdAt),
  createdBy: webhook.createdBy,
  oldSecretUntil: isoOrNull(webhook.oldSecretUntil),
  disabledAt: isoOrNull(webhook.disabledAt),
  disabledReason: webhook.disabledReason,
  failures: webhook.failures,
  failingSince: isoOrNull(webhook.failingSince),
  waiting: webhook.waiting,
});
