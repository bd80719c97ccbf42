import type { FactPath, FactValue, Trust } from '../facts/fact.ts';
import type { Intent } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';

/** Kleene's three values: what nobody knows is unknown, and neither qualifies nor disqualifies silently. */
export type Verdict = 'met' | 'not-met' | 'unknown';

/** One criterion as it stood: the value seen, what was asked, the events or facts that show it, and nested ones. */
export type CriterionTrace = {
  readonly id: string | null;
  readonly kind: 'fact' | 'action' | 'fit' | 'engagement' | 'all' | 'any' | 'not';
  /** The plain-English phrase, e.g. `asked for a demo`, `fit of at least 60`. */
  readonly say: string;
  readonly verdict: Verdict;
  readonly value: FactValue | undefined;
  readonly needs: FactValue | undefined;
  readonly evidence: readonly { readonly at: Instant; readonly key: string; readonly trust: Trust | null }[];
  readonly of: readonly CriterionTrace[];
};

/** Fit as an interval: `known` counts only what is known, `possible` what the unknown facts could still bring. */
export type FitTrace = {
  readonly known: number;
  readonly possible: number;
  readonly parts: readonly {
    readonly id: string;
    readonly say: string;
    readonly verdict: Verdict;
    readonly points: number;
    readonly value: FactValue | undefined;
  }[];
};

/** Engagement: each signal's decayed points at `now`, up to its cap. Points are integers (milli-points inside). */
export type EngagementTrace = {
  readonly points: number;
  readonly parts: readonly {
    readonly id: string;
    readonly say: string;
    readonly points: number;
    readonly count: number;
    readonly latestAt: Instant | null;
  }[];
};

export type RuleTrace = {
  readonly id: string;
  readonly intent: Intent;
  readonly verdict: Verdict;
  readonly criterion: CriterionTrace;
};

/** What the policy makes of one contact at one instant. The same facts, signals, policy and instant give the same bytes. */
export type Evaluation = {
  readonly verdict: Verdict;
  /** The first rule that is met, which names the reason; null where none is. */
  readonly rule: { readonly id: string; readonly intent: Intent; readonly say: string } | null;
  readonly rules: readonly RuleTrace[];
  readonly fit: FitTrace;
  readonly engagement: EngagementTrace;
  readonly missing: readonly FactPath[];
  /** The earliest instant at which time alone could change a verdict; null where it cannot. */
  readonly reevaluateAt: Instant | null;
};
