import { int8Array, textArray } from '../../database/binary/binaryArray.ts';
import type { Pipeline } from '../../database/binary/pipeline.ts';
import { ACT_UPDATES } from './actUpdates.ts';
import type { PendingRows, PendingUpdates } from './pendingRows.ts';

/** One list of changes and the one statement that writes it. Each is run only where the list has something. */
type Update<K extends keyof PendingUpdates> = {
  readonly sql: string;
  readonly values: (rows: PendingUpdates[K]) => readonly Buffer[];
};

/** Members of a group have tasks of their own about its handoff; one who was merged has left theirs to the survivor. */
const OF_CONTACT = `(t.contact_id = u.contact_id or exists (select from contact_redirect r
  where r.contact_id = t.contact_id and r.survivor_id = u.contact_id))`;

const UPDATES: { readonly [K in keyof PendingUpdates]: Update<K> } = {
  // the steps of one clock in one transaction: each is kept, and the latest says when it is looked at next
  clockSteps: {
    sql: `with u as (
        select * from unnest($1::int8[], $2::text[], $3::int8[], $4::text[], $5::int8[], $6::int8[], $7::int8[], $8::int8[])
          as u(handoff_id, kind, step, act, planned_at, fired_at, next_at, decision_id)
      ), fired as (
        update handoff_clock c set next_at = l.next_at
        from (select distinct on (handoff_id, kind) handoff_id, kind, next_at from u order by handoff_id, kind, step desc) l
        where c.handoff_id = l.handoff_id and c.kind = l.kind and c.stopped_at is null
        returning c.id, c.handoff_id, c.kind
      )
      insert into clock_step (handoff_id, clock_id, step, act, planned_at, fired_at, decision_id)
      select u.handoff_id, f.id, u.step, u.act, u.planned_at, u.fired_at, u.decision_id
      from u join fired f on f.handoff_id = u.handoff_id and f.kind = u.kind`,
    values: (rows) => [
      int8Array(rows.map((row) => row.handoffId)),
      textArray(rows.map((row) => row.kind)),
      int8Array(rows.map((row) => row.step)),
      textArray(rows.map((row) => row.act)),
      int8Array(rows.map((row) => row.plannedAt)),
      int8Array(rows.map((row) => row.at)),
      int8Array(rows.map((row) => row.nextAt)),
      int8Array(rows.map((row) => row.decisionId)),
    ],
  },
  clockStops: {
    sql: `update handoff_clock c set stopped_at = u.at, how = u.how, evidence = u.evidence, stop_decided_at = u.decided_at
      from unnest($1::int8[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::int8[])
        as u(handoff_id, kind, at, how, evidence, decided_at)
      where c.handoff_id = u.handoff_id and c.kind = u.kind and c.stopped_at is null`,
    values: (rows) => [
      int8Array(rows.map((row) => row.handoffId)),
      textArray(rows.map((row) => row.kind)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.how)),
      textArray(rows.map((row) => row.evidence)),
      int8Array(rows.map((row) => row.decidedAt)),
    ],
  },
  // after clockStops: one of a kind runs at a time
  firedClocks: {
    sql: `with u as materialized (
        select nextval(pg_get_serial_sequence('handoff_clock', 'id')) as id, r.*
        from jsonb_to_recordset($1::text::jsonb) as r("handoffId" int8, "contactId" int8, "ownerId" int8, "startedAt" int8,
          "dueAt" int8, "nextAt" int8, kind text, stop jsonb, steps jsonb)
      ), made as (
        insert into handoff_clock (id, handoff_id, contact_id, owner_id, started_at, due_at, next_at, stopped_at,
          stop_decided_at, kind, how, evidence)
        select id, "handoffId", "contactId", "ownerId", "startedAt", "dueAt", "nextAt", (stop->>'at')::int8,
          (stop->>'decidedAt')::int8, kind, stop->>'how', stop->>'evidence' from u
      )
      insert into clock_step (handoff_id, clock_id, step, act, planned_at, fired_at, decision_id)
      select u."handoffId", u.id, s.step, s.act, s."plannedAt", s.at, s."decisionId"
      from u cross join lateral jsonb_to_recordset(u.steps)
        as s(step int, act text, "plannedAt" int8, at int8, "decisionId" int8)`,
    values: (rows) => [Buffer.from(JSON.stringify(rows))],
  },
  taskCloses: {
    sql: `update task t set closed_at = u.at, how = u.how, closed_by = u.by, closed_decision_id = u.decision_id
      from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[], $5::text[], $6::int8[])
        as u(handoff_id, contact_id, at, how, by, decision_id)
      where t.handoff_id = u.handoff_id and ${OF_CONTACT} and t.closed_at is null`,
    values: (rows) => [
      int8Array(rows.map((row) => row.handoffId)),
      int8Array(rows.map((row) => row.contactId)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.how)),
      textArray(rows.map((row) => row.by)),
      int8Array(rows.map((row) => row.decisionId)),
    ],
  },
  taskMoves: {
    sql: `update task t set owner_id = u.owner_id, due_at = u.due_at
      from unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) as u(handoff_id, contact_id, owner_id, due_at)
      where t.handoff_id = u.handoff_id and ${OF_CONTACT} and t.closed_at is null`,
    values: (rows) => [
      int8Array(rows.map((row) => row.handoffId)),
      int8Array(rows.map((row) => row.contactId)),
      int8Array(rows.map((row) => row.ownerId)),
      int8Array(rows.map((row) => row.dueAt)),
    ],
  },
  dealAttaches: {
    sql: `insert into deal_contact (deal_id, contact_id, at, handoff_id)
      select * from unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) on conflict do nothing`,
    values: (rows) => [
      int8Array(rows.map((row) => row.dealId)),
      int8Array(rows.map((row) => row.contactId)),
      int8Array(rows.map((row) => row.at)),
      int8Array(rows.map((row) => row.handoffId)),
    ],
  },
  dealCloses: {
    sql: `with u as (
        select * from unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::int8[])
          as u(deal_id, at, how, reason, by, decision_id)
      ), found as (
        select d.id, d.stage_id, u.* from deal d join u on u.deal_id = d.id where d.status = 'open' for no key update of d
      ), entries as (
        insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by, decision_id)
        select id, at, now_ms(), stage_id, how, coalesce(reason, how), by, decision_id from found
      )
      update deal d set status = f.how, stage_id = f.how, reason = f.reason, closed_at = f.at, updated_at = f.at
      from found f where d.id = f.id`,
    values: (rows) => [
      int8Array(rows.map((row) => row.dealId)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.how)),
      textArray(rows.map((row) => row.reason)),
      textArray(rows.map((row) => row.by)),
      int8Array(rows.map((row) => row.decisionId)),
    ],
  },
  memberLeaves: {
    sql: `update handoff_member m set left_at = u.at from unnest($1::int8[], $2::int8[]) as u(contact_id, at)
      where m.contact_id = u.contact_id and m.left_at is null`,
    values: (rows) => [int8Array(rows.map((row) => row.contactId)), int8Array(rows.map((row) => row.at))],
  },
  holdEnds: {
    sql: `update hold h set ended_at = u.at, how = u.how
      from unnest($1::int8[], $2::int8[], $3::text[]) as u(contact_id, at, how)
      where h.contact_id = u.contact_id and h.ended_at is null`,
    values: (rows) => [
      int8Array(rows.map((row) => row.contactId)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.how)),
    ],
  },
  // distinct: one statement may not touch a row twice; the latest word of one cause counts
  reevaluations: {
    sql: `insert into reevaluation (contact_id, cause, at, input)
      select distinct on (contact_id, cause) contact_id, cause, at, input
      from unnest($1::int8[], $2::text[], $3::int8[], $4::text[]) with ordinality as u(contact_id, cause, at, input, n)
      order by contact_id, cause, n desc
      on conflict (contact_id, cause) do update set at = excluded.at, input = excluded.input`,
    values: (rows) => [
      int8Array(rows.map((row) => row.contactId)),
      textArray(rows.map((row) => row.cause)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.input)),
    ],
  },
  // members that this transaction is yet to write are given by id
  groupFollows: {
    sql: `insert into reevaluation (contact_id, cause, at, input)
      select distinct on (contact_id, group_id) contact_id, 'group:' || group_id, at, input
      from (
        select coalesce(u.contact_id, m.contact_id) as contact_id, u.group_id, u.at, u.input, n
        from unnest($1::int8[], $2::int8[], $3::text[], $4::int8[]) with ordinality as u(group_id, at, input, contact_id, n)
        left join handoff_member m on u.contact_id is null and m.group_id = u.group_id and m.left_at is null
      ) as follows
      where contact_id is not null
      order by contact_id, group_id, n desc
      on conflict (contact_id, cause) do update set at = excluded.at, input = excluded.input`,
    values: (rows) => [
      int8Array(rows.map((row) => row.groupId)),
      int8Array(rows.map((row) => row.at)),
      textArray(rows.map((row) => row.input)),
      int8Array(rows.map((row) => row.contactId)),
    ],
  },
  ...ACT_UPDATES,
};

/** Writes all gathered changes of rows that were there before, each kind in one statement. */
export function flushUpdates(pipeline: Pipeline, rows: PendingRows): void {
  for (const follow of [...rows.updates.groupFollows])
    for (const member of rows.members)
      if (member.groupId === follow.groupId && member.leftAt === null)
        rows.updates.groupFollows.push({ ...follow, contactId: member.contactId });
  for (const kind of Object.keys(UPDATES) as (keyof PendingUpdates)[]) {
    const list = rows.updates[kind];
    if (list.length === 0) continue;
    const { sql, values } = UPDATES[kind] as Update<typeof kind>;
    pipeline.add({ name: `flush-${kind}`, text: sql }, values(list as never));
  }
}
