import type { FactPath, Facts } from '../facts/fact.ts';
import type { Instant } from '../kernel/time.ts';
import { endCounted, firstCounted, milliPointsOf } from '../signals/countPairs.ts';
import type { SignalSet } from '../signals/signal.ts';
import { compileCondition } from './compile.ts';
import type { CompiledPolicy, CompiledSignal, Frame, Subject, View } from './compiled.ts';
import type { Condition } from './condition.ts';
import type { CriterionTrace, EngagementTrace, Evaluation, FitTrace, RuleTrace, Verdict } from './evaluation.ts';
import { sayMet } from './sayReason.ts';

const NO_FACTS: Facts = {};
const EMPTY_SET: SignalSet = [];
const NO_PATHS: readonly FactPath[] = [];

/**
 * What a policy makes of a contact at `now`, with every criterion's trace, none skipped. `since`: only events later than
 * that count, for actions and engagement alike; facts always count, since what is known stays known (`freshEvidence` says
 * which are new). Deterministic: the same arguments give the same bytes. Linear in the policy and in the pairs it reads.
 */
export const evaluate = (
  policy: CompiledPolicy,
  subject: Subject,
  now: Instant,
  since: number = -Infinity,
): Evaluation => {
  const frame: Frame = frameOf(subject, now, since);
  const fit = evaluateFit(policy, frame);
  const engagement = evaluateEngagement(policy, frame);
  const rules: RuleTrace[] = [];
  let named: Evaluation['rule'] = null;
  let verdict: Verdict = 'not-met';
  for (const rule of policy.rules) {
    const criterion = rule.criterion.trace(frame);
    const ruleVerdict = criterion.verdict;
    rules.push({ id: rule.id, intent: rule.intent, verdict: ruleVerdict, criterion });
    if (ruleVerdict === 'met') {
      named ??= rule.named ?? { id: rule.id, intent: rule.intent, say: sayMet(criterion) };
      verdict = 'met';
    } else if (ruleVerdict === 'unknown' && verdict === 'not-met') verdict = 'unknown';
  }
  return {
    verdict,
    rule: named,
    rules,
    fit,
    engagement,
    missing: missingOf(policy, frame, rules, fit),
    reevaluateAt: frame.nextAt === Infinity ? null : frame.nextAt,
  };
};

/**
 * What `evaluate` would come to, without its trace: the same verdict and the same instant to look again. Nearly every event
 * changes nothing, and for those this is all that is asked: 0.7 us against 1.3, and next to nothing for the collector.
 */
export const judge = (policy: CompiledPolicy, subject: Subject, now: Instant): Judged => {
  const frame = frameOf(subject, now, -Infinity);
  for (const rule of policy.fit) addFit(frame, rule.points, rule.verdict(frame));
  let milliSum = 0;
  for (const signal of policy.signals) {
    const set = subject.signals[signal.key];
    if (set === undefined) continue;
    const start = firstCounted(set, frame);
    milliSum += countedPoints(signal, set, start, endKept(signal, set, start, frame), now);
  }
  frame.engagementPoints = Math.floor(milliSum / 1000);
  let verdict: Verdict = 'not-met';
  for (const rule of policy.rules) {
    const one = rule.criterion.settle(frame);
    if (one === 'met' || (one === 'unknown' && verdict === 'not-met')) verdict = one;
  }
  return { verdict, reevaluateAt: frame.nextAt === Infinity ? null : frame.nextAt };
};

/** A verdict and the earliest instant at which time alone could change one. */
export type Judged = Pick<Evaluation, 'verdict' | 'reevaluateAt'>;

/**
 * Tests one condition of the policy (of `except`, `route`, `experiments`, or any other). The document's own objects were
 * prepared before; a foreign one is compiled on the spot. `unknown` is not `met`: nothing is routed or held on a guess.
 */
