/**
 * The agreement as data: what `parse` yields, normalised. Maps of the file are arrays with `id` in the file's order,
 * what the file left out has its default or is null, texts with tokens are cut into parts, durations carry their kind.
 * Positions in the file are not part of it: two files that say the same are the same document.
 */
import type { FactPath, Trust } from '../facts/fact.ts';
import type { EventMark } from '../handoff/input.ts';
import type { Intent, QueueId, TeamId } from '../kernel/ids.ts';
import type { DurationMs } from '../kernel/time.ts';
import type { LeadStatus, LeadStatusKind, LifecycleStage } from '../lifecycle/stage.ts';
import type { Condition, Criterion } from './condition.ts';
import type { Template } from './template.ts';

/**
 * A promise's length. `h` and `m` inside promise, accept and legs are working time, `wd` working days (the same local
 * time n working days later), both on the calendar of the route's team; everything else is elapsed.
 */
export type Duration =
  | { readonly kind: 'elapsed'; readonly ms: DurationMs }
  | { readonly kind: 'working'; readonly ms: DurationMs }
  | { readonly kind: 'working-days'; readonly days: number };

/** Engagement: what a contact does, with points that add up to `cap`. */
export type SignalRule = {
  readonly id: string;
  readonly say: string;
  /** `page`, `screen`, or the name of a track event. */
  readonly on: string;
  readonly where: Condition | null;
  /** Whole points for each; negative ones take away and do not fade. */
  readonly points: number;
  /** Same sign as points; ceil(cap / points) <= 32 is how many are remembered. */
  readonly cap: number;
  readonly halfLifeMs: DurationMs | null;
  /** Least trust of an event that counts; `browser` unless said otherwise. */
  readonly trust: Trust;
};

/** Fit: who the contact is. */
export type FitRule = {
  readonly id: string;
  readonly say: string;
  readonly when: Condition;
  /** Whole points, given once when met; may be negative. */
  readonly points: number;
};

/** High intent: something they did, `times` times, within a span where one is given. */
export type ActionRule = {
  readonly id: string;
  readonly say: string;
  readonly on: string;
  readonly where: Condition | null;
  /** 1 to 32. */
  readonly times: number;
  readonly withinMs: DurationMs | null;
  /** `form` unless said otherwise. */
  readonly trust: Trust;
};

/** A file of values beside the document; its bytes are part of the signed hash. */
export type ListRule = { readonly id: string; readonly file: string; readonly match: FactPath };

/** One way to qualify; the first that is met wins and is named as the reason. */
export type QualifyRule = {
  readonly id: string;
  /** The reason in words, where the document gives one; else it is told from the criterion. */
  readonly say: string | null;
  readonly intent: Intent;
  readonly when: Criterion;
};

/** Fast track: marketing names a lead by hand. */
export type ManualRule = {
  readonly by: 'marketing';
  readonly needs: readonly ('note' | 'intent')[];
  readonly atMost: { readonly count: number; readonly per: 'day' | 'week' } | null;
};

/** What happens when only missing facts keep a rule from being met. */
export type UnknownRule = {
  readonly ask: readonly string[];
  readonly waitMs: DurationMs;
  readonly after: 'queue-for-research' | 'leave';
};

/** Marks whose events the gate leaves out. */
export type Ignorable = EventMark;

/** Suspicions for which a lead is held. */
export const HOLD_CAUSES = ['spam-suspect', 'disposable-mail'] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

/** Waiting somewhere, with an exit. */
export type Hold = { readonly ms: DurationMs; readonly queue: QueueId; readonly after: 'drop' | 'hand-off' };

/** Checks before anything is handed off. */
export type Gate = {
  /** Marked events that never count. */
  readonly ignore: readonly Ignorable[];
  /** True: an e-mail address or a phone number is needed. */
  readonly reachableRequired: boolean;
  readonly consent: {
    /** ISO 3166 alpha-2 countries in which e-mail needs consent. */
    readonly emailRequiredIn: readonly string[];
    readonly respectDoNotCall: boolean;
  };
  readonly hold: readonly ({ readonly id: HoldCause } & Hold)[];
};

