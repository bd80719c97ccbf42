import type { LedgerStep, RepLoad } from '../assignment/assignment.ts';
import type {
  CompanyId,
  ContactId,
  DealId,
  DecisionId,
  HandoffId,
  Intent,
  QueueId,
  RepId,
  TaskId,
  TeamId,
} from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { LeadStatus, LifecycleStage } from '../lifecycle/stage.ts';
import type { Channel } from '../policy/document.ts';
import type { Touches } from '../source/touch.ts';
import type { Need } from './context.ts';
import type { Actor, Input, MadeDeal } from './input.ts';
import type { CompanyState, ContactState, HandoffStatus, Hold, OpenHandoff } from './state.ts';
import type { Trace } from './trace.ts';

/** What a decision came to, in one word that a query can count. `observed`: facts and signals folded, nothing else. */
export const DECISION_OUTCOMES = [
  'observed',
  'qualified',
  'joined',
  'raised',
  'held',
  'accepted',
  'worked',
  'parked',
  'rejected',
  'rerouted',
  'passed-on',
  'assigned',
  'dealt',
  'won',
  'lost',
  'withdrawn',
  'merged',
  'stage-set',
  'fired',
  'replanned',
  'undone',
  'unmerged',
  'ignored',
  'refused',
] as const;
export type DecisionOutcome = (typeof DECISION_OUTCOMES)[number];

/** Rows to write, a closed union: the shell writes each kind set-wise and adds nothing of its own. */
export type Change =
  | {
      readonly kind: 'handoff-opened';
      readonly handoffId: HandoffId;
      readonly ownerId: RepId | null;
      readonly queueId: QueueId | null;
      /** Frozen at qualification, for reports. */
      readonly touches: Touches;
      readonly reason: string;
    }
  | {
      readonly kind: 'handoff-changed';
      readonly handoffId: HandoffId;
      readonly status: HandoffStatus;
      readonly reason: string | null;
    }
  | {
      readonly kind: 'stage-entered';
      readonly of: 'contact' | 'company';
      readonly from: LifecycleStage | null;
      readonly to: LifecycleStage;
      readonly cause: string;
    }
  | {
      readonly kind: 'status-entered';
      readonly from: LeadStatus | null;
      readonly to: LeadStatus;
      readonly cause: string;
    }
  | { readonly kind: 'owner-written'; readonly of: 'contact' | 'company'; readonly ownerId: RepId }
  | {
      readonly kind: 'clock-started';
      readonly handoffId: HandoffId;
      readonly clock: ClockKind;
      readonly startedAt: Instant;
      readonly dueAt: Instant;
      /** When a timer must look at it next: at a step of its ladder, at the latest when it is due. */
      readonly nextAt: Instant;
      readonly ownerId: RepId | null;
    }
  /** A step of a running clock, done once: late where `at` lies after `plannedAt`. The clock runs on, to `nextAt`. */
  | {
      readonly kind: 'clock-fired';
      readonly handoffId: HandoffId;
      readonly clock: ClockKind;
      /** 1, 2, 3 ... within this clock, also where it was passed on to another owner. */
      readonly step: number;
      /** What the step did, for people and queries: `remind`, `breach`, `tell-manager`, `reassign`, `wait` ... */
      readonly act: string;
      readonly plannedAt: Instant;
      readonly at: Instant;
      readonly nextAt: Instant;
    }
  | {
      readonly kind: 'clock-stopped';
      readonly handoffId: HandoffId;
      readonly clock: ClockKind;
      readonly at: Instant;
      readonly how: 'kept' | 'broken' | 'parked' | 'closed' | 'replaced';
      readonly evidence: string | null;
    }
  /** A clock that an undone act had stopped runs on, in its own row and as if it had never stopped. */
  | {
      readonly kind: 'clock-reopened';
      readonly handoffId: HandoffId;
      readonly clock: ClockKind;
      readonly startedAt: Instant;
      readonly dueAt: Instant;
      readonly ownerId: RepId | null;
    }
  /** What else an undone act wrote is taken back: tasks, deals, notices that nobody saw. `handoff`: as it stands again. */
  | {
      readonly kind: 'act-undone';
      readonly decisionId: DecisionId;
      readonly at: Instant;
      readonly handoff: OpenHandoff | null;
    }
  | { readonly kind: 'task-done'; readonly taskId: TaskId }
  | {
      readonly kind: 'task-created';
      readonly handoffId: HandoffId;
      readonly ownerId: RepId;
      readonly type: string;
      readonly title: string;
      readonly dueAt: Instant;
    }
  /** Of this handoff and this decision's contact: members of a group have tasks of their own. The same for `task-moved`. */
  | { readonly kind: 'task-closed'; readonly handoffId: HandoffId; readonly how: 'done' | 'dropped' }
  | { readonly kind: 'task-moved'; readonly handoffId: HandoffId; readonly ownerId: RepId; readonly dueAt: Instant }
  | {
      readonly kind: 'deal-created';
      readonly dealId: DealId;
      readonly handoffId: HandoffId;
      readonly pipeline: string;
      readonly stage: string;
      readonly name: string;
      readonly ownerId: RepId | null;
      readonly closeAt: Instant;
      readonly companyId: CompanyId | null;
    }
  | {
      readonly kind: 'deal-made';
      readonly dealId: DealId;
      readonly handoffId: HandoffId | null;
      readonly ownerId: RepId | null;
      readonly companyId: CompanyId | null;
      readonly made: MadeDeal;
    }
  | { readonly kind: 'deal-owned'; readonly dealId: DealId; readonly ownerId: RepId }
  | { readonly kind: 'deal-moved'; readonly dealId: DealId; readonly stage: string }
  | { readonly kind: 'deal-attached'; readonly dealId: DealId; readonly handoffId: HandoffId }
  | {
      readonly kind: 'deal-closed';
      readonly dealId: DealId;
      readonly how: 'won' | 'lost';
      readonly reason: string | null;
      readonly at: Instant;
    }
  | {
      readonly kind: 'group-joined';
      readonly handoffId: HandoffId;
      readonly groupId: HandoffId;
      readonly reason: string;
    }
  /** Every contact whose `group.groupId` is this one is to be decided with this input, now or by a reevaluation row. */
  | { readonly kind: 'members-follow'; readonly groupId: HandoffId; readonly input: Input }
  | { readonly kind: 'held'; readonly hold: Hold; readonly reason: string }
  | { readonly kind: 'hold-ended'; readonly exceptionId: string; readonly how: 'dropped' | 'released' | 'withdrawn' }
  | { readonly kind: 'ledger-step'; readonly handoffId: HandoffId; readonly step: LedgerStep }
  | {
      readonly kind: 'qualified';
      readonly ruleId: string;
      readonly intent: Intent;
      readonly teamId: TeamId | null;
      readonly handoffId: HandoffId | null;
      readonly exceptionId: string | null;
    }
  | {
      readonly kind: 'timeline';
      readonly entry: TimelineKind;
      readonly handoffId: HandoffId | null;
      readonly say: string;
    }
  | { readonly kind: 'reevaluate'; readonly at: Instant; readonly cause: string };

