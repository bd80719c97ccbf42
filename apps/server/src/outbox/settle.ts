import type { Pool } from 'pg';
import type { Claimed } from './claimDue.ts';
import { HORIZON_MS, pauseAfter, waitAfter } from './schedule.ts';
import type { NoWay, SendResult } from './sender.ts';

/** What became of an attempt, to be written. */
export type Settled = { readonly claimed: Claimed; readonly result: SendResult; readonly tookMs: number };

const DETAIL_CHARS = 1_000;
/** A webhook that failed for so long without a single success is switched off. */
const GIVE_UP_WEBHOOK_MS = 5 * 24 * 3_600_000;

/**
 * `$4` outcomes: sent, failed, refused, gone. `$9`: there is no such way, and another was taken. Whoever lost the lease
 * writes nothing.
 */
const SETTLE = `
with clock as materialized (select now_ms() as now), told as (
  select * from unnest($1::int8[], $2::int[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int8[], $9::bool[])
    as t(id, fence, n, outcome, detail, took_ms, wait_ms, no_way)
), settled as (
  update delivery d set
    state = case when t.outcome = 'sent' then 'sent' when t.no_way then 'superseded'
      when t.outcome = 'failed' and (select now from clock) - d.first_at < ${HORIZON_MS} then 'pending' else 'dead' end,
    closed_at = case when t.outcome = 'failed' and (select now from clock) - d.first_at < ${HORIZON_MS} then null
      else (select now from clock) end,
    closed_reason = case when t.no_way then t.detail else case t.outcome when 'sent' then null when 'refused' then 'refused' when 'gone' then 'gone'
      else case when (select now from clock) - d.first_at >= ${HORIZON_MS} then 'given up' end end end,
    last_error = case when t.outcome = 'sent' then d.last_error else t.detail end,
    next_at = (select now from clock) + t.wait_ms, lease_node = null, lease_until = null
  from told t where d.id = t.id and d.fence = t.fence and d.state = 'pending'
  returning d.id, d.state, d.destination, d.channel, d.last_error
), attempts as (
  insert into delivery_attempt (delivery_id, n, at, took_ms, outcome, node, detail)
  select t.id, t.n, (select now from clock) - t.took_ms, t.took_ms, t.outcome, $8, t.detail
  from told t join settled s on s.id = t.id on conflict do nothing
), alerts as (
  insert into alert (key, kind, say, count)
  select 'dead ' || destination, 'delivery-dead',
    'What was to go to ' || destination || ' was given up: ' || coalesce(min(last_error), ''), count(*)
  from settled where state = 'dead' group by destination
  on conflict (key) where closed_at is null do update
    set latest_at = now_ms(), count = alert.count + excluded.count, say = excluded.say
)
select id, state from settled`;

const FAILED = `
with told as (
  select key, max(pause_ms) as pause_ms, count(*) as n from unnest($1::text[], $2::int8[]) as t(key, pause_ms) group by key
)
insert into destination as d (key, failures, failing_since, paused_until)
select key, n, now_ms(), case when pause_ms = 0 then 0 else now_ms() + pause_ms end from told order by key
on conflict (key) do update set failures = d.failures + excluded.failures,
  failing_since = coalesce(d.failing_since, excluded.failing_since),
  paused_until = greatest(d.paused_until, excluded.paused_until)
returning key, failures, now_ms() - failing_since as failing_ms`;

const outcomeOf = (result: SendResult): 'sent' | 'failed' | 'refused' | 'gone' => {
  if (result.ok) return 'sent';
  if (result.gone === true) return 'gone';
  return result.retry ? 'failed' : 'refused';
};

/**
 * Writes what became of attempts, in one statement: the state, the log, and an alert for each destination whose
 * deliveries were given up. Then how each destination does. Answers the ids that were still held.
 */