/** Whose lead, or which queue. */
export type RouteTarget =
  | { readonly kind: 'company-owner' }
  | { readonly kind: 'contact-owner' }
  /** As the territory table says, which is people's and not the policy's. */
  | { readonly kind: 'territory' }
  | { readonly kind: 'team'; readonly team: TeamId }
  | { readonly kind: 'queue'; readonly queue: QueueId };

/** Somebody who qualified and is yet not handed off the usual way. */
export type ExceptRule = {
  readonly id: string;
  readonly when: Condition;
  /** Not called `then`: an object with a `then` is taken for a promise by `await`. */
  readonly instead:
    | { readonly kind: 'hold'; readonly hold: Hold }
    | { readonly kind: 'handoff'; readonly intent: Intent; readonly to: RouteTarget };
};

/** Who accepts: the policy at once, or the rep by an act, in time where a time is given. */
export type Accept =
  | { readonly by: 'policy' }
  | { readonly by: 'rep'; readonly within: Duration | null; readonly maxOffers: number };

export type RouteRule = {
  readonly id: string;
  /** Null: everyone. */
  readonly when: Condition | null;
  readonly to: RouteTarget;
  readonly accept: Accept;
  readonly ifAway: 'cover' | 'keep' | 'queue';
  readonly outsideHours: 'assign-now' | 'hold-until-open' | 'queue';
  /** Offered to the whole team; the first to accept has it. */
  readonly tellGroup: boolean;
  /** When nobody of the team is eligible: this team next, else the fallback queue. */
  readonly widenTo: TeamId | null;
  /** Owner routes: whether the lead counts in its team's ledger. */
  readonly charge: 'none' | 'team';
  /** Team routes: skills that whoever takes it must all have; absent: none. */
  readonly skills?: readonly string[];
};

export type Fallback = { readonly queue: QueueId; readonly tell: string | null };

/** Several people of one company. */
export type Accounts = {
  readonly groupBy: 'company' | 'none';
  readonly secondContact: 'join-owner' | 'route';
  readonly openDeal: 'attach' | 'new';
};

export const LADDER_ACTS = ['remind', 'remind-task', 'tell-manager', 'reassign'] as const;
export type LadderAct = (typeof LADDER_ACTS)[number];
/** `atPercent` of the time to contact; steps ascend. */
export type LadderStep = { readonly atPercent: number; readonly do: readonly LadderAct[] };

/** What sales promises for one intent. */
export type PromiseRule = {
  readonly intent: Intent;
  readonly contactWithin: Duration;
  readonly nextStepWithin: Duration | null;
  readonly outcomeWithin: Duration | null;
  readonly tries: { readonly count: number; readonly within: Duration } | null;
  readonly graceAfterReassign: Duration | null;
  readonly ladder: readonly LadderStep[];
};

