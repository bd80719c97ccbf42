/**
 * “What would have changed it”, computed: one thing is made different, the policy is evaluated again, and what comes out
 * otherwise is told. One thing at a time, since two would no longer be an explanation.
 */
import type { Fact, Facts, FactValue } from '../facts/fact.ts';
import type { Instant } from '../kernel/time.ts';
import type { SignalSet } from '../signals/signal.ts';
import type { CompiledFit, CompiledPolicy, CompiledSignal, Subject } from './compiled.ts';
import { kindOf, sayFact } from './compileFact.ts';
import type { Criterion, CriterionLeaf, FactCondition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';

/** One difference and what would then have been. */
export type Otherwise = { readonly if: string; readonly then: string };

type Variant = { readonly if: string; readonly policy: CompiledPolicy; readonly subject: Subject };

const VARIANTS_MAX = 48;
const KEY = 'what-if';

/**
 * The single differences that would have changed the outcome, at most `most`: actions first, then scores, then facts, in
 * the document's order. Costs one evaluation for each of at most 48 differences.
 */
export const whatWouldChange = (
  policy: CompiledPolicy,
  subject: Subject,
  now: Instant,
  most = 6,
): readonly Otherwise[] => {
  const actual = evaluate(policy, subject, now);
  const found: Otherwise[] = [];
  const variants = [
    ...actionVariants(policy, subject, now),
    ...scoreVariants(policy, subject, now, actual),
    ...factVariants(policy, subject, now),
  ];
  for (const variant of variants.slice(0, VARIANTS_MAX)) {
    if (found.length >= most) break;
    if (found.some((one) => one.if === variant.if)) continue;
    const other = evaluate(variant.policy, variant.subject, now);
    if (other.verdict === actual.verdict && other.rule?.id === actual.rule?.id) continue;
    found.push({ if: variant.if, then: sayOutcome(other) });
  }
  return found;
};

const sayOutcome = ({ verdict, rule }: Evaluation): string =>
  rule !== null
    ? `they would qualify as ${rule.intent}: ${rule.say}`
    : verdict === 'unknown'
      ? 'it could not be told'
      : 'they would not qualify';

/** Each action: not done where it was, done where it was not. */
const actionVariants = (policy: CompiledPolicy, subject: Subject, now: Instant): readonly Variant[] =>
  [...policy.actions.values()].map((action) => {
    const done = (subject.signals[action.key] ?? []).filter(
      ([at]) => at <= now && (action.withinMs === null || at >= now - action.withinMs),
    );
    const isMet = done.length >= action.times;
    const pairs: SignalSet = isMet ? [] : Array.from({ length: action.times }, (_, index) => [now, `${KEY}-${index}`]);
    return {
      if: isMet ? `“${action.say}” had not happened` : `“${action.say}” had happened`,
      policy,
      subject: { ...subject, signals: { ...subject.signals, [action.key]: pairs } },
    };
  });

/** Each score short of a threshold that a rule asks for: with as many points more as it lacks. */
const scoreVariants = (
  policy: CompiledPolicy,
  subject: Subject,
  now: Instant,
  { fit, engagement }: Evaluation,
): readonly Variant[] =>
  leavesOf(policy).flatMap((leaf): readonly Variant[] => {
    if ((leaf.kind !== 'fit' && leaf.kind !== 'engagement') || (leaf.op !== 'gte' && leaf.op !== 'gt')) return [];
    const has = leaf.kind === 'fit' ? fit.known : engagement.points;
    const lacks = leaf.points + (leaf.op === 'gt' ? 1 : 0) - has;
    if (lacks <= 0) return [];
    const text = `they had ${lacks} more ${lacks === 1 ? 'point' : 'points'} of ${leaf.kind}`;
    if (leaf.kind === 'fit')
      return [{ if: text, policy: { ...policy, fit: [...policy.fit, extraFit(lacks)] }, subject }];
    const signals = { ...subject.signals, [KEY]: [[now, KEY]] as SignalSet };
    return [
      {
        if: text,
        policy: { ...policy, signals: [...policy.signals, extraSignal(lacks)] },
        subject: { ...subject, signals },
      },
    ];
  });

const extraFit = (points: number): CompiledFit => ({
  id: KEY,
  say: KEY,
  points,
  paths: [],
  verdict: () => 'met',
  part: () => ({ id: KEY, say: KEY, verdict: 'met', points, value: undefined }),
  unknown: () => [],
});

const extraSignal = (points: number): CompiledSignal => ({
  id: KEY,
  say: KEY,
  key: KEY,
  keep: 1,
  milliPoints: points * 1000,
  milliCap: points * 1000,
  halfLifeMs: null,
});

/** Each fact that a rule or fit asks about: met where it is not, removed where it is. Touches stay as they were. */
const factVariants = (policy: CompiledPolicy, subject: Subject, now: Instant): readonly Variant[] => {
  const conditions = [
    ...leavesOf(policy).filter((leaf) => leaf.kind === 'fact'),
    ...policy.document.fit.flatMap((rule) => treeLeaves<FactCondition>(rule.when)),
  ];
  return conditions.flatMap((condition): readonly Variant[] => {
    if (condition.path.startsWith('source.') || condition.op === 'selling') return [];
    const say = sayFact(condition);
    const example = kindOf(condition).example(condition.operand as never, policy.lists, now);
    const variants: Variant[] = [{ if: `not: ${say}`, policy, subject: withFact(subject, condition.path, null, now) }];
    if (example !== undefined)
      variants.push({ if: say, policy, subject: withFact(subject, condition.path, example, now) });
    return variants;
  });
};

const withFact = (subject: Subject, path: string, value: FactValue, now: Instant): Subject => {
  const fact: Fact = { value, trust: 'person', at: now, source: KEY, key: KEY };
  const put = (facts: Facts | null): Facts => ({ ...facts, [path]: fact });
  // What records say goes before claims, so a record's own word has to be left out for the claim to be heard.
  const unrecorded = {
    ...subject,
    stage: undefined,
    leadStatus: undefined,
    ownerId: undefined,
    companyStage: undefined,
  };
  const base = ['contact.lifecycle', 'contact.lead-status', 'contact.owner', 'company.lifecycle'].includes(path)
    ? unrecorded
    : subject;
  return path.startsWith('company.')
    ? { ...base, companyFacts: put(subject.companyFacts) }
    : { ...base, facts: put(subject.facts) };
};

const leavesOf = (policy: CompiledPolicy): readonly CriterionLeaf[] =>
  policy.document.qualify.flatMap((rule) => treeLeaves<CriterionLeaf>(rule.when));

const treeLeaves = <Leaf extends CriterionLeaf>(tree: Criterion): readonly Leaf[] => {
  if (tree.kind === 'not') return treeLeaves<Leaf>(tree.of);
  if (tree.kind === 'all' || tree.kind === 'any') return tree.of.flatMap((child) => treeLeaves<Leaf>(child));
  return [tree as Leaf];
};
