import type { Oracle } from './oracles.ts';

/** The clocks in a contact's state, by the name of their kind. */
const STATE_CLOCKS = `(values ('accept', 'accept'), ('response', 'response'), ('nextStep', 'next-step'),
  ('outcome', 'outcome'), ('close', 'close')) as name(key, kind)`;

/**
 * The weekly hours of teams and reps as blocks of minutes by ISO weekday, read from their text by the database itself and
 * compared in its own time zones, less the public holidays of their place ($1), the days closed, and not those worked all
 * the same: neither our parser nor our calendar takes part.
 */
const CALENDARS = `
  keeper as (
    select 'team/' || id as ref, time_zone, hours, coalesce(holidays::jsonb, '{}') as days from team
    union all select 'rep/' || id, time_zone, hours, coalesce(holidays::jsonb, '{}') from rep
  ), part as (
    select k.ref, regexp_match(regexp_replace(btrim(p), ',\\s+', ',', 'g'), '^(\\S+) (.+)$') as m
    from keeper k cross join lateral unnest(string_to_array(lower(k.hours), ';')) p
    where k.hours is not null and k.time_zone is not null
  ), day as (
    select part.*, d.iso from part
    cross join lateral unnest(string_to_array(m[1], ',')) item
    cross join lateral (select array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as names) n
    cross join lateral (select array_position(n.names, split_part(item, '-', 1)) as first,
      array_position(n.names, coalesce(nullif(split_part(item, '-', 2), ''), item)) as last) r
    cross join generate_series(1, 7) d(iso)
    where item = 'daily' or (d.iso - r.first + 7) % 7 <= (r.last - r.first + 7) % 7
  ), block as (
    select ref, iso,
      split_part(split_part(b, '-', 1), ':', 1)::int * 60 + split_part(split_part(b, '-', 1), ':', 2)::int as begins,
      split_part(split_part(b, '-', 2), ':', 1)::int * 60 + split_part(split_part(b, '-', 2), ':', 2)::int as ends
    from day cross join lateral unnest(string_to_array(replace(m[2], ' ', ''), ',')) b
  ), holiday as (
    select h->>'place' as place, (h->>'at')::timestamp as from_local,
      (h->>'at')::timestamp + case when (h->>'at')::time = '00:00'
        then make_interval(days => greatest(1, round((h->>'hours')::numeric / 24)::int))
        else make_interval(hours => (h->>'hours')::int) end as to_local
    from jsonb_array_elements($1::jsonb) h
  )`;

