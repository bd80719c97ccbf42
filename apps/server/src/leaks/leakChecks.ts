/**
 * What may fall between the teams, each as a question to the tables. They share no code and no flag with what writes the
 * rows, so that a bug there can't hide here. Every answer row is one leak: what it is, since when, and why as far as rows
 * tell.
 */

/** What one step mends it: docs/leaks.md says what each does. */
export const MENDS = [
  'reroute',
  'decide-again',
  'restore-clocks',
  'wake',
  'end-hold',
  'resolve',
  'tell-again',
  'replay',
] as const;
export type MendId = (typeof MENDS)[number];

export type LeakCheck = {
  readonly id: string;
  readonly title: string;
  /** The promise that it watches, as a sentence. */
  readonly promise: string;
  /** Columns: subject text, contact_id, handoff_id, since (instant), cause text. No rows while the promise is kept. */
  readonly sql: string;
  /** One number: how many rows the question is about. */
  readonly looksAt: string;
  readonly mend: MendId | null;
  /** What to do where no one step mends it, or what the step does. */
  readonly mendSays: string;
};

export const OPEN_STATUSES = `('offered', 'queued', 'open', 'working', 'parked', 'deal')`;

/** A minute's grace for what is fired by time: the runner looks each second, a busy machine later. */
const GRACE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const OPEN_HANDOFFS = `select count(*) from handoff where status in ${OPEN_STATUSES}`;