export const testCondition = (
  policy: CompiledPolicy,
  condition: Condition,
  view: View,
): { readonly verdict: Verdict; readonly trace: CriterionTrace; readonly reevaluateAt: Instant | null } => {
  const frame = frameOf(view, view.now, -Infinity);
  const compiled = policy.conditions.get(condition) ?? compileCondition(condition, policy.lists);
  const trace = compiled.trace(frame);
  return { verdict: trace.verdict, trace, reevaluateAt: frame.nextAt === Infinity ? null : frame.nextAt };
};

const frameOf = (subject: Subject, now: Instant, since: number): Frame => ({
  subject,
  facts: subject.facts,
  companyFacts: subject.companyFacts ?? NO_FACTS,
  now,
  since,
  fitKnown: 0,
  fitPossible: 0,
  engagementPoints: 0,
  nextAt: Infinity,
});

/** Unknown parts widen the interval: points they would give raise its high end, points they would take lower its low end. */
const evaluateFit = (policy: CompiledPolicy, frame: Frame): FitTrace => {
  const parts: FitTrace['parts'][number][] = [];
  for (const rule of policy.fit) {
    const part = rule.part(frame);
    parts.push(part);
    addFit(frame, rule.points, part.verdict);
  }
  return { known: frame.fitKnown, possible: frame.fitPossible, parts };
};

const addFit = (frame: Frame, points: number, verdict: Verdict): void => {
  if (verdict === 'not-met') return;
  if (verdict === 'met' || points < 0) frame.fitKnown += points;
  if (verdict === 'met' || points >= 0) frame.fitPossible += points;
};

/**
 * Whole points, rounded down from thousandths once, at the end: `at least n` means just that. A part's points are what it
 * adds to the rounded sum so far, so that the parts that people read add up to the whole.
 */
const evaluateEngagement = (policy: CompiledPolicy, frame: Frame): EngagementTrace => {
  const parts: EngagementTrace['parts'][number][] = [];
  let milliSum = 0;
  for (const signal of policy.signals) {
    const set = frame.subject.signals[signal.key] ?? EMPTY_SET;
    const start = firstCounted(set, frame);
    const end = endKept(signal, set, start, frame);
    const milli = countedPoints(signal, set, start, end, frame.now);
    const before = Math.floor(milliSum / 1000);
    milliSum += milli;
    const latest = end > start ? set[start] : undefined;
    parts.push({
      id: signal.id,
      say: signal.say,
      points: Math.floor(milliSum / 1000) - before,
      count: end - start,
      latestAt: latest === undefined ? null : latest[0],
    });
  }
  const points = Math.floor(milliSum / 1000);
  frame.engagementPoints = points;
  return { points, parts };
};

/** Index after the last pair that the signal counts. */
const endKept = (signal: CompiledSignal, set: SignalSet, start: number, frame: Frame): number =>
  Math.min(endCounted(set, start, frame, null), start + signal.keep);

/** What the pairs in [start, end) are worth, in thousandths. */
const countedPoints = (signal: CompiledSignal, set: SignalSet, start: number, end: number, now: Instant): number =>
  milliPointsOf(set, start, end, signal.milliPoints, signal.milliCap, signal.halfLifeMs, now);

/** The facts that keep a rule from being told: what its unknown parts read and nobody knows. */
const missingOf = (
  policy: CompiledPolicy,
  frame: Frame,
  rules: readonly RuleTrace[],
  fit: FitTrace,
): readonly FactPath[] => {
  let missing: Set<FactPath> | null = null;
  for (const rule of rules) {
    if (rule.verdict !== 'unknown') continue;
    missing ??= new Set();
    gather(rule.criterion, missing, () =>
      policy.fit.flatMap((part, index) => (fit.parts[index]?.verdict === 'unknown' ? part.unknown(frame) : [])),
    );
  }
  return missing === null ? NO_PATHS : [...missing];
};

const gather = (trace: CriterionTrace, missing: Set<FactPath>, unknownFit: () => readonly FactPath[]): void => {
  if (trace.verdict !== 'unknown') return;
  if (trace.kind === 'fact' && trace.id !== null) missing.add(trace.id);
  if (trace.kind === 'fit') for (const path of unknownFit()) missing.add(path);
  for (const child of trace.of) gather(child, missing, unknownFit);
};
