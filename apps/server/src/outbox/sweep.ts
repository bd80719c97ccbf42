import type { Pool } from 'pg';
import { HORIZON_MS } from './schedule.ts';
import { DELIVERY_CHANNELS, type DeliveryChannel, type NoWay } from './sender.ts';

/** A high-intent notice that got through by none of its ways within this long takes another. */
export const DETOUR_AFTER_MS = 10 * 60_000;

/**
 * Notices of high intent that by now got through nowhere: the rest of the channels is tried for the same rep, and the
 * rep's manager is told, in the app and by every channel. Once for each notice.
 */
const DETOUR = `
with late as (
  update delivery d set detoured = true
  where d.intent = 'high' and d.state <> 'sent' and not d.detoured and d.state <> 'superseded'
    and d.created_at < now_ms() - ${DETOUR_AFTER_MS} and d.rep_id is not null and d.decision_id is not null
    and d.handoff_id is not null and d.key ~ '^\\d+:\\d{1,3}:[a-z]+$'
    and not exists (select from delivery other where other.decision_id = d.decision_id and other.state = 'sent'
      and split_part(other.key, ':', 2) = split_part(d.key, ':', 2))
  returning d.*
), notices as (
  select distinct on (decision_id, split_part(key, ':', 2)) late.*, split_part(key, ':', 2)::int as effect,
    coalesce(late.covers_for, late.rep_id) as meant_for
  from late order by decision_id, split_part(key, ':', 2), id
), told as (
  select n.*, r.name as rep_name, m.id as manager_id from notices n
  join rep r on r.id = n.meant_for left join rep m on m.id = r.manager_id and m.active
), ways as (
  insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, to_owner, detoured, key, destination,
    channel, about, intent, subject, body)
  select now_ms(), now_ms(), t.handoff_id, t.contact_id, t.decision_id, t.rep_id, t.to_owner, true,
    t.decision_id || ':' || t.effect || ':' || c.channel, c.channel || ' rep:' || t.rep_id, c.channel, t.about, t.intent,
    t.subject, t.body
  from told t cross join unnest($1::text[]) as c(channel)
  on conflict (key) do nothing
), up as (
  insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, detoured, key, destination, channel,
    about, intent, subject, body)
  select now_ms(), now_ms(), t.handoff_id, t.contact_id, t.decision_id, t.manager_id, true,
    t.decision_id || ':' || t.effect || ':' || c.channel || ':manager', c.channel || ' rep:' || t.manager_id, c.channel, t.about,
    t.intent, t.rep_name || ' could not be told: ' || t.subject, t.body
  from told t cross join unnest($1::text[]) as c(channel) where t.manager_id is not null
  on conflict (key) do nothing
), in_app as (
  insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
  select t.decision_id, 3000 + t.effect, t.manager_id, t.handoff_id, t.contact_id, now_ms(), t.about,
    t.rep_name || ' could not be told: ' || t.subject, t.body
  from told t where t.manager_id is not null
  on conflict do nothing
)
insert into alert (key, kind, say)
select 'late rep:' || t.meant_for, 'notice-late',
  'High intent, and ' || t.rep_name || ' could not be told within ten minutes' ||
  case when t.manager_id is null then '; there is no manager to tell.' else '.' end
from (select distinct meant_for, rep_name, manager_id from told) t
on conflict (key) where closed_at is null do update set latest_at = now_ms(), count = alert.count + 1`;

/** What waits for a destination that is switched off, or that worked never since before it was written. */
const GIVE_UP = `
with closed as (
  update delivery d set state = 'dead', closed_at = now_ms(),
    closed_reason = case when s.disabled_at is null then 'given up' else 'destination disabled' end
  from destination s
  where d.destination = s.key and d.state = 'pending' and d.lease_node is null and d.next_at <= now_ms()
    and (s.disabled_at is not null
      or (d.created_at < now_ms() - ${HORIZON_MS} and s.failing_since < now_ms() - ${HORIZON_MS}))
  returning d.destination, d.last_error
)
insert into alert (key, kind, say, count)
select 'dead ' || destination, 'delivery-dead',
  'What was to go to ' || destination || ' was given up: ' || coalesce(min(last_error), 'it does not work'), count(*)
from closed group by destination
on conflict (key) where closed_at is null do update
  set latest_at = now_ms(), count = alert.count + excluded.count, say = excluded.say`;

/** What the policy asks for and nobody set up. Said once; what meets it counts it up. */
const IS_UNSET = `
insert into alert (key, kind, say) select * from unnest($1::text[], $2::text[], $3::text[])
on conflict (key) where closed_at is null do nothing`;

/** The alert of a channel that notices are to go by and that is not set up. */
export const unsetAlert = (channel: DeliveryChannel): NoWay => ({
  cause: `unset ${channel}`,
  kind: 'channel-not-set-up',
  say: `Notices are to go by ${channel}, which is not set up: they go other ways. \`baton channels\` says what to set.`,
});

const IS_SET_UP = `update alert set closed_at = now_ms(), closed_by = 'it is set up' where key = any($1::text[]) and closed_at is null`;

/** What no single attempt sees: channels that are set up by now, or that the policy asks for (`asked`) and are not, late notices of high intent, and what can't get anywhere any more. Safe on several nodes. */
export const sweepDeliveries = async (
  pool: Pool,
  channels: readonly DeliveryChannel[],
  asked: ReadonlySet<string>,
): Promise<void> => {
  await pool.query(GIVE_UP);
  await pool.query(IS_SET_UP, [channels.map((channel) => unsetAlert(channel).cause)]);
  const unset = DELIVERY_CHANNELS.filter((channel) => asked.has(channel) && !channels.includes(channel)).map(
    unsetAlert,
  );
  if (unset.length > 0)
    await pool.query(IS_UNSET, [
      unset.map(({ cause }) => cause),
      unset.map(({ kind }) => kind),
      unset.map(({ say }) => say),
    ]);
  await pool.query(DETOUR, [channels.filter((channel) => channel !== 'webhook')]);
};
