import type { LedgerKey } from '../assignment/assignment.ts';
import type { FactPath, Facts, FactValue } from '../facts/fact.ts';
import type { CompanyId, ContactId, DealId, HandoffId, Intent, QueueId, RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { LeadStatus, LifecycleStage } from '../lifecycle/stage.ts';
import type { Duration } from '../policy/document.ts';
import type { Signals } from '../signals/signal.ts';
import type { Touches } from '../source/touch.ts';

/** Whose calendar a clock runs on: `team/inbound`, `rep/4`. */
export type CalendarRef = `team/${TeamId}` | `rep/${RepId}`;

/** A running promise: when it began and by when it is owed. Rows are the truth; a timer only wakes them. */
export type Clock = {
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  /** When it must be looked at next, by a step of its ladder; absent: at `dueAt`. */
  readonly nextAt?: Instant;
  /** How often it fired, which is also the number of its last step; absent: never. */
  readonly fired?: number;
  /** How many rungs of its ladder are done; absent: none. A breach and the days after the last rung are no rungs. */
  readonly rung?: number;
  /** When its breach was recorded: once, and for good. */
  readonly breachedAt?: Instant;
  /** No rung before this instant: a new owner's grace, or the wait after an outage of ours. */
  readonly graceUntil?: Instant;
  /** It waits in a queue for this instant, and then looks for an owner once more. */
  readonly opensAt?: Instant;
  /** What was promised, so that an edited calendar can tell the due instant anew; absent: a date, not a duration. */
  readonly within?: Duration;
  /** From when `within` counts, where a raise began it anew; absent: from `startedAt`. */
  readonly since?: Instant;
  /** Absent: every hour counts. */
  readonly on?: CalendarRef;
};

/** What one ledger step moved: micro-credits per rep, as integers well below 2^53 so that the state stays plain JSON. */
export type HandoffCredit = {
  readonly key: LedgerKey;
  readonly seq: number;
  readonly moved: readonly (readonly [repId: RepId, credits: number])[];
};

/** The second leg of a handoff, and what the first one was when it was passed on: all that handing it back brings back. */
export type HandoffLeg = {
  /** The policy's leg, or `by-hand` where a person named the next owner and no leg. */
  readonly id: string;
  /** Who passed it on, and gets it back. */
  readonly fromId: RepId;
  readonly passedAt: Instant;
  /** Offers before it: a leg counts its own. */
  readonly offersBefore: number;
  /** Whose the deal was before an owner of the leg took it; absent: nobody took it. */
  readonly dealTakenFrom?: RepId;
  /** Which owner of the leg took it last, and has it; absent: nobody took it. */
  readonly dealTakenBy?: RepId;
  readonly first: {
    readonly routeId: string | null;
    readonly teamId: TeamId | null;
    readonly credit: HandoffCredit | null;
    readonly acceptedAt: Instant;
    /** Null: nobody had made contact yet. */
    readonly contactedAt: Instant | null;
    readonly attempts: number;
    /** When it had become a deal; null: it had not. */
    readonly dealCreatedAt: Instant | null;
  };
};

/** What every handoff keeps from the instant it was made. */
export type HandoffBase = {
  readonly id: HandoffId;
  /** 1 for the contact's first handoff, then 2, 3 ... */
  readonly episode: number;
  /** `inbound`: qualified by policy; `fast-track`: by marketing; `own`: a rep's own lead; `expansion`: of a customer. */
  readonly kind: 'inbound' | 'fast-track' | 'own' | 'expansion';
  readonly intent: Intent;
  /** The qualify rule that was met (or `fast-track`, `own-lead`, or the exception that handed it on). */
  readonly ruleId: string;
  /** The reason in words, as it was at qualification (or at the last raise): tasks, deals and notices repeat it. */
  readonly reason: string;
  readonly policyHash: string;
  readonly qualifiedAt: Instant;
  /** When more high intent last raised it; null: never. The acts until then are answered. */
  readonly raisedAt: Instant | null;
  /** The group of one company's handoff; equals the id of its first handoff. */
  readonly groupId: HandoffId;
  readonly companyId: CompanyId | null;
  readonly routeId: string | null;
  readonly teamId: TeamId | null;
  readonly dealId: DealId | null;
  /** True while `dealId` is a deal that policy made for this handoff and nobody has touched. */
  readonly dealUntouched: boolean;
  /** The ledger step by which the owner has it, so that an accepted decline can undo exactly that; null: no ledger. */
  readonly credit: HandoffCredit | null;
  readonly declinedBy: readonly RepId[];
  /** Who let its accept clock run out; absent: nobody. */
  readonly lapsedBy?: readonly RepId[];
  /** Whose lead the owner has while they are away; absent: the owner's own. */
  readonly coversFor?: RepId;
  /** Since it was passed on inside sales; absent: never. */
  readonly leg?: HandoffLeg;
  /** The owner who last logged an attempt or a conversation: not relieved without the manager; absent: nobody did. */
  readonly triedBy?: RepId;
  /** When the deal that policy made is to close; absent: it made none. */
  readonly dealCloseAt?: Instant;
  /** How often it was offered to somebody. */
  readonly offers: number;
  /** Once true it stays true: the response promise was missed, on the owner of that moment. */
  readonly breached: boolean;
};

/** An open handoff, by status: a field exists only where it is legal. Exactly the clocks of handoff.md per status. */
export type OpenHandoff =
  | (HandoffBase & {
      readonly status: 'offered';
      readonly ownerId: RepId;
      readonly accept: Clock | null;
      readonly response: Clock;
    })
  | (HandoffBase & {
      readonly status: 'queued';
      readonly queueId: QueueId;
      readonly response: Clock;
      /** The group to which it is offered, where the first to accept has it; absent: to nobody by name. */
      readonly offeredTo?: readonly RepId[];
    })
  | (HandoffBase & {
      readonly status: 'open';
      readonly ownerId: RepId;
      readonly acceptedAt: Instant;
      readonly response: Clock;
    })
  | (HandoffBase & {
      readonly status: 'working';
      readonly ownerId: RepId;
      readonly acceptedAt: Instant;
      readonly contactedAt: Instant;
      readonly attempts: number;
      readonly nextStep: Clock;
      readonly outcome: Clock;
    })
  | (HandoffBase & {
      readonly status: 'parked';
      readonly ownerId: RepId;
      readonly acceptedAt: Instant | null;
      readonly contactedAt: Instant | null;
      readonly parkedAt: Instant;
      readonly returnAt: Instant;
    })
  | (HandoffBase & {
      readonly status: 'deal';
      readonly ownerId: RepId;
      readonly acceptedAt: Instant;
      readonly contactedAt: Instant | null;
      readonly dealId: DealId;
      readonly dealCreatedAt: Instant;
      /** Runs to the deal's close date. */
      readonly close: Clock;
    });

/** The statuses of a handoff that somebody still has to see to, and those in which it has ended. */
export const OPEN_HANDOFF_STATUSES = ['offered', 'queued', 'open', 'working', 'parked', 'deal'] as const;
export const CLOSED_HANDOFF_STATUSES = ['won', 'lost', 'rejected', 'withdrawn', 'merged'] as const;
export type OpenHandoffStatus = OpenHandoff['status'];
export type ClosedHandoffStatus = (typeof CLOSED_HANDOFF_STATUSES)[number];
export type HandoffStatus = OpenHandoffStatus | ClosedHandoffStatus;

/** What is kept of the last closed handoff, so that `again` can be judged without reading history. */
export type ClosedHandoff = {
  readonly id: HandoffId;
  readonly status: ClosedHandoffStatus;
  readonly reason: string | null;
  readonly ruleId: string;
  readonly closedAt: Instant;
  /** Only events and facts later than this can make the contact qualify again. */
  readonly evidenceAfter: Instant;
  /** The values that `fit` looked at, where only a changed one opens the way again; else null. */
  readonly fitFacts: { readonly [path: FactPath]: FactValue } | null;
};

/**
 * A contact that joined the open handoff of a colleague at the same company: it has no handoff and no clock of its own,
 * follows the stage and owner of the group, and does not qualify again while the group is open. When the group ends
 * without an outcome, it stands for itself (see the input `group-changed`).
 */
export type GroupMembership = {
  readonly groupId: HandoffId;
  /** The open handoff that it joined. */
  readonly handoffId: HandoffId;
  readonly ruleId: string;
  readonly intent: Intent;
  readonly reason: string;
  readonly joinedAt: Instant;
};

/** Somebody qualified but is held: with a queue, an expiry, and what happens then. It is on the leaks screen. */
export type Hold = {
  readonly exceptionId: string;
  readonly ruleId: string;
  readonly queueId: QueueId;
  readonly since: Instant;
  readonly until: Instant;
  readonly then: 'drop' | 'release';
};

/**
 * All that a decision about one contact needs to know of it. Facts, touches and signals are functions of the set of
 * events; the rest is a function of the commit order. Companies keep their own facts in `CompanyState`.
 */
export type ContactState = {
  readonly id: ContactId;
  readonly companyId: CompanyId | null;
  readonly facts: Facts;
  readonly touches: Touches;
  readonly signals: Signals;
  readonly stage: LifecycleStage | null;
  readonly leadStatus: LeadStatus | null;
  readonly ownerId: RepId | null;
  readonly handoff: OpenHandoff | null;
  /** Set while it is a member of a colleague's handoff; never together with `handoff` or `hold`. */
  readonly group: GroupMembership | null;
  readonly hold: Hold | null;
  readonly last: ClosedHandoff | null;
  /** Handoffs so far. */
  readonly episodes: number;
  /** Set when a person or policy took the contact out for good (spam, erased, objection); the reason is a code. */
  readonly suppressed: string | null;
  /** Rules that were already met when the policy in force began (`from now on`): no edge until they were unmet once. */
  readonly metBefore: readonly string[];
  /** When the contact was last decided; never later than `now` of the next decision. */
  readonly decidedAt: Instant;
};

/** A contact as it begins: nothing known, nothing done. */
export const newContact = (id: ContactId, companyId: CompanyId | null = null): ContactState => ({
  id,
  companyId,
  facts: {},
  touches: { first: null, latest: null },
  signals: {},
  stage: null,
  leadStatus: null,
  ownerId: null,
  handoff: null,
  group: null,
  hold: null,
  last: null,
  episodes: 0,
  suppressed: null,
  metBefore: [],
  decidedAt: 0,
});

/** What a decision needs to know of the contact's company; loaded under lock only when a handoff is at stake. */
export type CompanyState = {
  readonly id: CompanyId;
  readonly facts: Facts;
  readonly stage: LifecycleStage | null;
  readonly ownerId: RepId | null;
  /** The open handoff of another contact of this company, if any: later contacts join it. */
  readonly openHandoff: {
    readonly handoffId: HandoffId;
    readonly groupId: HandoffId;
    readonly contactId: ContactId;
    readonly ownerId: RepId | null;
    readonly queueId: QueueId | null;
    readonly teamId: TeamId | null;
    readonly status: OpenHandoffStatus;
    readonly dealId: DealId | null;
  } | null;
  /** The open deal of this company that policy or a person made, if any: attached to, not doubled. */
  readonly openDeal: { readonly dealId: DealId; readonly ownerId: RepId | null } | null;
};
