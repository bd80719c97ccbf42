import type { Oracle } from './oracles.ts';

/** 75 h 35 min, as promised; not read from what sends. */
const GIVEN_UP_AFTER_MS = 272_100_000;
const LONGEST_WAIT_MS = 27 * 3_600_000;
const OVERDUE_MS = 5 * 60_000;

/** Since when notices outside of the app are written with their decisions. */
const SINCE = `coalesce((select (extract(epoch from applied_at) * 1000)::bigint from schema_migration where version = 8), 0)`;

const WEBHOOK_TYPE = `case when d.outcome in ('held', 'merged', 'stage-set') then 'contact.' else 'handoff.' end || d.outcome`;

/** What is promised of all that leaves the house (docs/architecture.md). */
export const DELIVERY_ORACLES: readonly Oracle[] = [
  {
    id: 'E1',
    promise: 'what people and programs are to be told outside is written with the decision, and nothing without one',
    cost: 'all',
    sql: `with asked as materialized (
        select distinct p.hash, way #>> '{}' as channel from policy_version p
        cross join lateral jsonb_array_elements(p.canonical::jsonb->'document'->'notify') rule
        cross join lateral jsonb_array_elements(rule->'via') way
        where rule->>'id' = 'owner' and way #>> '{}' not in ('in-app', 'webhook')
      )
      select n.decision_id, 'no delivery by ' || a.channel as what from notification n
        join decision d on d.id = n.decision_id join asked a on a.hash = d.policy_hash
        where n.rep_id is not null and n.effect_index < 1000 and d.recorded_at > ${SINCE}
          and not exists (select from delivery v where v.key = n.decision_id || ':' || n.effect_index || ':' || a.channel)
      union all
      select v.decision_id, 'no decision' from delivery v
        where v.decision_id is not null and not exists (select from decision d where d.id = v.decision_id)
      union all
      select d.id, 'no delivery to webhook ' || w.id from webhook w
        cross join feed_cursor c
        join feed f on (f.tx, f.id) <= (c.tx, c.id)
        join decision d on d.contact_id = f.contact_id and d.at = f.at
        where c.name = 'webhooks' and w.disabled_at is null and w.removed_at is null
          and d.recorded_at > greatest(w.since, w.changed_at) + 60000
          and d.outcome not in ('observed', 'ignored', 'refused')
          and string_to_array(w.types, ' ') && array['*', ${WEBHOOK_TYPE}, split_part(${WEBHOOK_TYPE}, '.', 1) || '.*']
          and not exists (select from delivery v where v.key = 'evt_' || d.id || '_' || w.id)`,
  },
  {
    id: 'E2',
    promise: 'a delivery keeps its key, and each of its attempts is on record, up to the one that got through',
    cost: 'all',
    sql: `select v.id, 'sent without an attempt that got through' as what from delivery v
        where v.state = 'sent' and not exists (select from delivery_attempt a where a.delivery_id = v.id and a.outcome = 'sent')
      union all
      select v.id, 'tried again after it got through' from delivery v
        join delivery_attempt a on a.delivery_id = v.id and a.outcome = 'sent'
        join delivery_attempt later on later.delivery_id = v.id and later.n > a.n
      union all
      select v.id, 'an attempt is not on record' from delivery v
        where v.state in ('sent', 'dead')
          and v.attempts <> (select count(*) from delivery_attempt a where a.delivery_id = v.id)
      union all
      select v.id, 'its key names another decision' from delivery v
        where v.key ~ '^\\d+:' and split_part(v.key, ':', 1) is distinct from v.decision_id::text`,
  },
  {
    id: 'E3',
    promise: 'nothing is lost: it is tried for 75 h 35 min, and what was given up is an alert',
    cost: 'all',
    sql: `select v.id, 'nobody will try it' as what from delivery v
        where v.state = 'pending' and v.next_at > now_ms() + ${LONGEST_WAIT_MS}
      union all
      select v.id, 'given up too early' from delivery v
        where v.closed_reason = 'given up' and v.closed_at - v.created_at < ${GIVEN_UP_AFTER_MS}
      union all
      select v.id, 'given up without an alert' from delivery v
        where v.state = 'dead' and not exists (select from alert a
          where a.key in ('dead ' || v.destination, 'disabled ' || v.destination) and a.latest_at >= v.closed_at - 1000)
      union all
      select f.id, 'events wait for webhooks' from feed f join feed_cursor c on c.name = 'webhooks' and (f.tx, f.id) > (c.tx, c.id)
        where f.at < now_ms() - ${OVERDUE_MS} and exists (select from webhook w
          where w.disabled_at is null and w.removed_at is null and w.since < f.at)`,
  },
  {
    id: 'E4',
    promise: 'a destination that does not work delays nobody else',
    cost: 'open',
    sql: `select v.id, v.destination, now_ms() - v.next_at as late_ms from delivery v
        where v.state = 'pending' and v.next_at < now_ms() - ${OVERDUE_MS}
          and not exists (select from destination s where s.key = v.destination)`,
  },
  {
    id: 'E5',
    promise: 'a notice that is not true any more does not leave: it is closed, with the reason',
    cost: 'all',
    sql: `select v.id, 'closed without a reason' as what from delivery v where v.state = 'superseded' and coalesce(v.closed_reason, '') = ''
      union all
      select v.id, 'told after somebody else had it' from delivery v
        join delivery_attempt t on t.delivery_id = v.id and t.outcome = 'sent'
        join handoff_offer o on o.handoff_id = v.handoff_id and o.rep_id <> coalesce(v.covers_for, v.rep_id)
        where v.to_owner and v.about not in ('closed', 'withdrawn', 'rejected', 'merged')
          and o.at > v.created_at and o.at < t.at - 30000
          and not exists (select from handoff_offer back where back.handoff_id = v.handoff_id and back.at >= o.at
            and back.rep_id = coalesce(v.covers_for, v.rep_id))`,
  },
];