/** What is promised of clocks (docs/architecture.md). */
export const CLOCK_ORACLES: readonly Oracle[] = [
  {
    id: 'C1',
    promise: 'each step of a clock fires once, in order, and none is left out, also over several owners and outages',
    cost: 'all',
    sql: `select s.handoff_id, k.kind, 'fired twice' as what from clock_step s join handoff_clock k on k.id = s.clock_id
        group by s.handoff_id, k.kind, k.started_at, s.step having count(*) > 1
      union all
      select s.handoff_id, k.kind, 'a step is missing' from clock_step s join handoff_clock k on k.id = s.clock_id
        group by s.handoff_id, k.kind, k.started_at having max(s.step) - min(s.step) + 1 <> count(distinct s.step)
      union all
      select s.handoff_id, k.kind, 'out of order' from clock_step s join handoff_clock k on k.id = s.clock_id
        join clock_step n on n.clock_id = s.clock_id and n.step = s.step + 1 where n.fired_at < s.fired_at
      union all
      select s.handoff_id, null, 'of no clock' from clock_step s
        where not exists (select from handoff_clock k where k.id = s.clock_id and k.handoff_id = s.handoff_id)
      union all
      select k.handoff_id, k.kind, 'looks back' from handoff_clock k
        where k.stopped_at is null and exists (select from clock_step s where s.clock_id = k.id and s.fired_at >= k.next_at)
      union all
      select (s.handoff->>'id')::bigint, name.kind, 'the state counts other steps than there are rows'
        from contact c
        cross join lateral (select c.state::jsonb->'handoff' as handoff) s
        cross join ${STATE_CLOCKS}
        cross join lateral (select s.handoff->name.key as clock) k
        left join (
          select k.handoff_id, k.kind, k.started_at, max(t.step) as step
          from clock_step t join handoff_clock k on k.id = t.clock_id group by k.handoff_id, k.kind, k.started_at
        ) fired on fired.handoff_id = (s.handoff->>'id')::bigint and fired.kind = name.kind
          and fired.started_at = (k.clock->>'startedAt')::bigint
        where c.redirected_to is null and jsonb_typeof(k.clock) = 'object'
          and coalesce((k.clock->>'fired')::int, 0) <> coalesce(fired.step, 0)
      union all
      select k.handoff_id, k.kind, 'the row looks at another instant than the state'
        from handoff_clock k
        join contact c on c.id = k.contact_id
        join ${STATE_CLOCKS} on name.kind = k.kind
        cross join lateral (select c.state::jsonb->'handoff'->name.key as clock) s
        where k.stopped_at is null
          and coalesce(s.clock->>'nextAt', s.clock->>'dueAt')::bigint is distinct from k.next_at`,
  },
  {
    id: 'C2',
    promise:
      'what is owed in working time is due while its team or rep works, across nights, weekends, public holidays and changes of clocks',
    cost: 'open',
    given: 'holidays',
    sql: `with ${CALENDARS}, owed as (
        select c.id as contact_id, name.kind, s.clock->>'on' as ref, s.clock->'within'->>'kind' as in_what,
          (s.clock->>'dueAt')::bigint as due_at
        from handoff h join contact c on c.id = h.contact_id
        cross join ${STATE_CLOCKS}
        cross join lateral (select c.state::jsonb->'handoff'->name.key as clock) s
        where h.closed_at is null and s.clock->'within'->>'kind' in ('working', 'working-days') and s.clock->'on' is not null
          and s.clock->'breachedAt' is null
      ), here as (
        select o.*, k.days, instant_at(o.due_at - 1) at time zone k.time_zone as local
        from owed o join keeper k on k.ref = o.ref where k.hours is not null and k.time_zone is not null
      ), seen as (
        select here.*, to_char(local, 'YYYY-MM-DD') as date,
          extract(hour from local) * 60 + extract(minute from local) as minute
        from here
      )
      select contact_id, kind, ref, local from seen s
      where coalesce(s.days->'closed', '[]') ? s.date
        or (not coalesce(s.days->'worked', '[]') ? s.date and exists (
          select from holiday h where h.place = s.days->>'of' and s.local >= h.from_local and s.local < h.to_local
            and (s.in_what = 'working' or h.to_local - h.from_local >= interval '1 day')))
        or not exists (select from block b where b.ref = s.ref and b.iso = extract(isodow from s.local)
          and (s.in_what = 'working-days' or (s.minute >= b.begins and s.minute < b.ends)))`,
  },
  {
    id: 'C3',
    promise:
      'what is due is judged by the clock of the database: nothing fires early, and kept or broken is as the instants say',
    cost: 'all',
    sql: `select s.handoff_id, 'fired before its time' as what from clock_step s where s.fired_at < s.planned_at
      union all
      select s.handoff_id, 'fired by no decision of that instant' from clock_step s
        where not exists (select from decision d where d.id = s.decision_id and d.at = s.fired_at and d.at <= d.recorded_at)
      union all
      select k.handoff_id, 'kept after its time' from handoff_clock k where k.how = 'kept' and k.stopped_at > k.due_at
      union all
      select k.handoff_id, 'broken before its time' from handoff_clock k where k.how = 'broken' and k.stopped_at < k.due_at
      union all
      select d.contact_id, 'decided in the future' from decision d where d.recorded_at > now_ms()`,
  },
  {
    id: 'C4',
    promise:
      'who was paused acts no more: no step of a clock that had stopped, no step or offer of a handoff that had ended',
    cost: 'all',
    sql: `select s.handoff_id, 'a step after its clock' as what from clock_step s join handoff_clock k on k.id = s.clock_id
        where k.stopped_at is not null and s.fired_at > k.stop_decided_at
      union all
      select s.handoff_id, 'a step after its handoff' from clock_step s join handoff h on h.id = s.handoff_id
        where s.fired_at > h.closed_at
      union all
      select o.handoff_id, 'an offer after its handoff' from handoff_offer o join handoff h on h.id = o.handoff_id
        where o.at > h.closed_at
      union all
      select k.handoff_id, 'two of a kind at once' from handoff_clock k join handoff_clock o
        on o.handoff_id = k.handoff_id and o.kind = k.kind and o.id > k.id
        where k.stopped_at is null and o.stopped_at is null`,
  },
];
