import type { Pool } from 'pg';
import type { Delivery, DeliveryChannel } from './sender.ts';

/** The ways that can stand in for another, best first. Webhooks are programs: nobody reads a notice there. */
const STAND_INS: readonly {
  readonly channel: DeliveryChannel;
  readonly carries: (delivery: Delivery) => boolean;
}[] = [
  { channel: 'email', carries: ({ place }) => place === null || /^[^\s@]+@[^\s@]+$/.test(place) },
  { channel: 'slack', carries: ({ place }) => place === null || place.startsWith('#') },
  // Teams reaches rooms, not people
  { channel: 'teams', carries: ({ place }) => place !== null },
];

/** A place has an effect of its own for each way, so that its keys differ in their index too. */
const TAKEN = `
select channel from delivery where key = any($1::text[])
  or (decision_id = $3::int8 and place = $4::text and channel = any($2::text[]))`;

const INSERT = `
insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, covers_for, to_owner, place, key,
  destination, channel, about, intent, subject, body)
select now_ms(), created_at, handoff_id, contact_id, decision_id, rep_id, covers_for, to_owner, place, $2,
  $3 || ' ' || coalesce('rep:' || rep_id, place), $3, about, intent, subject, body || $4
from delivery where id = $1
on conflict (key) do nothing`;

/** Behind the decision's own effects, and behind those of covers and managers. */
const IN_APP_FROM = 4_000;

/** For a place that nothing else reaches: whoever answers for the lead hears of it in the app. */
const IN_APP = `
with told as (
  insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
  select d.decision_id, ${IN_APP_FROM} + split_part(d.key, ':', 2)::int, m.id, d.handoff_id, d.contact_id, now_ms(), d.about,
    d.subject, d.body || $2
  from delivery d join handoff h on h.id = d.handoff_id
  left join rep owner on owner.id = h.owner_id left join team t on t.id = h.team_id
  join rep m on m.id = coalesce(owner.manager_id, t.manager_id) and m.active
  where d.id = $1 and d.rep_id is null and d.decision_id is not null and d.key ~ '^\\d+:\\d{1,3}:'
  on conflict do nothing returning handoff_id, contact_id
)
insert into feed (at, handoff_id, contact_id, kind) select now_ms(), handoff_id, contact_id, 'notice' from told`;

/**
 * Sends what can't go by its way by the next one that is set up, unless the notice goes there already; with none left, a
 * rep has it in the app as always, and what was for a place is told in the app to the manager of its owner or team.
 * Safe to repeat. Answers what was done, for the log.
 */
export const takeAnotherWay = async (
  pool: Pool,
  delivery: Delivery,
  setUp: readonly DeliveryChannel[],
  why: string,
): Promise<string> => {
  const ways = STAND_INS.filter(
    ({ channel, carries }) => channel !== delivery.channel && setUp.includes(channel) && carries(delivery),
  ).map(({ channel }) => ({ channel, key: keyBy(delivery, channel) }));
  const taken = await pool.query<{ channel: string }>(TAKEN, [
    ways.map(({ key }) => key),
    ways.map(({ channel }) => channel),
    delivery.decisionId,
    delivery.place,
  ]);
  if (taken.rows[0] !== undefined) return `it goes by ${taken.rows[0].channel} too`;
  const next = ways[0];
  const note = `\n\nBy another way, because ${why}.`;
  if (next === undefined) {
    await pool.query(IN_APP, [delivery.id, note]);
    return 'it stands in the app';
  }
  await pool.query(INSERT, [delivery.id, next.key, next.channel, note]);
  return `it goes by ${next.channel} instead`;
};

/** The key of the same notice by another channel: that of the policy's own delivery there, if it has one. */
const keyBy = ({ key, channel }: Delivery, other: DeliveryChannel): string => {
  const parts = key.split(':');
  const at = parts.indexOf(channel);
  return at < 0 ? `${key}:${other}` : parts.with(at, other).join(':');
};