/** The checks of every minute, in the order in which people read them. */
export const LEAK_CHECKS: readonly LeakCheck[] = [
  {
    id: 'unhanded',
    title: 'Every qualified lead is accounted for',
    promise: 'every qualifying edge has a handoff, a group it joined, or a hold with an exit',
    sql: `select 'decision ' || q.decision_id as subject, q.contact_id, q.handoff_id, q.at as since,
        'rule ' || q.rule_id || ' was met, and no handoff, group or hold came of it' as cause
      from qualification q
      where (q.handoff_id is null and q.exception_id is null)
        or (q.handoff_id is not null and not exists (select from handoff h where h.id = q.handoff_id))
        or (q.handoff_id is null and q.exception_id is not null and not exists (
          select from hold o where o.decision_id = q.decision_id and o.exception_id = q.exception_id))
      union all
      select 'handoff ' || h.id, h.contact_id, h.id, h.qualified_at, 'a handoff without a recorded qualifying edge'
      from handoff h
      where h.kind = 'inbound'
        and not exists (select from qualification q where q.handoff_id = h.id and q.decision_id = h.id)`,
    looksAt: 'select count(*) from qualification',
    mend: 'decide-again',
    mendSays: 'decides the contact again from its stored events',
  },
  {
    id: 'unowned',
    title: 'An owner or a queue',
    promise: 'an open handoff has an owner or a queue, never both, never none',
    sql: `select 'handoff ' || h.id as subject, h.contact_id, h.id as handoff_id, h.updated_at as since,
        case when h.owner_id is null then 'neither an owner nor a queue' else 'an owner and a queue' end as cause
      from handoff h where h.status in ${OPEN_STATUSES} and (h.owner_id is null) = (h.queue_id is null)`,
    looksAt: OPEN_HANDOFFS,
    mend: 'reroute',
    mendSays: 'routes it anew by the policy in force',
  },
  {
    id: 'owner-gone',
    title: 'Owners are active',
    promise: 'no open handoff belongs to somebody who left',
    sql: `select 'handoff ' || h.id as subject, h.contact_id, h.id as handoff_id,
        greatest(h.updated_at, coalesce(
          (select max(v.valid_from) from rep_version v where v.rep_id = h.owner_id and not v.active), 0)) as since,
        coalesce(p.name, 'rep ' || h.owner_id) || ' is not active' as cause
      from handoff h left join rep p on p.id = h.owner_id
      where h.status in ${OPEN_STATUSES} and h.owner_id is not null and p.active is not true`,
    looksAt: OPEN_HANDOFFS,
    mend: 'reroute',
    mendSays: 'routes it anew by the policy in force',
  },
  {
    id: 'clockless',
    title: 'A clock for every open status',
    promise: 'an open handoff runs exactly the clocks of its status',
    sql: `with running as (
        select handoff_id, array_agg(kind order by kind) as kinds
        from handoff_clock where stopped_at is null group by handoff_id
      )
      select 'handoff ' || h.id as subject, h.contact_id, h.id as handoff_id, h.updated_at as since,
        h.status || ', running: ' || coalesce(array_to_string(k.kinds, ', '), 'no clock') as cause
      from handoff h left join running k on k.handoff_id = h.id
      where h.status in ${OPEN_STATUSES} and not case h.status
        when 'offered' then coalesce(k.kinds, '{}') in (array['accept', 'response'], array['response'])
        when 'queued' then coalesce(k.kinds, '{}') = array['response']
        when 'open' then coalesce(k.kinds, '{}') = array['response']
        when 'working' then coalesce(k.kinds, '{}') = array['next-step', 'outcome']
        when 'parked' then coalesce(k.kinds, '{}') = array['return']
        else coalesce(k.kinds, '{}') = array['close']
      end
      union all
      select 'handoff ' || h.id, h.contact_id, h.id, h.closed_at,
        h.status || ', still running: ' || array_to_string(k.kinds, ', ')
      from running k join handoff h on h.id = k.handoff_id where h.status not in ${OPEN_STATUSES}`,
    looksAt: OPEN_HANDOFFS,
    mend: 'restore-clocks',
    mendSays: 'writes the clocks that its status owes, with the due instants that were promised',
  },
  {
    id: 'doubled',
    title: 'One open handoff a contact',
    promise: 'at most one handoff of a person waits for sales',
    sql: `select 'contact ' || coalesce(r.survivor_id, h.contact_id) as subject,
        coalesce(r.survivor_id, h.contact_id) as contact_id, max(h.id) as handoff_id, max(h.qualified_at) as since,
        count(*) || ' open handoffs of one person' as cause
      from handoff h left join contact_redirect r on r.contact_id = h.contact_id
      where h.status in ('offered', 'queued', 'open', 'working', 'parked')
      group by coalesce(r.survivor_id, h.contact_id) having count(*) > 1`,
    looksAt: OPEN_HANDOFFS,
    mend: null,
    mendSays: 'Withdraw or reject the one that is not worked.',
  },
  {
    id: 'step-missed',
    title: 'Each clock step fires',
    promise: 'a step of a running clock fires within a minute of its instant',
    sql: `select 'handoff ' || k.handoff_id || ' ' || k.kind as subject, k.contact_id, k.handoff_id, k.next_at as since,
        'the ' || k.kind || ' clock has not fired its step' || coalesce(': ' || f.error, '') as cause
      from handoff_clock k left join clock_fault f on f.clock_id = k.id
      where k.stopped_at is null and k.next_at < now_ms() - ${GRACE_MS}`,
    looksAt: 'select count(*) from handoff_clock where stopped_at is null',
    mend: 'wake',
    mendSays: 'fires the step now, as late',
  },
  {
    id: 'step-doubled',
    title: 'No clock step fires twice',
    promise: 'the steps of a clock are fired once each, in order',
    sql: `select 'clock ' || s.clock_id as subject, null::int8 as contact_id, s.handoff_id, max(s.fired_at) as since,
        count(*) || ' steps, numbered ' || min(s.step) || ' to ' || max(s.step) as cause
      from clock_step s
      where s.handoff_id in (select h.id from handoff h where h.closed_at is null)
      group by s.clock_id, s.handoff_id
      having count(*) <> count(distinct s.step) or max(s.step) - min(s.step) + 1 <> count(*)`,
    looksAt: 'select count(*) from clock_step s join handoff h on h.id = s.handoff_id where h.closed_at is null',
    mend: null,
    mendSays: 'A bug of Baton, or somebody wrote the rows by hand: keep a backup, and tell us.',
  },
  {
    id: 'exit-missed',
    title: 'Exceptions have an exit',
    promise: 'a hold ends when it says',
    sql: `select 'hold ' || o.id as subject, o.contact_id, null::int8 as handoff_id, o.until as since,
        o.reason || ': should have been ' || case o.afterwards when 'drop' then 'dropped' else 'released' end as cause
      from hold o where o.ended_at is null and o.until < now_ms() - ${GRACE_MS}`,
    looksAt: 'select count(*) from hold where ended_at is null',
    mend: 'end-hold',
    mendSays: 'ends the hold now, as it says',
  },
  {
    id: 'look-missed',
    title: 'Nobody waits to be looked at',
    promise: 'a contact that has to be decided again is, when its time has come',
    sql: `select 'contact ' || r.contact_id || ' ' || r.cause as subject, r.contact_id, null::int8 as handoff_id,
        r.at as since, 'to be decided again because of ' || r.cause as cause
      from reevaluation r where r.at < now_ms() - 5 * ${GRACE_MS}`,
    looksAt: 'select count(*) from reevaluation where at <= now_ms()',
    mend: 'decide-again',
    mendSays: 'decides the contact now',
  },
  {
    id: 'untold',
    title: 'Every owner was told',
    promise: 'whoever was given a lead as it happened has a notice of it',
    sql: `select 'handoff ' || h.id as subject, h.contact_id, h.id as handoff_id, o.at as since,
        coalesce(p.name, 'rep ' || o.rep_id) || ' was given the lead and has no notice of it' as cause
      from handoff_offer o
      join handoff h on h.id = o.handoff_id
      join decision d on d.id = o.decision_id
      join contact c on c.id = h.contact_id
      join source s on s.id = c.source_id
      left join rep p on p.id = o.rep_id
      where o.at > now_ms() - ${7 * DAY_MS} and h.closed_at is null and h.owner_id = o.rep_id
        and h.kind = 'inbound' and d.id = h.id and d.recorded_at - d.at < ${GRACE_MS} and s.kind not in ('import', 'demo')
        and not exists (select from notification n where n.decision_id = o.decision_id and n.rep_id = o.rep_id)
        and not exists (
          select from event e join source es on es.id = e.source_id
          where e.contact_id = h.contact_id and es.kind in ('import', 'demo'))`,
    looksAt: `select count(*) from handoff_offer where at > now_ms() - ${7 * DAY_MS}`,
    mend: 'tell-again',
    mendSays: 'writes the owner the notice',
  },
  {
    id: 'undelivered',
    title: 'Every message is delivered',
    promise: 'what leaves the house arrives, is being tried, or was closed with a reason',
    sql: `select 'delivery ' || d.id as subject, d.contact_id, d.handoff_id,
        case d.state when 'dead' then d.closed_at else d.next_at end as since,
        d.channel || ' to ' || d.destination || case d.state
          when 'dead' then ': gave up after ' || d.attempts || ' attempts'
          else ': nobody tries it' end || coalesce(', ' || d.last_error, '') as cause
      from delivery d
      where d.state = 'dead' and d.closed_at > now_ms() - ${30 * DAY_MS}
        or d.state = 'pending' and d.next_at < now_ms() - 5 * ${GRACE_MS}
          and not exists (
            select from destination t
            where t.key = d.destination and (t.paused_until > now_ms() or t.disabled_at is not null))`,
    looksAt: `select count(*) from delivery where state in ('pending', 'dead')`,
    mend: 'replay',
    mendSays: 'tries it again from the beginning',
  },
  {
    id: 'unseen-alert',
    title: 'What went wrong outside is looked at',
    promise: 'a destination that was switched off, or a person who could not be told in time, is seen by somebody',
    sql: `select 'alert ' || a.id as subject, null::int8 as contact_id, null::int8 as handoff_id, a.at as since, a.say as cause
      from alert a where a.closed_at is null and a.kind <> 'delivery-dead'`,
    looksAt: 'select count(*) from alert where closed_at is null',
    mend: null,
    mendSays: 'See to it, then close it: `baton deliveries alerts --close ALERT`.',
  },
  {
    id: 'quarantine-unseen',
    title: 'Nothing lies in quarantine unseen',
    promise: 'what was set aside is looked at within an hour',
    sql: `select 'quarantine ' || q.id as subject, null::int8 as contact_id, null::int8 as handoff_id, q.recorded_at as since,
        q.code || ' from ' || coalesce(s.name, 'source ' || q.source_id) as cause
      from quarantine q left join source s on s.id = q.source_id
      where q.resolved_at is null and q.recorded_at < now_ms() - ${HOUR_MS}`,
    looksAt: 'select count(*) from quarantine where resolved_at is null',
    mend: 'resolve',
    mendSays: 'marks it as seen by you; send the event again if it should count',
  },
  {
    id: 'silent',
    title: 'The automation is not silent',
    promise: 'where a weekday always brought handoffs, today brings some',
    sql: `with days as (
        select n, count(h.id) as handoffs
        from generate_series(0, 4) as n
        left join handoff h on h.kind = 'inbound'
          and h.qualified_at > now_ms() - (n * 7 + 1) * ${DAY_MS}::int8
            and h.qualified_at <= now_ms() - n * 7 * ${DAY_MS}::int8
        group by n
      )
      select 'policy' as subject, null::int8 as contact_id, null::int8 as handoff_id,
        coalesce((select max(qualified_at) from handoff where kind = 'inbound'), 0) as since,
        'no handoff for a day; the same day of the last four weeks brought '
          || (select string_agg(handoffs::text, ', ' order by n) from days where n > 0) as cause
      where exists (select from policy_active)
        and (select handoffs from days where n = 0) = 0
        and (select min(handoffs) from days where n > 0) >= 3`,
    looksAt: 'select count(*) from policy_active',
    mend: null,
    mendSays:
      'See whether events still arrive (`baton doctor`, the sources’ keys) and what the policy makes of them (`baton explain`).',
  },
  {
    id: 'rows-differ',
    title: 'Lists show what decisions are taken on',
    promise: 'the row of an open handoff says the same as its contact’s state',
    sql: `select 'handoff ' || h.id as subject, h.contact_id, h.id as handoff_id, h.updated_at as since,
        'the list says ' || h.status || coalesce(' of rep ' || h.owner_id, '') || ', the state says '
          || coalesce((s->>'status') || coalesce(' of rep ' || (s->>'ownerId'), ''), 'no such handoff') as cause
      from handoff h join contact c on c.id = h.contact_id
      cross join lateral (select (c.state::jsonb)->'handoff' as s) s
      where h.closed_at is null and (
        (s->>'id')::bigint is distinct from h.id or s->>'status' <> h.status
        or (s->>'ownerId')::bigint is distinct from h.owner_id)`,
    looksAt: OPEN_HANDOFFS,
    mend: null,
    mendSays: 'A bug of Baton, or somebody wrote the rows by hand: compare `baton explain` with the list, and tell us.',
  },
];