export const TASK_TYPES = ['call', 'email', 'meeting', 'message', 'research'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** The first task of one intent. */
export type FirstTaskRule = {
  readonly intent: Intent;
  readonly type: TaskType;
  /** Instead of a call where there is no number, instead of an e-mail where there is no address. */
  readonly else: TaskType | null;
  readonly title: Template;
  /** `promise`: when the contact is promised. */
  readonly due: { readonly kind: 'promise' } | { readonly kind: 'after'; readonly duration: Duration };
};

/** The deal that policy makes for one intent. */
export type DealRule = {
  readonly intent: Intent;
  readonly pipeline: string;
  readonly stage: string;
  readonly name: Template;
  readonly owner: 'handoff' | 'none';
  readonly closeInMs: DurationMs | null;
  readonly ifOpen: 'attach' | 'new';
  readonly ifRejected: 'close-lost' | 'keep';
};

export const LEG_TRIGGERS = ['meeting-booked', 'deal-created', 'by-hand'] as const;
export type LegTrigger = (typeof LEG_TRIGGERS)[number];

/** Passing on inside sales, e.g. from SDR to AE. */
export type LegRule = {
  readonly id: string;
  readonly when: LegTrigger;
  readonly to: RouteTarget;
  readonly accept: Accept;
  readonly contactWithin: Duration | null;
  /** The team whose rep owns the deal from then on; null: unchanged. */
  readonly dealOwner: TeamId | null;
};

export const CHANNELS = ['in-app', 'email', 'slack', 'teams', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Who is told, where, and in which words. `owner`: the one who has the lead; other ids tell a place (`to`). */
export type NotifyRule = {
  readonly id: string;
  readonly via: readonly Channel[];
  readonly to: string | null;
  /** Null: every intent. */
  readonly for: readonly Intent[] | null;
  readonly subject: Template | null;
  readonly body: Template | null;
};

/** A lead status of the company's own. */
export type StatusRule = { readonly id: string; readonly like: LeadStatusKind; readonly label: string };

/** A reason with which sales says no, and where the contact goes then. */
export type FeedbackReason = {
  readonly id: string;
  readonly status: LeadStatus | null;
  readonly backTo: LifecycleStage | null;
  /** What the rep is asked: which part did not fit. */
  readonly ask: readonly string[];
  readonly nurtureMs: DurationMs | null;
  /** The reason may be given only after so many attempts; 0: at once. */
  readonly afterAttempts: number;
  readonly merge: boolean;
  readonly reroute: boolean;
  readonly suppress: boolean;
};

export type Feedback = { readonly reject: readonly FeedbackReason[]; readonly closedLost: readonly FeedbackReason[] };

/** A way back for one cause. A `wait` counts from the closing of the last handoff. */
export type AgainWay =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'never' }
  | { readonly kind: 'fit-changed' }
  | { readonly kind: 'after'; readonly newPoints: number; readonly waitMs: DurationMs };

export type AgainRule = {
  /** A rule that an action met. */
  readonly handRaise: AgainWay;
  /** A rule that a score met. */
  readonly score: AgainWay;
  /** Reasons with a way of their own, which then holds for both. */
  readonly byReason: readonly { readonly reason: string; readonly way: AgainWay }[];
};

/** When somebody may qualify once more. */
export type Again = { readonly afterReject: AgainRule; readonly afterLost: AgainRule };

/** A limit that a backtest checks, e.g. at most 15 % more handoffs per rep. */
export type GuardRule = { readonly id: string; readonly measure: string; readonly atMostPercentMore: number };

/** A share of contacts held out, by a stable hash. */
export type ExperimentRule = { readonly id: string; readonly holdOutPercent: number; readonly when: Condition | null };

/** The whole agreement. */
export type PolicyDocument = {
  /** The version of this language. */
  readonly baton: 1;
  readonly name: string;
  readonly signals: readonly SignalRule[];
  readonly fit: readonly FitRule[];
  readonly actions: readonly ActionRule[];
  readonly lists: readonly ListRule[];
  readonly qualify: readonly QualifyRule[];
  readonly manual: ManualRule | null;
  readonly unknown: UnknownRule | null;
  readonly gate: Gate;
  readonly except: readonly ExceptRule[];
  readonly route: readonly RouteRule[];
  readonly fallback: Fallback;
  readonly accounts: Accounts;
  readonly promise: readonly PromiseRule[];
  readonly firstTask: readonly FirstTaskRule[];
  readonly deal: readonly DealRule[];
  readonly legs: readonly LegRule[];
  readonly notify: readonly NotifyRule[];
  readonly statuses: readonly StatusRule[];
  readonly feedback: Feedback;
  readonly again: Again;
  readonly guards: readonly GuardRule[];
  readonly experiments: readonly ExperimentRule[];
};

/** The values of the document's lists as they were signed, lower-cased and trimmed, by list id. */
export type PolicyLists = ReadonlyMap<string, ReadonlySet<string>>;

/** Every intent that the document's rules can give, in order of first mention. Linear. */
export const intentsOf = (document: Pick<PolicyDocument, 'qualify' | 'except'>): readonly Intent[] => {
  const intents = new Set(document.qualify.map((rule) => rule.intent));
  for (const rule of document.except) if (rule.instead.kind === 'handoff') intents.add(rule.instead.intent);
  return [...intents];
};
