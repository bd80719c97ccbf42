import type { PendingUpdates } from './pendingRows.ts';

/** What acts of people change beyond the handoff, and what undoing one takes back; each list by one statement. */
export const ACT_UPDATES: {
  readonly [K in 'clockReopens' | 'undos' | 'taskDones' | 'dealMakes' | 'dealOwners' | 'dealMoves']: {
    readonly sql: string;
    readonly values: (rows: PendingUpdates[K]) => readonly Buffer[];
  };
} = {
  // the row that the undone act had stopped, so that the steps it fired stay its own; after clockStops
  clockReopens: {
    sql: `with u as (
        select * from jsonb_to_recordset($1::text::jsonb)
          as u("handoffId" int8, kind text, "startedAt" int8, "dueAt" int8, "ownerId" int8)
      )
      update handoff_clock c set stopped_at = null, stop_decided_at = null, how = null, evidence = null
      from u where c.id = (
        select max(k.id) from handoff_clock k where k.handoff_id = u."handoffId" and k.kind = u.kind
          and k.started_at = u."startedAt" and k.due_at = u."dueAt" and k.owner_id is not distinct from u."ownerId"
          and k.stopped_at is not null)`,
    values: (rows) => [json(rows)],
  },
  undos: {
    sql: `with u as (
        select * from jsonb_to_recordset($1::text::jsonb)
          as u("decisionId" int8, "undoneBy" int8, "contactId" int8, "handoffId" int8, "actAt" int8, at int8, by text,
            "untouchedDealId" int8)
      ), handoffs as (
        update handoff h set accepted_at = p."acceptedAt", contacted_at = p."contactedAt", attempts = p.attempts
        from u join act_undo a on a.decision_id = u."decisionId"
        cross join lateral json_to_record(a.progress::json) as p("acceptedAt" int8, "contactedAt" int8, attempts int)
        where a.progress is not null and h.id = u."handoffId"
      ), offers as (
        delete from handoff_offer o using u where o.decision_id = u."decisionId" and o.handoff_id <> u."decisionId"
      ), tasks as (
        update task t set closed_at = null, how = null, closed_by = null, closed_decision_id = null from u
        where t.contact_id = u."contactId" and t.closed_decision_id = u."decisionId"
      ), made as (
        update task t set closed_at = u.at, how = 'dropped', closed_by = u.by, closed_decision_id = u."undoneBy" from u
        where t.decision_id = u."decisionId" and t.closed_at is null
      ), entries as (
        select e.*, u."undoneBy", u.at as undone_at, u.by as undone_by, u."untouchedDealId" as untouched_id
        from deal_stage_entry e
        join u on u."decisionId" = e.decision_id
      ), unmade as (
        delete from deal d using entries e where d.id = e.deal_id and e.from_stage is null
      ), unattached as (
        delete from deal_contact c using u where c.contact_id = u."contactId" and c.at = u."actAt"
          and c.handoff_id is not distinct from u."handoffId"
      ), moved_back as (
        update deal d set status = 'open', stage_id = e.from_stage, reason = null, closed_at = null, updated_at = e.undone_at,
          touched = case when d.id = e.untouched_id then false else d.touched end
        from entries e where d.id = e.deal_id and e.from_stage is not null
      ), told as (
        insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by, decision_id)
        select deal_id, undone_at, now_ms(), to_stage, coalesce(from_stage, 'undone'), 'undone', undone_by, "undoneBy" from entries
      ), notices as (
        delete from notification n using u where n.decision_id = u."decisionId"
      ), deliveries as (
        update delivery d set state = 'superseded', closed_at = u.at, closed_reason = 'the act was undone'
        from u where d.decision_id = u."decisionId" and d.state = 'pending'
      )
      delete from act_undo a using u where a.decision_id = u."decisionId"`,
    values: (rows) => [json(rows)],
  },
  taskDones: {
    sql: `update task t set closed_at = u.at, how = 'done', closed_by = u.by, closed_decision_id = u."decisionId"
      from jsonb_to_recordset($1::text::jsonb) as u("taskId" int8, at int8, by text, "decisionId" int8)
      where t.id = u."taskId" and t.closed_at is null`,
    values: (rows) => [json(rows)],
  },
  dealMakes: {
    sql: `with u as (
        select * from jsonb_to_recordset($1::text::jsonb)
          as u(id int8, "contactId" int8, "companyId" int8, "ownerId" int8, "handoffId" int8, at int8, "recordedAt" int8,
            pipeline text, stage text, name text, amount int8, currency text, "closeAt" int8, by text, "decisionId" int8)
      ), members as (
        insert into deal_contact (deal_id, contact_id, at, handoff_id) select id, "contactId", at, "handoffId" from u
        on conflict do nothing
      ), entries as (
        insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by, decision_id)
        select id, at, "recordedAt", null, stage, 'created by hand', by, "decisionId" from u
      )
      insert into deal (id, company_id, owner_id, handoff_id, amount_minor, created_at, updated_at, close_at, currency,
        pipeline_id, stage_id, made_by, touched, name)
      select id, "companyId", "ownerId", "handoffId", amount, at, at, "closeAt", currency, pipeline, stage, 'person', true, name
      from u`,
    values: (rows) => [json(rows)],
  },
  dealOwners: {
    sql: `update deal d set owner_id = u."ownerId", updated_at = u.at
      from jsonb_to_recordset($1::text::jsonb) as u("dealId" int8, "ownerId" int8, at int8) where d.id = u."dealId"`,
    values: (rows) => [json(rows)],
  },
  dealMoves: {
    sql: `with u as (
        select * from jsonb_to_recordset($1::text::jsonb)
          as u("dealId" int8, stage text, at int8, "recordedAt" int8, by text, "decisionId" int8)
      ), entries as (
        insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by, decision_id)
        select d.id, u.at, u."recordedAt", d.stage_id, u.stage, 'moved by hand', u.by, u."decisionId"
        from u join deal d on d.id = u."dealId"
      )
      update deal d set stage_id = u.stage, touched = true, updated_at = u.at from u where d.id = u."dealId"`,
    values: (rows) => [json(rows)],
  },
};

const json = (rows: readonly object[]): Buffer => Buffer.from(JSON.stringify(rows));