/** What may be owed on an open handoff; handoff.md, “One clock per open status”, says which run when. */
export const CLOCK_KINDS = ['accept', 'response', 'next-step', 'outcome', 'return', 'close'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** What an entry of the timeline, or a notice, is about. */
export const TIMELINE_KINDS = [
  'qualified',
  'assigned',
  'queued',
  'accepted',
  'contact',
  'raised',
  'joined',
  'held',
  'rejected',
  'parked',
  'promise',
  'rerouted',
  'deal',
  'closed',
  'withdrawn',
  'merged',
  'stage',
  'status',
  'note',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Things to do outside, at least once; the id of an effect is `decisionId:index`. */
export type Effect =
  | {
      readonly kind: 'notify-rep';
      readonly repId: RepId;
      readonly handoffId: HandoffId;
      readonly about: TimelineKind;
      /** By which ways besides the notice in the app; absent: by none. */
      readonly via?: readonly Channel[];
      readonly subject: string;
      readonly body: string;
    }
  /** A place that the policy's `notify` names: a channel of a chat, an address. */
  | {
      readonly kind: 'notify-place';
      readonly via: Channel;
      readonly to: string;
      readonly handoffId: HandoffId;
      readonly about: TimelineKind;
      readonly subject: string;
      readonly body: string;
    }
  | {
      readonly kind: 'notify-queue';
      readonly queueId: QueueId;
      readonly tell: string | null;
      readonly handoffId: HandoffId;
      readonly subject: string;
      readonly body: string;
    };

/** One decision about one contact: the next state, the rows, the effects, and the reasons, written where they were taken. */
export type Decision = {
  readonly id: DecisionId;
  readonly contactId: ContactId;
  readonly at: Instant;
  readonly by: Actor;
  readonly outcome: DecisionOutcome;
  readonly policyHash: string;
  readonly evaluatorVersion: number;
  readonly next: ContactState;
  /** The company's next state where this decision changed it (owner, stage, open handoff, open deal), else null. */
  readonly company: CompanyState | null;
  /** The ledger's next state is the fold of the `ledger-step` changes; loads change as given here. */
  readonly loads: ReadonlyMap<RepId, RepLoad>;
  readonly changes: readonly Change[];
  readonly effects: readonly Effect[];
  /** Kept when something changed beyond facts and signals, else null and recomputed on demand. */
  readonly trace: Trace | null;
};

/** An act that may not be done: why not, as a code and a sentence; for a race, who was first. */
export type Refusal = { readonly code: string; readonly say: string; readonly by: RepId | null };

/** What `decide` answers: a decision, what must be locked and loaded before it can be taken, or a refusal. */
export type Decided =
  | { readonly kind: 'decided'; readonly decision: Decision }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