export const settle = async (
  pool: Pool,
  node: string,
  unordered: readonly Settled[],
  random: () => number,
): Promise<ReadonlySet<number>> => {
  const done = unordered.toSorted((one, other) => one.claimed.delivery.id - other.claimed.delivery.id);
  const { rows } = await pool.query<{ id: number }>({
    name: 'settle-deliveries',
    text: SETTLE,
    values: [
      done.map(({ claimed }) => claimed.delivery.id),
      done.map(({ claimed }) => claimed.fence),
      done.map(({ claimed }) => claimed.delivery.attempt),
      done.map(({ result }) => outcomeOf(result)),
      done.map(({ result }) => result.detail.slice(0, DETAIL_CHARS)),
      done.map(({ tookMs }) => Math.round(tookMs)),
      done.map(({ claimed, result }) =>
        result.ok ? 0 : waitAfter(claimed.delivery.attempt, random(), result.retryAfterMs),
      ),
      node,
      done.map(({ result }) => noWayOf(result) !== null),
    ],
  });
  const held = new Set(rows.map((row) => row.id));
  const kept = done.filter(({ claimed }) => held.has(claimed.delivery.id));
  await noteDestinations(pool, kept);
  await tellNoWays(
    pool,
    kept.flatMap(({ result }) => noWayOf(result) ?? []),
  );
  return held;
};

const noWayOf = (result: SendResult): NoWay | null => (result.ok ? null : (result.noWay ?? null));

/** One alert for each cause, however many deliveries met it. */
const tellNoWays = async (pool: Pool, met: readonly NoWay[]): Promise<void> => {
  const causes = [...new Map(met.map((one) => [one.cause, one])).values()];
  if (causes.length === 0) return;
  await pool.query(
    `insert into alert (key, kind, say, count) select * from unnest($1::text[], $2::text[], $3::text[], $4::int[])
     on conflict (key) where closed_at is null do update
       set latest_at = now_ms(), count = alert.count + excluded.count, say = excluded.say`,
    [
      causes.map(({ cause }) => cause),
      causes.map(({ kind }) => kind),
      causes.map(({ say }) => say),
      causes.map(({ cause }) => met.filter((one) => one.cause === cause).length),
    ],
  );
};

const noteDestinations = async (pool: Pool, done: readonly Settled[]): Promise<void> => {
  const works = done
    .filter(({ claimed, result }) => result.ok && claimed.failing)
    .map((one) => one.claimed.destination);
  if (works.length > 0)
    await pool.query('delete from destination where key = any($1::text[]) and disabled_at is null', [works]);
  const failed = done.filter(({ result }) => outcomeOf(result) === 'failed');
  if (failed.length > 0) await noteFailures(pool, failed);
  for (const { claimed, result } of done)
    if (outcomeOf(result) === 'gone')
      await disableDestination(pool, claimed.destination, `it is gone: ${result.detail}`);
};

const noteFailures = async (pool: Pool, failed: readonly Settled[]): Promise<void> => {
  const { rows } = await pool.query<{ key: string; failures: number; failing_ms: number }>(FAILED, [
    failed.map(({ claimed }) => claimed.destination),
    failed.map(({ result }) => (result.ok ? 0 : (result.retryAfterMs ?? 0))),
  ]);
  for (const { key, failures, failing_ms } of rows) {
    const pause = pauseAfter(failures);
    if (pause > 0)
      await pool.query('update destination set paused_until = greatest(paused_until, now_ms() + $2) where key = $1', [
        key,
        pause,
      ]);
    if (key.startsWith('webhook ') && failing_ms > GIVE_UP_WEBHOOK_MS)
      await disableDestination(pool, key, 'it failed for five days');
  }
};

/** Switches a destination off: nothing goes there any more, what waits is closed as dead, and people are told. */
export const disableDestination = async (pool: Pool, key: string, reason: string): Promise<void> => {
  await pool.query(
    `with off as (
       insert into destination (key, failures, failing_since, disabled_at, disabled_reason)
       values ($1, 1, now_ms(), now_ms(), $2)
       on conflict (key) do update set disabled_at = now_ms(), disabled_reason = $2
     ), hook as (
       update webhook set disabled_at = now_ms(), disabled_reason = $2
       where 'webhook ' || id = $1 and disabled_at is null and removed_at is null
     ), waiting as (
       update delivery set state = 'dead', closed_at = now_ms(), closed_reason = 'destination disabled',
         lease_node = null, lease_until = null
       where destination = $1 and state = 'pending' and lease_node is null
     )
     insert into alert (key, kind, say) values ('disabled ' || $1, 'destination-disabled', $1 || ' was switched off: ' || $2)
     on conflict (key) where closed_at is null do update set latest_at = now_ms(), count = alert.count + 1`,
    [key, reason.slice(0, DETAIL_CHARS)],
  );
};
