import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { iso, isoOrNull } from '../iso.ts';

/** A row as the query below reads it. */
export type StoredRow = {
  id: number;
  status: HandoffRow['status'];
  kind: string;
  intent: string;
  qualified_at: number;
  contact_id: number;
  contact_name: string | null;
  email: string | null;
  title: string | null;
  company_id: number | null;
  company_name: string | null;
  company_size: string | null;
  owner_id: number | null;
  owner_name: string | null;
  queue_id: string | null;
  team: string | null;
  rule_id: string;
  reason: string;
  why_owner: string | null;
  lead_status: string | null;
  clock_kind: NonNullable<HandoffRow['clock']>['kind'] | null;
  clock_started_at: number | null;
  clock_due_at: number | null;
  clock_stopped_at: number | null;
  clock_how: NonNullable<HandoffRow['clock']>['how'];
  accept_started_at: number | null;
  accept_due_at: number | null;
  now: number;
  breached: boolean;
  source_first: string | null;
  members: number;
  closed_reason: string | null;
};

/**
 * Everything a row shows, for the handoffs of `picked` (a query that yields their ids, a page at most). What a list shows
 * of a contact beside its name is read from its facts; why it is whose, from the decision that gave it last.
 */
export const rowsOf = (picked: string): string => `
  with picked as materialized (${picked})
  select h.id, h.status, h.kind, h.intent, h.qualified_at, h.contact_id, c.name as contact_name, c.email,
    c.state::json #>> '{facts,contact.title,value}' as title,
    co.id as company_id, co.name as company_name, co.facts::json #>> '{company.employees,value}' as company_size,
    h.owner_id, r.name as owner_name, h.queue_id, coalesce(t.name, h.team_id) as team, h.rule_id, h.reason,
    given.say as why_owner, c.lead_status, h.breached, h.source_first, h.closed_reason,
    k.kind as clock_kind, k.started_at as clock_started_at, k.due_at as clock_due_at, k.stopped_at as clock_stopped_at,
    k.how as clock_how,
    a.started_at as accept_started_at, a.due_at as accept_due_at,
    now_ms() as now,
    (select count(*) from handoff_member m where m.group_id = h.group_id and m.left_at is null) as members
  from picked
  join handoff h on h.id = picked.id
  join contact c on c.id = h.contact_id
  left join company co on co.id = h.company_id
  left join rep r on r.id = h.owner_id
  left join team t on t.id = h.team_id
  left join lateral (
    select d.trace::json #>> '{assignment,say}' as say
    from (
      (select decision_id as id from handoff_offer o where o.handoff_id = h.id order by o.at desc, decision_id desc limit 1)
      union all select h.id
      limit 1
    ) by_decision
    join decision d on d.id = by_decision.id
  ) given on true
  left join handoff_clock a on h.status = 'offered' and a.handoff_id = h.id and a.kind = 'accept' and a.stopped_at is null
  left join lateral (
    (select * from handoff_clock k where k.handoff_id = h.id and k.stopped_at is null
     order by array_position(array['response', 'return', 'next-step', 'outcome', 'close', 'accept'], k.kind) limit 1)
    union all
    (select * from handoff_clock k where k.handoff_id = h.id and k.stopped_at is not null
     order by k.kind = 'response' desc, k.stopped_at desc limit 1)
    limit 1
  ) k on true
  order by h.qualified_at desc, h.id desc`;

/** The row as it travels. */
export const toRow = (row: StoredRow): HandoffRow => ({
  id: row.id,
  status: row.status,
  kind: row.kind,
  intent: row.intent,
  qualifiedAt: iso(row.qualified_at),
  contact: { id: row.contact_id, name: row.contact_name, email: row.email, title: row.title },
  company: row.company_id === null ? null : { id: row.company_id, name: row.company_name, size: row.company_size },
  owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? `Rep ${row.owner_id}` },
  queue: row.queue_id,
  team: row.team,
  ruleId: row.rule_id,
  why: row.reason,
  whyOwner: row.why_owner,
  leadStatus: row.lead_status,
  clock:
    row.clock_kind === null || row.clock_started_at === null || row.clock_due_at === null
      ? null
      : {
          kind: row.clock_kind,
          startedAt: iso(row.clock_started_at),
          dueAt: iso(row.clock_due_at),
          stoppedAt: isoOrNull(row.clock_stopped_at),
          how: row.clock_how,
        },
  acceptBy:
    row.accept_started_at === null || row.accept_due_at === null
      ? null
      : {
          startedAt: iso(row.accept_started_at),
          dueAt: iso(row.accept_due_at),
          leftMs: row.accept_due_at - row.now,
        },
  breached: row.breached,
  source: row.source_first,
  groupSize: 1 + row.members,
  closedReason: row.closed_reason,
});
