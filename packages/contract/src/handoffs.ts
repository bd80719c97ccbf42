/**
 * Handoffs to look at: the paged list, one in full, the counts beside the views, and the live stream's messages.
 * Instants are ISO 8601 with milliseconds, UTC. Ids are integers.
 */
import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageQuery } from './paging.ts';
import { assignmentTrace, decisionTrace } from './trace.ts';

const instant = z.iso.datetime();
const id = z.int().check(z.positive());

export const HANDOFF_STATUSES = [
  'offered',
  'queued',
  'open',
  'working',
  'parked',
  'deal',
  'won',
  'lost',
  'rejected',
  'withdrawn',
  'merged',
] as const;
export const handoffStatus = z.enum(HANDOFF_STATUSES);
export type HandoffStatus = z.infer<typeof handoffStatus>;

/** The views over the list; each status is in exactly one besides `all`. `owed`: somebody waits for a first contact. */
export const HANDOFF_VIEWS = ['all', 'owed', 'working', 'closed'] as const;
export const handoffView = z.enum(HANDOFF_VIEWS);
export type HandoffView = z.infer<typeof handoffView>;
export const VIEW_STATUSES = {
  all: HANDOFF_STATUSES,
  owed: ['offered', 'queued', 'open'],
  working: ['working', 'parked', 'deal'],
  closed: ['won', 'lost', 'rejected', 'withdrawn', 'merged'],
} as const satisfies Record<HandoffView, readonly HandoffStatus[]>;

export const clock = z.object({
  kind: z.enum(['accept', 'response', 'next-step', 'outcome', 'return', 'close']),
  startedAt: instant,
  dueAt: instant,
  /** Null while it runs. */
  stoppedAt: z.nullable(instant),
  how: z.nullable(z.enum(['kept', 'broken', 'parked', 'closed', 'replaced'])),
});
export type Clock = z.infer<typeof clock>;

/** One row of the list: who, why qualified, whose and why, by when. */
export const handoffRow = z.object({
  id,
  status: handoffStatus,
  kind: z.string(),
  intent: z.string(),
  qualifiedAt: instant,
  contact: z.object({ id, name: z.nullable(z.string()), email: z.nullable(z.string()), title: z.nullable(z.string()) }),
  company: z.nullable(z.object({ id, name: z.nullable(z.string()), size: z.nullable(z.string()) })),
  owner: z.nullable(z.object({ id, name: z.string() })),
  queue: z.nullable(z.string()),
  team: z.nullable(z.string()),
  ruleId: z.string(),
  /** Why qualified, a sentence. */
  why: z.string(),
  /** Why this owner or queue, a sentence. */
  whyOwner: z.nullable(z.string()),
  leadStatus: z.nullable(z.string()),
  /** The clock that is owed next, or the last one where none runs. */
  clock: z.nullable(clock),
  /** The running accept clock of an offer; null where none runs. `leftMs`: until it is due, at `serverNow`; negative after. */
  acceptBy: z.nullable(z.object({ startedAt: instant, dueAt: instant, leftMs: z.int() })),
  breached: z.boolean(),
  source: z.nullable(z.string()),
  /** How many people of the company share this handoff's group; 1 is alone. */
  groupSize: z.int(),
  closedReason: z.nullable(z.string()),
});
export type HandoffRow = z.infer<typeof handoffRow>;

/** Filters of the list. `ids` asks for those rows alone (still filtered), as the live page does for what is new. */
export const handoffListQuery = z.strictObject({
  ...pageQuery,
  view: z._default(handoffView, 'all'),
  rep: z.optional(z.coerce.number().check(z.int(), z.positive())),
  team: z.optional(z.string().check(z.minLength(1), z.maxLength(120))),
  /** Part of a name, an e-mail address or a company's name. */
  search: z.optional(z.string().check(z.maxLength(200))),
  /** At most 100 ids, separated by commas. */
  ids: z.optional(z.string().check(z.regex(/^[1-9]\d{0,15}(,[1-9]\d{0,15}){0,99}$/))),
});

/** Newest first; `nextCursor` is null on the last page. */
export const handoffList = z.object({
  rows: z.array(handoffRow),
  nextCursor: z.nullable(z.string()),
  /** The database's clock, so that a browser whose clock is wrong still counts down right. */
  serverNow: instant,
});
export type HandoffList = z.infer<typeof handoffList>;

/** What stands beside the views, and what the filters offer. */
export const handoffCounts = z.object({
  views: z.record(handoffView, z.int()),
  late: z.int(),
  reps: z.array(z.object({ id, name: z.string() })),
  teams: z.array(z.object({ id: z.string(), name: z.string() })),
  serverNow: instant,
  /** Where the live stream stood before this was counted: follow it from here and nothing later is missed. */
  livePosition: z.string(),
});
export type HandoffCounts = z.infer<typeof handoffCounts>;

