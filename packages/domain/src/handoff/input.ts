import type { FactClaim, Trust } from '../facts/fact.ts';
import type { DealId, HandoffId, Intent, RepId, TaskId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { LeadStatus, LifecycleStage } from '../lifecycle/stage.ts';
import type { Touch } from '../source/touch.ts';
import type { ClockKind, DecisionOutcome } from './decision.ts';
import type { SplitPart } from './splitMerge.ts';
import type { ClosedHandoffStatus, ContactState } from './state.ts';
import type { UndoableAct } from './undoable.ts';

/** Why an event does not count as the contact's own act. The policy's `gate.ignore` says which of these are left out. */
export const EVENT_MARKS = ['machine-open', 'scanner-click', 'own-staff', 'bot'] as const;
export type EventMark = (typeof EVENT_MARKS)[number];

/** One observed act, translated from whatever surface it came by. */
export type ObservedEvent = {
  /** Unique for (source, message id); short text; breaks ties of equal instants. */
  readonly key: string;
  readonly type: 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';
  /** What a policy's `on` matches: the event's name for `track`, else the type. */
  readonly name: string;
  /** min(arrival, the sender's timestamp corrected by its sentAt). */
  readonly effectiveAt: Instant;
  readonly trust: Trust;
  /** The name of the source, for provenance. */
  readonly source: string;
  readonly properties: JsonObject;
  /** Claims about the contact (`contact.*`, custom paths included); company claims are folded into the company before. */
  readonly claims: readonly FactClaim[];
  readonly touch: Touch | null;
  readonly marks: readonly EventMark[];
};

/** Who acts. */
export type Actor =
  | { readonly kind: 'rep'; readonly id: RepId }
  | { readonly kind: 'person'; readonly name: string; readonly team: 'marketing' | 'sales' | 'admin' }
  | { readonly kind: 'import'; readonly name: string }
  | { readonly kind: 'policy' }
  | { readonly kind: 'timer' };

/** How an act towards a contact came out; which of them reached somebody says `OUTCOME_MEANS`. */
export const CONTACT_OUTCOMES = [
  'connected',
  'voicemail',
  'no-answer',
  'replied',
  'met',
  'sent',
  'booked',
  'no-show',
  'rescheduled',
  'cancelled',
  'bounced',
  'wrong-number',
] as const;
/** By which way somebody turned to a contact. */
export const CONTACT_CHANNELS = ['call', 'email', 'meeting', 'social'] as const;

/** What a rep can do; the action table says who may do what in which state. */
export type RepAct =
  | { readonly do: 'accept' }
  | {
      readonly do: 'log-contact';
      readonly channel: (typeof CONTACT_CHANNELS)[number];
      readonly outcome: (typeof CONTACT_OUTCOMES)[number];
      readonly note: string | null;
      readonly at: Instant;
      /** What saw it, where no person logged it: a dialer, a calendar, a mailbox. The clock's evidence names it. */
      readonly source?: string;
      /** What the rep will do next, as a task. */
      readonly next?: { readonly type: string; readonly title: string | null; readonly dueAt: Instant };
    }
  | {
      readonly do: 'complete-task';
      readonly task: { readonly id: TaskId; readonly ownerId: RepId; readonly type: string };
      /** The contact that doing it was; null: none. */
      readonly contact: {
        readonly channel: (typeof CONTACT_CHANNELS)[number];
        readonly outcome: (typeof CONTACT_OUTCOMES)[number];
        readonly note: string | null;
      } | null;
    }
  | { readonly do: 'reject'; readonly reason: string; readonly detail: string | null }
  | { readonly do: 'park'; readonly until: Instant; readonly note: string | null }
  | { readonly do: 'hand-back'; readonly reason: string }
  | { readonly do: 'claim' }
  /** Pass on inside sales. `leg` null: the policy's leg by hand, else its first; `to` null: as the leg says. */
  | { readonly do: 'pass-on'; readonly leg: string | null; readonly to: RepId | null; readonly note: string | null }
  | {
      readonly do: 'set-status';
      readonly status: LeadStatus;
      readonly reason: string | null;
      readonly until: Instant | null;
    };

/** Given by hand. `charge`: `team` counts it as a turn in the ledger of the team whose lead it is; absent: it costs none. */
export type AssignAct = { readonly do: 'assign'; readonly to: RepId; readonly charge?: 'team' };

/** A deal as a person makes it. `amountMinor`: in the smallest unit of `currency`. */
export type MadeDeal = {
  readonly pipeline: string;
  readonly stage: string;
  readonly name: string;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly closeAt: Instant | null;
};

/** All that can make Baton decide. Live intake, a timer, a click, a backtest and a test send the same union. */
export type Input =
  | { readonly kind: 'event-observed'; readonly event: ObservedEvent }
  | {
      readonly kind: 'timer-fired';
      readonly timer: 'reevaluate' | 'hold-ends' | ClockKind;
    }
  | { readonly kind: 'rep-acted'; readonly by: Actor; readonly act: RepAct }
  | { readonly kind: 'fast-tracked'; readonly by: Actor; readonly intent: Intent; readonly note: string }
  | { readonly kind: 'manager-acted'; readonly by: Actor; readonly act: AssignAct }
  | { readonly kind: 'stage-set'; readonly by: Actor; readonly stage: LifecycleStage; readonly ownerId: RepId | null }
  | {
      readonly kind: 'deal-changed';
      readonly by: Actor;
      readonly dealId: DealId;
      readonly change: {
        readonly to: 'created' | 'moved' | 'won' | 'lost';
        readonly at: Instant;
        readonly reason: string | null;
        /** Of a deal that a person makes here: its row is this decision's to write; absent: it is there already. */
        readonly made?: MadeDeal;
        /** Its close date, where this change says another one. */
        readonly closeAt?: Instant;
        /** The stage that it moves to; absent: its row says so already. */
        readonly stage?: string;
      };
    }
  /** An act is taken back. `later`: the first decision about the contact after it, null where there is none. */
  | {
      readonly kind: 'undone';
      readonly by: Actor;
      readonly act: UndoableAct;
      readonly later: { readonly outcome: DecisionOutcome; readonly say: string } | null;
    }
  | { readonly kind: 'facts-changed'; readonly cause: string }
  | { readonly kind: 'policy-published' }
  | {
      readonly kind: 'availability-changed';
      readonly repId: RepId;
      readonly change: 'deactivated' | 'away' | 'back';
      /** Of `away`: what whoever marked them away wants; absent: as the route says. */
      readonly then?: 'cover' | 'reroute';
    }
  /** Somebody's or a team's working time was edited: dues that are not broken yet are told anew. */
  | { readonly kind: 'calendar-changed' }
  | { readonly kind: 'merged'; readonly loser: ContactState }
  /** A merge is undone: this is one of the two, and its part. */
  | { readonly kind: 'unmerged'; readonly by: Actor; readonly part: SplitPart; readonly say: string }
  /** For a member: the group's handoff moved on (`ended` null: read the company) or ended. Sent for each `members-follow`. */
  | {
      readonly kind: 'group-changed';
      readonly groupId: HandoffId;
      readonly ended: {
        readonly status: ClosedHandoffStatus;
        readonly reason: string | null;
        readonly at: Instant;
      } | null;
    }
  | {
      readonly kind: 'withdrawn';
      readonly by: Actor;
      readonly cause: 'unsubscribed' | 'objection' | 'became-customer' | 'competitor' | 'by-hand';
    };
