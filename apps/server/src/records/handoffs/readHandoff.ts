import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import type { AssignmentTrace, CriterionTrace, DecisionTrace } from '@baton/contract/trace.ts';
import type { Facts } from '@baton/domain/facts/fact.ts';
import type { Touch, Touches } from '@baton/domain/source/touch.ts';
import type { Pool } from 'pg';
import { readState } from '../../handoff/storedState.ts';
import { iso, isoOrNull } from '../iso.ts';
import { describeEvent, type StoredEvent } from './describeEvent.ts';
import { rowsOf, type StoredRow, toRow } from './handoffRows.ts';

const TIMELINE_MAX = 200;
const EVENTS_MAX = 50;

const evidenceKeys = (criterion: CriterionTrace): readonly string[] => [
  ...criterion.evidence.map(({ key }) => key),
  ...criterion.of.flatMap(evidenceKeys),
];

const repsOf = (assignment: AssignmentTrace | null): readonly number[] => {
  const step = assignment?.step;
  return step ? [...step.lines.map((line) => line.repId), ...step.excluded.map((out) => out.repId)] : [];
};

const shownFacts = (facts: Facts, of: 'contact' | 'company'): HandoffDetail['facts'] =>
  Object.entries(facts).map(([path, fact]) => ({
    path,
    of,
    value: Array.isArray(fact.value) ? [...fact.value] : (fact.value as string | number | boolean | null),
    trust: fact.trust,
    source: fact.source,
    at: iso(fact.at),
  }));

const shownTouch = (touch: Touch | null): HandoffDetail['firstTouch'] =>
  touch === null
    ? null
    : {
        at: iso(touch.at),
        source: touch.source,
        detail: touch.detail ?? null,
        campaign: touch.campaign ?? null,
        form: touch.form ?? null,
        landingPage: touch.landingPage ?? null,
      };

type Head = {
  contact_id: number;
  company_id: number | null;
  group_id: number;
  deal_id: number | null;
  owner_id: number | null;
  episode: number;
  policy_hash: string;
  touches: string;
  state: string;
  company_facts: string | null;
  policy_name: string | null;
  policy_seq: number | null;
  now: number;
};

const readHead = async (pool: Pool, id: number): Promise<Head | undefined> => {
  const found = await pool.query<Head>(
    `select h.contact_id, h.company_id, h.group_id, h.deal_id, h.owner_id, h.episode, h.policy_hash, h.touches, c.state,
       co.facts as company_facts, v.name as policy_name, v.seq as policy_seq, now_ms() as now
     from handoff h
     join contact c on c.id = h.contact_id
     left join company co on co.id = h.company_id
     left join lateral (
       select p.name, (select max(a.seq) from policy_active a where a.version_id = p.id) as seq
       from policy_version p where p.hash = h.policy_hash order by p.id desc limit 1
     ) v on true
     where h.id = $1`,
    [id],
  );
  return found.rows[0];
};

type StoredDecision = { id: number; at: number; outcome: string; evaluator_version: number; trace: string | null };

/** The decision that opened the handoff, and why the present owner has it: from the decision that gave it last. */
const readReasons = async (pool: Pool, id: number) => {
  const found = await pool.query<StoredDecision & { opened: boolean }>(
    `select id, at, outcome, evaluator_version, trace, id = $1 as opened from decision
     where id = $1 or id = (
       select decision_id from handoff_offer where handoff_id = $1 order by at desc, decision_id desc limit 1
     )`,
    [id],
  );
  const traced = found.rows.map((row) => ({
    ...row,
    trace: row.trace === null ? null : (JSON.parse(row.trace) as DecisionTrace),
  }));
  const opened = traced.find((row) => row.opened) ?? null;
  const given = traced.find((row) => !row.opened && row.trace?.assignment) ?? opened;
  return { opened, assignment: given?.trace?.assignment ?? null };
};

const readEvents = async (pool: Pool, contactId: number, keys: readonly string[]): Promise<readonly StoredEvent[]> => {
  const found = await pool.query<StoredEvent>(
    `with profiles as (select $1::bigint as id union select contact_id from contact_redirect where survivor_id = $1)
     (select e.key, e.type, e.name, e.effective_at, e.properties, s.name as source
      from profiles p join event e on e.contact_id = p.id left join source s on s.id = e.source_id
      where e.key = any($2))
     union
     (select e.key, e.type, e.name, e.effective_at, e.properties, s.name as source
      from profiles p join event e on e.contact_id = p.id left join source s on s.id = e.source_id
      where e.marks is null order by e.effective_at desc limit ${EVENTS_MAX})`,
    [contactId, keys],
  );
  return found.rows;
};

const actorName = (by: string, reps: ReadonlyMap<number, string>): string | null => {
  if (by.startsWith('rep:')) return reps.get(Number(by.slice(4))) ?? by;
  return by.includes(':') ? by.slice(by.indexOf(':') + 1) : null;
};

