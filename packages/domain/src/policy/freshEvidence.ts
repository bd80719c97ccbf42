import type { FactPath, Facts } from '../facts/fact.ts';
import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy, Subject } from './compiled.ts';
import { evaluate } from './evaluate.ts';
import type { CriterionTrace } from './evaluation.ts';

/** What is new about a contact since an instant, as `again` asks. */
export type FreshEvidence = {
  /** Engagement points of events since then alone. */
  readonly points: number;
  /** Actions of the rules that are met by events since then alone. */
  readonly actions: readonly string[];
  /** Facts of fit that somebody told since then (a claim that repeats a value counts as told). */
  readonly fitFacts: readonly FactPath[];
  /** The same for every fact that rules depend on, those of fit among them where a rule asks for fit. */
  readonly ruleFacts: readonly FactPath[];
};

/**
 * What happened later than `since` (a closed handoff's `evidenceAfter`) and may make a contact qualify once more. A rule
 * that is met with nothing fresh in it is old news. Linear in the policy.
 */
export const freshEvidence = (
  policy: CompiledPolicy,
  subject: Subject,
  now: Instant,
  since: Instant,
): FreshEvidence => {
  const { engagement, rules } = evaluate(policy, subject, now, since);
  const actions = new Set<string>();
  for (const rule of rules) gatherActions(rule.criterion, actions);
  const told = (path: FactPath): boolean => isLater(factsOf(subject, path)?.[path]?.at, since);
  return {
    points: engagement.points,
    actions: [...actions],
    fitFacts: unique(policy.fit.flatMap((part) => part.paths)).filter(told),
    ruleFacts: unique(policy.rules.flatMap((rule) => rule.criterion.paths)).filter(told),
  };
};

const gatherActions = (trace: CriterionTrace, met: Set<string>): void => {
  if (trace.kind === 'action' && trace.verdict === 'met' && trace.id !== null) met.add(trace.id);
  for (const child of trace.of) gatherActions(child, met);
};

const factsOf = (subject: Subject, path: FactPath): Facts | null =>
  path.startsWith('company.') ? subject.companyFacts : subject.facts;
const isLater = (at: Instant | undefined, since: Instant): boolean => at !== undefined && at > since;
const unique = (paths: readonly FactPath[]): readonly FactPath[] => [...new Set(paths)];