export const shownFact = z.object({
  path: z.string(),
  of: z.enum(['contact', 'company', 'source']),
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  trust: z.nullable(z.string()),
  source: z.nullable(z.string()),
  at: z.nullable(instant),
});
export type ShownFact = z.infer<typeof shownFact>;

export const timelineEntry = z.object({
  at: instant,
  kind: z.string(),
  say: z.string(),
  /** Who acted: `policy`, `timer`, `rep`, `person`, `import`, or `contact` for what the contact did. */
  by: z.string(),
  byName: z.nullable(z.string()),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const touch = z.object({
  at: instant,
  source: z.string(),
  detail: z.nullable(z.string()),
  campaign: z.nullable(z.string()),
  form: z.nullable(z.string()),
  landingPage: z.nullable(z.string()),
});
export type ShownTouch = z.infer<typeof touch>;

/** One action of the table, and the sentence why it may not be taken now. `until`: of undo, until when it may. */
export const handoffAction = z.object({
  do: z.string(),
  label: z.string(),
  allowed: z.boolean(),
  why: z.nullable(z.string()),
  until: z.optional(instant),
});
export type HandoffAction = z.infer<typeof handoffAction>;

/** One reason of the policy in force for saying no: what it does, what it asks for, and why it can't be given now. */
export const rejectReason = z.object({
  id: z.string(),
  then: z.string(),
  /** What the rep is asked: which parts did not fit. */
  ask: z.array(z.string()),
  /** It goes to another owner instead of ending. */
  reroutes: z.boolean(),
  why: z.nullable(z.string()),
});
export type RejectReason = z.infer<typeof rejectReason>;

/** One handoff in full. */
export const handoffDetail = z.object({
  row: handoffRow,
  episode: z.int(),
  clocks: z.array(clock),
  policy: z.object({ hash: z.string(), version: z.nullable(z.int()), name: z.nullable(z.string()) }),
  decision: z.nullable(
    z.object({ id, at: instant, outcome: z.string(), evaluatorVersion: z.int(), trace: z.nullable(decisionTrace) }),
  ),
  /** The events that a trace's evidence names, by key. */
  evidence: z.record(
    z.string(),
    z.object({ name: z.string(), at: instant, source: z.nullable(z.string()), detail: z.nullable(z.string()) }),
  ),
  /** The names of every rep that the trace speaks of, by id. */
  reps: z.record(z.string(), z.string()),
  tasks: z.array(
    z.object({
      id,
      title: z.string(),
      type: z.string(),
      dueAt: instant,
      status: z.string(),
      owner: z.nullable(z.string()),
    }),
  ),
  deal: z.nullable(z.object({ id, name: z.string(), pipeline: z.string(), stage: z.string(), status: z.string() })),
  /** Why the present owner: of the decision that gave it to them, which may be later than the one that opened it. */
  assignment: z.nullable(assignmentTrace),
  /** Colleagues of the same company who joined this handoff, each with their own reason. */
  group: z.array(z.object({ contactId: id, contact: z.string(), why: z.string(), at: instant })),
  facts: z.array(shownFact),
  firstTouch: z.nullable(touch),
  latestTouch: z.nullable(touch),
  timeline: z.array(timelineEntry),
  /** What the one who asks may do with it now, and the sentence why not: the table that the acts themselves ask. */
  actions: z.array(handoffAction),
  /** The reasons that rejecting it takes; empty where it may not be rejected. */
  rejectReasons: z.array(rejectReason),
  serverNow: instant,
});
export type HandoffDetail = z.infer<typeof handoffDetail>;

/** The live stream's `change` message: this handoff or contact changed; read it again. Its id is `<xid>-<feed id>`. */
export const liveChange = z.object({
  handoffId: z.nullable(z.int()),
  contactId: z.nullable(z.int()),
  kind: z.string(),
});
export type LiveChange = z.infer<typeof liveChange>;

export const listHandoffs = operation({
  id: 'list-handoffs',
  method: 'GET',
  path: '/api/v1/handoffs',
  say: 'List handoffs, newest first: who, why qualified, whose and why, by when',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  query: handoffListQuery,
  reply: handoffList,
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

export const countHandoffs = operation({
  id: 'count-handoffs',
  method: 'GET',
  path: '/api/v1/handoffs/counts',
  say: 'Count handoffs by view, and name the reps and teams that have some',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  reply: handoffCounts,
  status: 200,
  errors: [],
});

export const readHandoff = operation({
  id: 'read-handoff',
  method: 'GET',
  path: '/api/v1/handoffs/:id',
  say: 'Read one handoff with its trace, facts and timeline',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  about: 'handoff',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  reply: handoffDetail,
  status: 200,
  errors: ['not_found'],
});
