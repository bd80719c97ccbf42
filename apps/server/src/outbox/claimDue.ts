import type { Pool } from 'pg';
import type { Lanes } from './lanes.ts';
import type { Delivery, DeliveryChannel } from './sender.ts';

/** A delivery under lease. Only who comes with `fence` may say what became of it. */
export type Claimed = {
  readonly delivery: Delivery;
  readonly destination: string;
  readonly toOwner: boolean;
  readonly fence: number;
  /** The destination failed the last time. */
  readonly failing: boolean;
};

/** How long an attempt may take in all, and how long nobody else tries the same: a dead node's are free within 30 s. */
export const ATTEMPT_MS = 20_000;
export const LEASE_MS = 28_000;

/**
 * Takes what is due, lane by lane: of each destination as many as it has places, of each channel as many as it has. One
 * index step for each destination that something waits for, however much waits there; those of other channels than these
 * lanes have are let be. What another node took and did not
 * settle within its lease is taken again, and that attempt is noted as lost.
 */
const CLAIM = `
with recursive clock as materialized (select now_ms() as now), lanes as (
  (select destination from delivery where state = 'pending' order by destination limit 1)
  union all
  select (select d.destination from delivery d where d.state = 'pending' and d.destination > l.destination
          order by d.destination limit 1)
  from lanes l where l.destination is not null
), open as (
  select l.destination, coalesce(s.failures, 0) > 0 as failing,
    (case when coalesce(s.failures, 0) > 0 then 1 else $5::int end) - coalesce(b.held, 0) as free
  from lanes l
  left join destination s on s.key = l.destination
  left join unnest($6::text[], $7::int[]) as b(destination, held) on b.destination = l.destination
  where l.destination is not null and split_part(l.destination, ' ', 1) = any($2::text[])
    and (s.key is null or (s.disabled_at is null and s.paused_until <= (select now from clock)))
), due as (
  select d.id, d.channel, d.next_at, d.attempts, d.lease_node, open.failing from open cross join lateral (
    select id, channel, next_at, attempts, lease_node from delivery
    where destination = open.destination and state = 'pending' and next_at <= (select now from clock)
    order by next_at limit greatest(open.free, 0) for update skip locked
  ) d
), ranked as (
  select due.*, row_number() over (partition by due.channel order by due.next_at) as in_channel,
    row_number() over (partition by due.failing order by due.next_at) as in_kind
  from due
), chosen as (
  select r.* from ranked r join unnest($2::text[], $3::int[]) as c(channel, free) on c.channel = r.channel
  where r.in_channel <= c.free and (not r.failing or r.in_kind <= $4::int)
), lost as (
  insert into delivery_attempt (delivery_id, n, at, took_ms, outcome, node, detail)
  select id, attempts, next_at - ${LEASE_MS}, ${LEASE_MS}, 'lost', lease_node, 'nobody came back to tell'
  from chosen where lease_node is not null
  on conflict do nothing
)
update delivery d set fence = d.fence + 1, attempts = d.attempts + 1, first_at = coalesce(d.first_at, (select now from clock)),
  lease_node = $1, lease_until = (select now from clock) + ${LEASE_MS}, next_at = (select now from clock) + ${LEASE_MS}
from chosen where chosen.id = d.id
returning d.id, d.key, d.channel, d.rep_id, d.covers_for, d.place, d.webhook_id, d.handoff_id, d.contact_id, d.decision_id,
  d.about, d.intent, d.subject, d.body, d.created_at, d.attempts, d.fence, d.destination, d.to_owner, chosen.failing`;

type Row = {
  id: number;
  key: string;
  channel: DeliveryChannel;
  rep_id: number | null;
  covers_for: number | null;
  place: string | null;
  webhook_id: number | null;
  handoff_id: number | null;
  contact_id: number | null;
  decision_id: number | null;
  about: string;
  intent: string | null;
  subject: string;
  body: string;
  created_at: number;
  attempts: number;
  fence: number;
  destination: string;
  to_owner: boolean;
  failing: boolean;
};

/** Claims what is due and has room in its lane, for this node. The caller takes the places in `lanes`. */
export const claimDue = async (pool: Pool, node: string, lanes: Lanes): Promise<readonly Claimed[]> => {
  const room = lanes.room();
  if (room.channels.every(([, free]) => free === 0)) return [];
  const { rows } = await pool.query<Row>({
    name: 'claim-deliveries',
    text: CLAIM,
    values: [
      node,
      room.channels.map(([channel]) => channel),
      room.channels.map(([, free]) => free),
      room.failing,
      room.lane,
      room.busy.map(([destination]) => destination),
      room.busy.map(([, held]) => held),
    ],
  });
  return rows.map((row) => ({
    delivery: {
      id: row.id,
      key: row.key,
      channel: row.channel,
      repId: row.rep_id,
      coversFor: row.covers_for,
      place: row.place,
      webhookId: row.webhook_id,
      handoffId: row.handoff_id,
      contactId: row.contact_id,
      decisionId: row.decision_id,
      about: row.about,
      intent: row.intent,
      subject: row.subject,
      body: row.body,
      createdAt: row.created_at,
      attempt: row.attempts,
    },
    destination: row.destination,
    toOwner: row.to_owner,
    fence: row.fence,
    failing: row.failing,
  }));
};
