/**
 * A policy as `compilePolicy` leaves it: indexes, sets and closures, so that evaluating allocates the trace and nothing
 * else. It holds no state of its own; one compiled policy serves every contact. Never stored, never sent: the document is.
 */
import type { FactPath, Facts, Trust } from '../facts/fact.ts';
import type { ObservedEvent } from '../handoff/input.ts';
import type { Intent, RepId } from '../kernel/ids.ts';
import type { DurationMs, Instant } from '../kernel/time.ts';
import type { LeadStatus, LifecycleStage } from '../lifecycle/stage.ts';
import type { SignalKey, Signals } from '../signals/signal.ts';
import type { Touches } from '../source/touch.ts';
import type { Condition } from './condition.ts';
import type { Ignorable, PolicyDocument, PolicyLists } from './document.ts';
import type { CriterionTrace, FitTrace, Verdict } from './evaluation.ts';

/** Whether the owners are active colleagues who sell; absent where nobody looked, which is unknown. */
export type Ownership = {
  readonly contactOwnerSelling?: boolean | undefined;
  readonly companyOwnerSelling?: boolean | undefined;
};

/** Whom a policy judges. A `ContactState` with its company's facts is one. */
export type Subject = {
  readonly facts: Facts;
  /** Null: the contact has no company, so company facts are unknown. */
  readonly companyFacts: Facts | null;
  readonly touches: Touches;
  readonly signals: Signals;
  readonly ownership?: Ownership | undefined;
  /** What the records say; null: none, absent: not looked at (then claims of that name speak). */
  readonly stage?: LifecycleStage | null | undefined;
  readonly leadStatus?: LeadStatus | null | undefined;
  readonly ownerId?: RepId | null | undefined;
  readonly companyStage?: LifecycleStage | null | undefined;
};

/** A subject at an instant. */
export type View = Subject & { readonly now: Instant };

/** What one closure sees while a policy is evaluated. `nextAt` gathers the earliest instant at which time alone could tell. */
export type Frame = {
  readonly subject: Subject;
  readonly facts: Facts;
  readonly companyFacts: Facts;
  readonly now: Instant;
  /** Only pairs later than this count; -Infinity: all. */
  readonly since: number;
  fitKnown: number;
  fitPossible: number;
  engagementPoints: number;
  nextAt: number;
};

/** One condition or criterion as closures; every kind has this one shape. */
export type CompiledCriterion = {
  readonly say: string;
  /** The fact paths it reads, for indexes. */
  readonly paths: readonly FactPath[];
  /** The actions it asks about, by id. */
  readonly actions: readonly string[];
  readonly verdict: (frame: Frame) => Verdict;
  /** As `verdict`, but skips nothing, so that `nextAt` comes out as it does with `trace`. */
  readonly settle: (frame: Frame) => Verdict;
  readonly trace: (frame: Frame) => CriterionTrace;
};

/** Decides whether an event's properties are what a signal collects. Only `met` counts. */
export type WhereTest = (properties: ObservedEvent['properties'], at: Instant) => Verdict;

/** What makes an event count for one signal or action; those that ask the same share one. */
export type Collector = {
  readonly key: SignalKey;
  readonly on: string;
  readonly where: WhereTest | null;
  /** Least trust that counts. */
  readonly trust: Trust;
  /** K: how many pairs are kept, 1 to 32. */
  readonly keep: number;
  /** Events with one of these marks don't count. */
  readonly ignored: ReadonlySet<Ignorable>;
};

/** Collectors by the event name that feeds them. */
export type Collectors = ReadonlyMap<string, readonly Collector[]>;

export type CompiledSignal = {
  readonly id: string;
  readonly say: string;
  readonly key: SignalKey;
  readonly keep: number;
  /** Points for each in thousandths, and the cap likewise; both of one sign. */
  readonly milliPoints: number;
  readonly milliCap: number;
  /** Null: does not fade. */
  readonly halfLifeMs: DurationMs | null;
};

export type CompiledFit = {
  readonly id: string;
  readonly say: string;
  readonly points: number;
  readonly paths: readonly FactPath[];
  readonly verdict: (frame: Frame) => Verdict;
  readonly part: (frame: Frame) => FitTrace['parts'][number];
  /** The facts that keep this part from being told. */
  readonly unknown: (frame: Frame) => readonly FactPath[];
};

export type CompiledAction = {
  readonly id: string;
  readonly say: string;
  readonly key: SignalKey;
  readonly times: number;
  readonly withinMs: DurationMs | null;
};

export type CompiledRule = {
  readonly id: string;
  readonly intent: Intent;
  /** The document's own words, else those of the whole criterion. */
  readonly say: string;
  readonly criterion: CompiledCriterion;
  /** What an evaluation names when this rule is the first that is met; null: its words hang on which parts are met. */
  readonly named: { readonly id: string; readonly intent: Intent; readonly say: string } | null;
};

export type CompiledPolicy = {
  readonly hash: string;
  readonly document: PolicyDocument;
  /** The values of its lists, lower-cased and trimmed. */
  readonly lists: PolicyLists;
  readonly collectors: Collectors;
  readonly signals: readonly CompiledSignal[];
  readonly fit: readonly CompiledFit[];
  readonly actions: ReadonlyMap<string, CompiledAction>;
  readonly rules: readonly CompiledRule[];
  /** Conditions of except, route and experiments, by the document's own objects. */
  readonly conditions: ReadonlyMap<Condition, CompiledCriterion>;
  /** Which criteria an event of this name can change: `signal:form`, `action:demo`, `rule:hand-raiser`. */
  readonly criteriaByEvent: ReadonlyMap<string, readonly string[]>;
  /** Which criteria a change of this fact can change: `fit:industry`, `rule:x`, `except:competitor`, `route:dach`. */
  readonly criteriaByFact: ReadonlyMap<FactPath, readonly string[]>;
};
