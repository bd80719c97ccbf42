import { randomUUID } from 'node:crypto';
import { TEST_TYPE } from '@baton/contract/webhookEvents.ts';
import type { Pool } from 'pg';
import type { Sender } from './sender.ts';
import { readWebhook } from './webhooks.ts';

const TEST_MS = 16_000;

/**
 * Sends a test event now and answers what became of it. It is kept in the log like others and never repeated.
 * @throws WebhookError `webhook-unknown`.
 */
export const testWebhook = async (
  pool: Pool,
  sender: Sender,
  id: number,
): Promise<{ readonly ok: boolean; readonly transcript: string; readonly deliveryId: number }> => {
  const webhook = await readWebhook(pool, id);
  const key = `test_${randomUUID()}`;
  const now = (await pool.query<{ now: number }>('select now_ms() as now')).rows[0]?.now ?? 0;
  const body = JSON.stringify({
    type: TEST_TYPE,
    timestamp: new Date(now).toISOString(),
    data: { webhookId: id, say: `A test of the webhook "${webhook.name}".` },
  });
  const began = performance.now();
  const result = await sender.send(
    {
      id: 0,
      key,
      channel: 'webhook',
      repId: null,
      coversFor: null,
      place: null,
      webhookId: id,
      handoffId: null,
      contactId: null,
      decisionId: null,
      about: TEST_TYPE,
      intent: null,
      subject: TEST_TYPE,
      body,
      createdAt: now,
      attempt: 1,
    },
    AbortSignal.timeout(TEST_MS),
  );
  const { rows } = await pool.query<{ id: number }>(
    `with kept as (
       insert into delivery (next_at, created_at, closed_at, attempts, webhook_id, key, destination, channel, about, state, subject,
         body, closed_reason, last_error)
       values ($1, $1, now_ms(), 1, $2, $3, 'webhook ' || $2::int, 'webhook', $4, $5, $4, $6, $7, $8) returning id
     )
     insert into delivery_attempt (delivery_id, n, at, took_ms, outcome, node, detail)
     select id, 1, $1, $9, $10, 'test', $11 from kept returning delivery_id as id`,
    [
      now,
      id,
      key,
      TEST_TYPE,
      result.ok ? 'sent' : 'superseded',
      body,
      result.ok ? null : 'a test is not repeated',
      result.ok ? null : result.detail,
      Math.round(performance.now() - began),
      result.ok ? 'sent' : 'failed',
      result.detail.slice(0, 1_000),
    ],
  );
  return { ok: result.ok, transcript: result.detail, deliveryId: rows[0]?.id ?? 0 };
};