/** Reads one handoff in full but for what may be done with it, or null where there is none. */
export const readHandoff = async (
  pool: Pool,
  id: number,
): Promise<Omit<HandoffDetail, 'actions' | 'rejectReasons'> | null> => {
  const head = await readHead(pool, id);
  if (head === undefined) return null;
  const { opened, assignment } = await readReasons(pool, id);
  const evaluation = opened?.trace?.evaluation;
  const keys = evaluation?.rules.flatMap((rule) => evidenceKeys(rule.criterion)) ?? [];

  const [rows, clocks, tasks, deals, members, timeline, events, reps] = await Promise.all([
    pool.query<StoredRow>(rowsOf('select $1::bigint as id'), [id]),
    pool.query<{
      kind: HandoffDetail['clocks'][number]['kind'];
      started_at: number;
      due_at: number;
      stopped_at: number | null;
      how: HandoffDetail['clocks'][number]['how'];
    }>(
      `(select id, kind, started_at, due_at, stopped_at, how from handoff_clock where handoff_id = $1 and stopped_at is null)
       union all
       (select id, kind, started_at, due_at, stopped_at, how from handoff_clock where handoff_id = $1 and stopped_at is not null)
       order by id`,
      [id],
    ),
    pool.query<{ id: number; title: string; type: string; due_at: number; how: string | null; owner: string | null }>(
      `select t.id, t.title, t.type, t.due_at, t.how, r.name as owner from task t left join rep r on r.id = t.owner_id
       where t.handoff_id = $1 order by t.due_at, t.id`,
      [id],
    ),
    pool.query<{ id: number; name: string; status: string; pipeline: string; stage: string }>(
      `select d.id, d.name, d.status, coalesce(p.name, d.pipeline_id) as pipeline, coalesce(s.name, d.stage_id) as stage
       from deal d left join pipeline p on p.id = d.pipeline_id
       left join pipeline_stage s on s.pipeline_id = d.pipeline_id and s.id = d.stage_id
       where d.id = $1`,
      [head.deal_id],
    ),
    pool.query<{ contact_id: number; contact: string | null; email: string | null; reason: string; joined_at: number }>(
      `select m.contact_id, c.name as contact, c.email, m.reason, m.joined_at
       from handoff_member m join contact c on c.id = m.contact_id
       where m.group_id = $1 and m.left_at is null order by m.joined_at`,
      [head.group_id],
    ),
    pool.query<{ at: number; kind: string; by: string; say: string; id: number }>(
      `select id, at, kind, by, say from timeline
       where contact_id = $1 and (handoff_id = $2 or handoff_id is null)
       order by at desc, id desc limit ${TIMELINE_MAX}`,
      [head.contact_id, id],
    ),
    readEvents(pool, head.contact_id, keys),
    pool.query<{ id: number; name: string }>('select id, name from rep'),
  ]);
  const row = rows.rows[0];
  if (row === undefined) return null;
  const repNames = new Map(reps.rows.map((rep) => [rep.id, rep.name]));
  const state = readState(head.state);
  const touches = JSON.parse(head.touches) as Touches;
  const described = events.map(describeEvent);
  const deal = deals.rows[0];

  return {
    row: toRow(row),
    episode: head.episode,
    clocks: clocks.rows.map((clock) => ({
      kind: clock.kind,
      startedAt: iso(clock.started_at),
      dueAt: iso(clock.due_at),
      stoppedAt: isoOrNull(clock.stopped_at),
      how: clock.how,
    })),
    policy: { hash: head.policy_hash, version: head.policy_seq, name: head.policy_name },
    decision:
      opened === null
        ? null
        : {
            id: opened.id,
            at: iso(opened.at),
            outcome: opened.outcome,
            evaluatorVersion: opened.evaluator_version,
            trace: opened.trace,
          },
    assignment,
    evidence: Object.fromEntries(described.map((event) => [event.key, event.evidence])),
    reps: Object.fromEntries(repsOf(assignment).map((repId) => [repId, repNames.get(repId) ?? `Rep ${repId}`])),
    tasks: tasks.rows.map((task) => ({
      id: task.id,
      title: task.title,
      type: task.type,
      dueAt: iso(task.due_at),
      status: task.how ?? 'open',
      owner: task.owner,
    })),
    deal: deal ?? null,
    group: members.rows.map((member) => ({
      contactId: member.contact_id,
      contact: member.contact ?? member.email ?? `Contact ${member.contact_id}`,
      why: member.reason,
      at: iso(member.joined_at),
    })),
    facts: [
      ...shownFacts(state.facts, 'contact'),
      ...(head.company_facts === null ? [] : shownFacts(JSON.parse(head.company_facts) as Facts, 'company')),
    ],
    firstTouch: shownTouch(touches.first),
    latestTouch: shownTouch(touches.latest),
    timeline: [
      ...timeline.rows.map((entry) => ({
        order: entry.id,
        at: entry.at,
        kind: entry.kind,
        say: entry.say,
        by: entry.by.split(':', 1)[0] as string,
        byName: actorName(entry.by, repNames),
      })),
      ...described.map((event) => ({
        order: 0,
        at: event.at,
        kind: 'event',
        say: event.say,
        by: 'contact',
        byName: null,
      })),
    ]
      .sort((a, b) => b.at - a.at || b.order - a.order)
      .map(({ order: _, ...entry }) => ({ ...entry, at: iso(entry.at) })),
    serverNow: iso(head.now),
  };
};
