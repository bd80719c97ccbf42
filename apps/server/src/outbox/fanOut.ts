import { eventTypeOf, wantsType } from '@baton/contract/webhookEvents.ts';
import type { DecisionOutcome } from '@baton/domain/handoff/decision.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { readEventData } from './eventData.ts';

const ROWS_AT_ONCE = 500;
const POLL_MS = 1_000;

/** One decision as receivers hear of it. */
export type WebhookEvent = {
  readonly decisionId: number;
  readonly type: string;
  readonly at: Instant;
  readonly contactId: number;
  readonly handoffId: number | null;
};

type Hook = { id: number; types: string; payload: 'thin' | 'full'; since: number };

const HOOKS = 'select id, types, payload, since from webhook where disabled_at is null and removed_at is null';

/** Of the feed's rows whose transaction nothing can come before any more, with the decisions that wrote them. */
const EVENTS = `
with rows as (
  select tx, id, at, contact_id, handoff_id from feed
  where (tx, id) > ($1::text::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
  order by tx, id limit ${ROWS_AT_ONCE}
)
select rows.tx::text, rows.id, d.id as decision_id, d.outcome, d.at, d.recorded_at, rows.contact_id, rows.handoff_id
from rows left join decision d on d.contact_id = rows.contact_id and d.at = rows.at
order by rows.tx, rows.id, d.id`;

const INSERT = `
insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, webhook_id, key, destination, channel, about,
  subject, body)
select now_ms(), now_ms(), u.handoff_id, u.contact_id, u.decision_id, u.webhook_id, u.key, 'webhook ' || u.webhook_id, 'webhook',
  u.about, u.about, u.body
from unnest($1::int8[], $2::int8[], $3::int8[], $4::int[], $5::text[], $6::text[], $7::text[])
  as u(handoff_id, contact_id, decision_id, webhook_id, key, about, body)
on conflict (key) do nothing`;

/**
 * Makes deliveries of what the feed tells since the last time, one for each decision and webhook that asks for its type,
 * and moves the cursor in the same transaction. One node at a time. Answers how many rows it read.
 */
export const fanOut = async (pool: Pool): Promise<number> => {
  const { rows: hooks } = await pool.query<Hook>({ name: 'webhooks-on', text: HOOKS });
  if (hooks.length === 0) return 0;
  return inTransaction(pool, async (client) => {
    const cursor = await client.query<{ tx: string; id: number }>(
      `select tx::text, id from feed_cursor where name = 'webhooks' for update skip locked`,
    );
    const place = cursor.rows[0];
    if (place === undefined) return 0;
    const { rows } = await client.query<{
      tx: string;
      id: number;
      decision_id: number | null;
      outcome: DecisionOutcome;
      at: number;
      recorded_at: number;
      contact_id: number;
      handoff_id: number | null;
    }>(EVENTS, [place.tx, place.id]);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const events = new Map<number, WebhookEvent & { readonly recordedAt: Instant }>();
    for (const row of rows) {
      const type = row.decision_id === null ? null : eventTypeOf(row.outcome);
      if (row.decision_id === null || type === null) continue;
      events.set(row.decision_id, {
        decisionId: row.decision_id,
        type,
        at: row.at,
        recordedAt: row.recorded_at,
        contactId: row.contact_id,
        handoffId: row.handoff_id ?? events.get(row.decision_id)?.handoffId ?? null,
      });
    }
    await writeDeliveries(client, hooks, [...events.values()]);
    await client.query(`update feed_cursor set tx = $1::text::xid8, id = $2 where name = 'webhooks'`, [
      last.tx,
      last.id,
    ]);
    return rows.length;
  });
};

const writeDeliveries = async (
  client: PoolClient,
  hooks: readonly Hook[],
  events: readonly (WebhookEvent & { readonly recordedAt: Instant })[],
): Promise<void> => {
  const pairs = hooks.flatMap((hook) => {
    const wanted = hook.types.split(' ');
    return events
      .filter(({ type, recordedAt }) => recordedAt >= hook.since && wantsType(wanted, type))
      .map((event) => ({ hook, event }));
  });
  if (pairs.length === 0) return;
  const full = pairs.filter(({ hook }) => hook.payload === 'full').map(({ event }) => event);
  const data = await readEventData(client, full);
  await client.query(INSERT, [
    pairs.map(({ event }) => event.handoffId),
    pairs.map(({ event }) => event.contactId),
    pairs.map(({ event }) => event.decisionId),
    pairs.map(({ hook }) => hook.id),
    pairs.map(({ event, hook }) => `evt_${event.decisionId}_${hook.id}`),
    pairs.map(({ event }) => event.type),
    pairs.map(({ event, hook }) => eventBody(event, hook.payload === 'full' ? data.get(event.decisionId) : undefined)),
  ]);
};

const eventBody = ({ type, at, decisionId, handoffId, contactId }: WebhookEvent, more: object | undefined): string =>
  JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: { decisionId, handoffId, contactId, ...more },
  });

export type FanOut = { readonly wake: () => void; readonly stop: () => Promise<void> };

/** Fans out soon after a wake and at least once a second. `onFannedOut`: there is something new to send. */
export const startFanOut = (
  pool: Pool,
  hear: { readonly onFannedOut: () => void; readonly onError: (error: unknown) => void },
): FanOut => {
  let stopped = false;
  let again = false;
  let working: Promise<void> | null = null;
  const work = async (): Promise<void> => {
    do {
      again = false;
      const read = await fanOut(pool);
      if (read > 0) hear.onFannedOut();
      if (read >= ROWS_AT_ONCE) again = true;
    } while (again && !stopped);
  };
  const wake = (): void => {
    again = true;
    if (stopped) return;
    working ??= work()
      .catch((error: unknown) => {
        if (!stopped) hear.onError(error);
      })
      .finally(() => {
        working = null;
      });
  };
  const poll = setInterval(wake, POLL_MS);
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(poll);
      await working;
    },
  };
};
