import type { Pool } from 'pg';
import type { DeliveryChannel } from './sender.ts';

export type DeliveryState = 'pending' | 'sent' | 'dead' | 'superseded';

/** A delivery as lists show it. Instants are epoch ms. */
export type StoredDelivery = {
  readonly id: number;
  readonly key: string;
  readonly channel: DeliveryChannel;
  readonly destination: string;
  readonly about: string;
  readonly subject: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly rep_id: number | null;
  readonly covers_for: number | null;
  readonly handoff_id: number | null;
  readonly contact_id: number | null;
  readonly webhook_id: number | null;
  readonly created_at: number;
  readonly next_at: number;
  readonly closed_at: number | null;
  readonly closed_reason: string | null;
  readonly last_error: string | null;
};

export type StoredAttempt = {
  readonly n: number;
  readonly at: number;
  readonly took_ms: number;
  readonly outcome: 'sent' | 'failed' | 'refused' | 'gone' | 'lost';
  readonly detail: string;
};

export type DeliveryFilter = {
  readonly state?: DeliveryState | undefined;
  readonly channel?: DeliveryChannel | undefined;
  readonly webhook?: number | undefined;
  readonly handoff?: number | undefined;
};

const COLUMNS = `id, key, channel, destination, about, subject, state, attempts, rep_id, covers_for, handoff_id, contact_id,
  webhook_id, created_at, next_at, closed_at, closed_reason, last_error`;

/** Deliveries with an id below `before`, newest first, at most `limit`. */
export const listDeliveries = async (
  pool: Pool,
  filter: DeliveryFilter,
  before: number,
  limit: number,
): Promise<readonly StoredDelivery[]> => {
  const { rows } = await pool.query<StoredDelivery>(
    `select ${COLUMNS} from delivery where id < $1 and ($3::text is null or state = $3) and ($4::text is null or channel = $4)
       and ($5::int is null or webhook_id = $5) and ($6::int8 is null or handoff_id = $6)
     order by id desc limit $2`,
    [before, limit, filter.state ?? null, filter.channel ?? null, filter.webhook ?? null, filter.handoff ?? null],
  );
  return rows;
};

/** One delivery with its attempts in order; null where there is none. */
export const readDelivery = async (
  pool: Pool,
  id: number,
): Promise<{ readonly delivery: StoredDelivery; readonly log: readonly StoredAttempt[] } | null> => {
  const found = await pool.query<StoredDelivery>(`select ${COLUMNS} from delivery where id = $1`, [id]);
  const delivery = found.rows[0];
  if (delivery === undefined) return null;
  const log = await pool.query<StoredAttempt>(
    'select n, at, took_ms, outcome, detail from delivery_attempt where delivery_id = $1 order by n',
    [id],
  );
  return { delivery, log: log.rows };
};

const REPLAY = `
with again as (
  update delivery d set state = 'pending', closed_at = null, closed_reason = null, first_at = null, next_at = now_ms()
  where d.state = 'dead' and ($1::int8 is null or d.id = $1) and ($2::text is null or d.channel = $2)
    and ($3::int is null or d.webhook_id = $3)
    and (d.webhook_id is null or exists (select from webhook w where w.id = d.webhook_id and w.removed_at is null and w.disabled_at is null))
  returning d.destination
), freed as (
  delete from destination where key in (select destination from again)
), done as (
  update alert set closed_at = now_ms(), closed_by = $4
  where closed_at is null and key in (select 'dead ' || destination from again union select 'disabled ' || destination from again)
    and not exists (select from delivery d where 'dead ' || d.destination = alert.key and d.state = 'dead'
      and d.destination not in (select destination from again))
), noted as (
  insert into audit (by, action, subject, detail)
  select $4, 'deliveries-replayed', coalesce('delivery:' || $1::int8, 'deliveries'), json_build_object('count', count(*))::text
  from again having count(*) > 0
)
select count(*) as n from again`;

/**
 * Sends what was given up once more, under its own key, and lets its destination work again: one (`id`), or all of a
 * channel or webhook. What is for a webhook that is switched off stays. Answers how many.
 */
export const replayDeliveries = async (
  pool: Pool,
  which: {
    readonly id?: number;
    readonly channel?: DeliveryChannel | undefined;
    readonly webhook?: number | undefined;
  },
  by: string,
): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(REPLAY, [
    which.id ?? null,
    which.channel ?? null,
    which.webhook ?? null,
    by,
  ]);
  return rows[0]?.n ?? 0;
};
