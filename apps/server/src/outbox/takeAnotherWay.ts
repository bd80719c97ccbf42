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
select w.id, (
  select taken.channel from (
    select d.channel from delivery d where d.key = any(w.keys)
    union all
    select d.channel from delivery d where d.decision_id = w.decision_id and d.place = w.place and d.channel = any(w.channels)
  ) taken limit 1
) as channel
from (
  select id, decision_id, place, string_to_array(keys, chr(10)) as keys, string_to_array(channels, chr(10)) as channels
  from unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[]) as t(id, decision_id, place, keys, channels)
) w`;

const INSERT = `
insert into delivery (next_at, created_at, handoff_id, contact_id, decision_id, rep_id, covers_for, to_owner, place, key,
  destination, channel, about, intent, subject, body)
select now_ms(), d.created_at, d.handoff_id, d.contact_id, d.decision_id, d.rep_id, d.covers_for, d.to_owner, d.place, w.key,
  w.channel || ' ' || coalesce('rep:' || d.rep_id, d.place), w.channel, d.about, d.intent, d.subject, d.body || w.note
from unnest($1::int8[], $2::text[], $3::text[], $4::text[]) as w(id, key, channel, note) join delivery d on d.id = w.id
on conflict (key) do nothing`;

/** Behind the decision's own effects, and behind those of covers and managers. */
const IN_APP_FROM = 4_000;

/** For a place that nothing else reaches: whoever answers for the lead hears of it in the app. */
const IN_APP = `
with told as (
  insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
  select d.decision_id, ${IN_APP_FROM} + split_part(d.key, ':', 2)::int, m.id, d.handoff_id, d.contact_id, now_ms(), d.about,
    d.subject, d.body || w.note
  from unnest($1::int8[], $2::text[]) as w(id, note) join delivery d on d.id = w.id join handoff h on h.id = d.handoff_id
  left join rep owner on owner.id = h.owner_id left join team t on t.id = h.team_id
  join rep m on m.id = coalesce(owner.manager_id, t.manager_id) and m.active
  where d.rep_id is null and d.decision_id is not null and d.key ~ '^\\d+:\\d{1,3}:'
  on conflict do nothing returning handoff_id, contact_id
)
insert into feed (at, handoff_id, contact_id, kind) select now_ms(), handoff_id, contact_id, 'notice' from told`;

/** A notice that can't go by its way, and why, in words that end a sentence. */
export type Turned = { readonly delivery: Delivery; readonly why: string };

/**
 * Sends what can't go by its way by the next one that is set up, unless the notice goes there already; with none left, a
 * rep has it in the app as always, and what was for a place is told in the app to the manager of its owner or team.
 * Safe to repeat. Answers what was done with each, for the log. At most three statements, however many they are.
 */
export const takeAnotherWay = async (
  pool: Pool,
  turned: readonly Turned[],
  setUp: readonly DeliveryChannel[],
): Promise<readonly string[]> => {
  const all = turned.map((one) => ({ ...one, ways: waysOf(one.delivery, setUp), note: noteOf(one.why) }));
  const taken = await takenOf(
    pool,
    all.filter(({ ways }) => ways.length > 0),
  );
  const free = all.filter(({ delivery }) => !taken.has(delivery.id));
  const onward = free.flatMap(({ delivery, ways: [way], note }) =>
    way === undefined ? [] : [{ delivery, way, note }],
  );
  if (onward.length > 0)
    await pool.query(INSERT, [
      onward.map(({ delivery }) => delivery.id),
      onward.map(({ way }) => way.key),
      onward.map(({ way }) => way.channel),
      onward.map(({ note }) => note),
    ]);
  const inApp = free.filter(({ ways, delivery }) => ways.length === 0 && delivery.repId === null);
  if (inApp.length > 0)
    await pool.query(IN_APP, [inApp.map(({ delivery }) => delivery.id), inApp.map(({ note }) => note)]);
  return all.map(({ delivery, ways }) => {
    const other = taken.get(delivery.id);
    if (other !== undefined) return `it goes by ${other} too`;
    return ways[0] === undefined ? 'it stands in the app' : `it goes by ${ways[0].channel} instead`;
  });
};

type Way = { readonly channel: DeliveryChannel; readonly key: string };

const noteOf = (why: string): string => `\n\nBy another way, because ${why}.`;

const waysOf = (delivery: Delivery, setUp: readonly DeliveryChannel[]): readonly Way[] =>
  STAND_INS.filter(
    ({ channel, carries }) => channel !== delivery.channel && setUp.includes(channel) && carries(delivery),
  ).map(({ channel }) => ({ channel, key: keyBy(delivery, channel) }));

/** By which other channel each goes already. Keys hold no line ends. */
const takenOf = async (
  pool: Pool,
  all: readonly { readonly delivery: Delivery; readonly ways: readonly Way[] }[],
): Promise<ReadonlyMap<number, string>> => {
  if (all.length === 0) return new Map();
  const { rows } = await pool.query<{ id: number; channel: string | null }>(TAKEN, [
    all.map(({ delivery }) => delivery.id),
    all.map(({ delivery }) => delivery.decisionId),
    all.map(({ delivery }) => delivery.place),
    all.map(({ ways }) => ways.map(({ key }) => key).join('\n')),
    all.map(({ ways }) => ways.map(({ channel }) => channel).join('\n')),
  ]);
  return new Map(rows.flatMap(({ id, channel }) => (channel === null ? [] : [[id, channel] as const])));
};

/** The key of the same notice by another channel: that of the policy's own delivery there, if it has one. */
const keyBy = ({ key, channel }: Delivery, other: DeliveryChannel): string => {
  const parts = key.split(':');
  const at = parts.indexOf(channel);
  return at < 0 ? `${key}:${other}` : parts.with(at, other).join(':');
};
