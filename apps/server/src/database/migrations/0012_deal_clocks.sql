-- Deals that were open before a deal had a clock get theirs: by when it is to close, as its row says, else a month.
with open as (
  select c.id as contact_id, (h->>'id')::bigint as handoff_id, (h->>'ownerId')::bigint as owner_id,
    (h->>'dealCreatedAt')::bigint as since,
    greatest(coalesce(d.close_at, 0), (h->>'dealCreatedAt')::bigint + 30 * 86400000::bigint) as due_at
  from contact c
  cross join lateral (select (c.state::jsonb)->'handoff' as h) state
  left join deal d on d.id = (h->>'dealId')::bigint
  where c.redirected_to is null and h->>'status' = 'deal' and h->'close' is null
), states as (
  update contact c
  set state = jsonb_set(c.state::jsonb, '{handoff,close}', jsonb_build_object('startedAt', since, 'dueAt', due_at))::text
  from open where c.id = open.contact_id
)
insert into handoff_clock (handoff_id, contact_id, owner_id, started_at, due_at, next_at, kind)
select handoff_id, contact_id, owner_id, since, due_at, due_at, 'close' from open
where not exists (
  select from handoff_clock k where k.handoff_id = open.handoff_id and k.kind = 'close' and k.stopped_at is null);
