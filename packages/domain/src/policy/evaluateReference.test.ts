/**
 * The compiled evaluator against a slow one that is written to be read: straight from the words of the policy language,
 * on generated policies and contacts. It shares with the fast one the text rules and the decay table, nothing else.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fact, type FactValue, TRUST } from '../facts/fact.ts';
import { wordsOf } from '../facts/text.ts';
import { decayed } from '../signals/decay.ts';
import type { SignalPair, SignalSet } from '../signals/signal.ts';
import { compilePolicy } from './compile.ts';
import type { Subject } from './compiled.ts';
import type { Condition, Criterion, CriterionLeaf, FactCondition, Tree } from './condition.ts';
import type { PolicyDocument } from './document.ts';
import { evaluate, judge as judgeOnly } from './evaluate.ts';
import type { Verdict } from './evaluation.ts';
import { parseInstant } from './parseInstant.ts';
import { emptyDocument } from './policyFixture.ts';

const NOW = Date.UTC(2026, 10, 23);
const HOUR = 3_600_000;
const LISTS = new Map([['rivals', new Set(['rival', '7'])]]);

// --- the readable evaluator -------------------------------------------------------------------------------------------

const lower = (value: unknown): string => String(value).trim().toLowerCase();
const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value.trim())
      ? Number(value)
      : undefined;
const asDate = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'string' ? parseInstant(value.trim()) : undefined;
const eachOf = (value: FactValue): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const answer = (yes: boolean): Verdict => (yes ? 'met' : 'not-met');
const opposite = (verdict: Verdict): Verdict => (verdict === 'unknown' ? 'unknown' : answer(verdict === 'not-met'));

const judge = (condition: FactCondition, value: FactValue | undefined): Verdict => {
  const { op, operand } = condition;
  if (op === 'exists') {
    const isThere =
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
    return answer(isThere === operand);
  }
  if (value === undefined) return 'unknown';
  if (op === 'is-not') return opposite(judge({ ...condition, op: 'is' } as FactCondition, value));
  if (op === 'not-in') return opposite(judge({ ...condition, op: 'in' } as FactCondition, value));
  if (value === null) return op === 'selling' ? answer(operand === false) : 'not-met';
  const compare = (bound: unknown, holds: (known: number, limit: number) => boolean): Verdict => {
    const isDate = typeof bound === 'object';
    const known = isDate ? asDate(value) : asNumber(value);
    return known === undefined
      ? 'unknown'
      : answer(holds(known, isDate ? (bound as { at: number }).at : (bound as number)));
  };
  const someText = (holds: (text: string, word: string) => boolean): Verdict =>
    answer(eachOf(value).some((one) => (operand as readonly string[]).some((word) => holds(lower(one), lower(word)))));
  switch (op) {
    case 'is':
      return answer(eachOf(value).some((one) => lower(one) === lower(operand)));
    case 'in':
      return answer(eachOf(value).some((one) => operand.some((member) => lower(member) === lower(one))));
    case 'in-list':
      return answer(eachOf(value).some((one) => LISTS.get(operand)?.has(lower(one)) === true));
    case 'gt':
      return compare(operand, (known, limit) => known > limit);
    case 'gte':
      return compare(operand, (known, limit) => known >= limit);
    case 'lt':
      return compare(operand, (known, limit) => known < limit);
    case 'lte':
      return compare(operand, (known, limit) => known <= limit);
    case 'between': {
      const ends = [
        compare(operand[0], (known, limit) => known >= limit),
        compare(operand[1], (known, limit) => known <= limit),
      ];
      return ends.includes('unknown') ? 'unknown' : answer(ends.every((end) => end === 'met'));
    }
    case 'contains':
      return someText((text, word) => text.includes(word));
    case 'starts-with':
      return someText((text, word) => text.startsWith(word));
    case 'ends-with':
      return someText((text, word) => text.endsWith(word));
    case 'has-word':
      return someText((text, word) => ` ${wordsOf(text).join(' ')} `.includes(` ${wordsOf(word).join(' ')} `));
    case 'within': {
      const at = asDate(value);
      return at === undefined ? 'unknown' : answer(at <= NOW && at >= NOW - operand);
    }
    case 'selling':
      return answer(value === operand);
  }
};

const judgeTree = <Leaf extends { readonly kind: string }>(
  tree: Tree<Leaf>,
  leaf: (leaf: Leaf) => Verdict,
): Verdict => {
  if (tree.kind === 'not') return opposite(judgeTree((tree as { of: Tree<Leaf> }).of, leaf));
  if (tree.kind !== 'all' && tree.kind !== 'any') return leaf(tree as Leaf);
  const verdicts = (tree as { of: readonly Tree<Leaf>[] }).of.map((child) => judgeTree(child, leaf));
  const decides: Verdict = tree.kind === 'all' ? 'not-met' : 'met';
  return verdicts.includes(decides) ? decides : verdicts.includes('unknown') ? 'unknown' : opposite(decides);
};

const factIn = (subject: Subject, path: string): FactValue | undefined => {
  if (path === 'source.first') return subject.touches.first?.source;
  if (path === 'contact.lifecycle') return subject.stage === undefined ? subject.facts[path]?.value : subject.stage;
  return (path.startsWith('company.') ? (subject.companyFacts ?? {}) : subject.facts)[path]?.value;
};

/** What the policy comes to, as policy.md tells it. */
const judgePolicy = (document: PolicyDocument, subject: Subject, setOf: (id: string) => SignalSet) => {
  const judgeFact = (condition: FactCondition): Verdict => judge(condition, factIn(subject, condition.path));
  const missingIn = (condition: Condition): string[] =>
    judgeTree(condition, judgeFact) !== 'unknown'
      ? []
      : condition.kind === 'fact'
        ? [condition.path]
        : condition.kind === 'not'
          ? missingIn(condition.of)
          : condition.of.flatMap(missingIn);

  const parts = document.fit.map((rule) => ({ rule, verdict: judgeTree(rule.when, judgeFact) }));
  const sum = (points: readonly number[]): number => points.reduce((total, one) => total + one, 0);
  const metPoints = sum(parts.filter((part) => part.verdict === 'met').map((part) => part.rule.points));
  const open = parts.filter((part) => part.verdict === 'unknown').map((part) => part.rule.points);
  const fit = {
    known: metPoints + sum(open.filter((points) => points < 0)),
    possible: metPoints + sum(open.filter((points) => points > 0)),
  };

  const milli = document.signals.map((rule) => {
    const keep = Math.ceil(rule.cap / rule.points);
    const counted = setOf(rule.id)
      .filter(([at]) => at <= NOW)
      .slice(0, keep);
    const each = counted.map(([at]) =>
      rule.points < 0 || rule.halfLifeMs === null
        ? rule.points * 1000
        : decayed(rule.points * 1000, NOW - at, rule.halfLifeMs),
    );
    return rule.points < 0 ? Math.max(sum(each), rule.cap * 1000) : Math.min(sum(each), rule.cap * 1000);
  });
  const engagement = Math.floor(sum(milli) / 1000);

  const threshold = (op: string, low: number, high: number, n: number): Verdict => {
    const holds = (score: number): boolean =>
      ({ gte: score >= n, gt: score > n, lt: score < n, lte: score <= n })[op] as boolean;
    const ends = [holds(low), holds(high)];
    return ends[0] === ends[1] ? answer(ends[0] === true) : 'unknown';
  };
  const judgeLeaf = (leaf: CriterionLeaf): Verdict => {
    if (leaf.kind === 'fact') return judgeFact(leaf);
    if (leaf.kind === 'fit') return threshold(leaf.op, fit.known, fit.possible, leaf.points);
    if (leaf.kind === 'engagement') return threshold(leaf.op, engagement, engagement, leaf.points);
    const rule = document.actions.find((action) => action.id === leaf.action);
    const nth = setOf(leaf.action).filter(([at]) => at <= NOW)[(rule?.times ?? 1) - 1];
    return answer(nth !== undefined && (rule?.withinMs == null || nth[0] >= NOW - rule.withinMs));
  };
  const missingOf = (criterion: Criterion): string[] => {
    if (judgeTree<CriterionLeaf>(criterion, judgeLeaf) !== 'unknown') return [];
    if (criterion.kind === 'fact') return [criterion.path];
    if (criterion.kind === 'fit') return document.fit.flatMap((rule) => missingIn(rule.when));
    if (criterion.kind === 'not') return missingOf(criterion.of);
    return criterion.kind === 'all' || criterion.kind === 'any' ? criterion.of.flatMap(missingOf) : [];
  };
  const rules = document.qualify.map((rule) => ({
    id: rule.id,
    verdict: judgeTree<CriterionLeaf>(rule.when, judgeLeaf),
  }));
  const verdicts = rules.map((rule) => rule.verdict);
  return {
    verdict: verdicts.includes('met') ? 'met' : verdicts.includes('unknown') ? 'unknown' : 'not-met',
    rule: rules.find((rule) => rule.verdict === 'met')?.id ?? null,
    rules,
    fit,
    engagement,
    missing: [...new Set(document.qualify.flatMap((rule) => missingOf(rule.when)))].sort(),
  };
};

// --- generated policies and contacts ----------------------------------------------------------------------------------

const PATHS = ['contact.a', 'contact.b', 'company.a', 'company.b', 'source.first', 'contact.lifecycle'] as const;
const WORDS = [
  'Alpha',
  'beta',
  ' Alpha ',
  'alpha beta',
  'organic',
  'rival',
  '7',
  '2026-11-22',
  '2026-11-22T23:00:00Z',
  '',
  'lead',
];
const word = fc.constantFrom(...WORDS);
const scalar = fc.oneof(word, fc.integer({ min: -3, max: 9 }), fc.boolean());
const bound = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.integer({ min: -40, max: 40 }).map((hours) => ({ at: NOW + hours * HOUR })),
);
const texts = fc.array(
  word.filter((one) => one.trim() !== ''),
  { minLength: 1, maxLength: 3 },
);

const operand: { readonly [op in FactCondition['op']]: fc.Arbitrary<unknown> } = {
  is: scalar,
  'is-not': scalar,
  in: fc.array(scalar, { minLength: 1, maxLength: 4 }),
  'not-in': fc.array(scalar, { minLength: 1, maxLength: 4 }),
  'in-list': fc.constant('rivals'),
  gt: bound,
  gte: bound,
  lt: bound,
  lte: bound,
  between: fc.tuple(fc.integer({ min: -3, max: 9 }), fc.integer({ min: -3, max: 9 })),
  exists: fc.boolean(),
  contains: texts,
  'has-word': texts,
  'starts-with': texts,
  'ends-with': texts,
  within: fc.integer({ min: 1, max: 60 }).map((hours) => hours * HOUR),
  selling: fc.boolean(),
};
const operators = (Object.keys(operand) as FactCondition['op'][]).filter((op) => op !== 'selling');
const condition: fc.Arbitrary<FactCondition> = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...operators))
  .chain(([path, op]) => operand[op].map((value) => ({ kind: 'fact', path, op, operand: value }) as FactCondition));

const treeOf = <Leaf extends { readonly kind: string }>(leaf: fc.Arbitrary<Leaf>): fc.Arbitrary<Tree<Leaf>> =>
  fc.letrec<{ tree: Tree<Leaf> }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf as fc.Arbitrary<Tree<Leaf>>,
      fc.record({
        kind: fc.constantFrom('all', 'any'),
        of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      }) as fc.Arbitrary<Tree<Leaf>>,
      fc.record({ kind: fc.constant('not'), of: tie('tree') }) as fc.Arbitrary<Tree<Leaf>>,
    ),
  })).tree;

const trust = fc.constantFrom(...TRUST);
const document: fc.Arbitrary<PolicyDocument> = fc
  .record({
    signals: fc.array(
      fc.record({
        points: fc.constantFrom(-50, -3, 1, 4, 15),
        times: fc.integer({ min: 1, max: 5 }),
        halfLifeMs: fc.constantFrom(null, HOUR, 30 * HOUR),
        trust,
      }),
      { maxLength: 3 },
    ),
    actions: fc.array(
      fc.record({ times: fc.integer({ min: 1, max: 3 }), withinMs: fc.constantFrom(null, HOUR, 9 * HOUR), trust }),
      { minLength: 1, maxLength: 3 },
    ),
    fit: fc.array(fc.record({ when: treeOf(condition), points: fc.integer({ min: -40, max: 40 }) }), { maxLength: 4 }),
  })
  .chain(({ signals, actions, fit }) => {
    const score = { op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), points: fc.integer({ min: -20, max: 40 }) };
    const leaf = fc.oneof(
      condition,
      fc.record({
        kind: fc.constant('action'),
        action: fc.integer({ min: 0, max: actions.length - 1 }).map((n) => `action${n}`),
      }),
      fc.record({ kind: fc.constant('fit'), ...score }),
      fc.record({ kind: fc.constant('engagement'), ...score }),
    ) as fc.Arbitrary<CriterionLeaf>;
    const qualify = fc.array(treeOf(leaf), { minLength: 1, maxLength: 4 });
    return qualify.map(
      (criteria): PolicyDocument => ({
        ...emptyDocument,
        signals: signals.map(({ points, times, halfLifeMs, trust: least }, n) => ({
          id: `signal${n}`,
          say: `did ${n}`,
          on: `On ${n}`,
          where: null,
          points,
          cap: points * times - Math.sign(points) * (Math.abs(points) > 1 ? 1 : 0),
          halfLifeMs: points < 0 ? null : halfLifeMs,
          trust: least,
        })),
        actions: actions.map(({ times, withinMs, trust: least }, n) => ({
          id: `action${n}`,
          say: `acted ${n}`,
          on: `Act ${n}`,
          where: null,
          times,
          withinMs,
          trust: least,
        })),
        fit: fit.map(({ when, points }, n) => ({ id: `fit${n}`, say: `fits ${n}`, when, points })),
        qualify: criteria.map((when, n) => ({ id: `rule${n}`, say: null, intent: 'high', when })),
      }),
    );
  });

const value: fc.Arbitrary<FactValue> = fc.oneof(
  word,
  fc.integer({ min: -3, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 2 }),
);
const factOf = (told: FactValue): Fact => ({ value: told, trust: 'form', at: NOW - HOUR, source: 's', key: 'k' });
const maybe = fc.option(value, { nil: undefined });
const pairs: fc.Arbitrary<SignalSet> = fc
  .array(fc.integer({ min: -3, max: 40 }), { maxLength: 6 })
  .map((hours) => hours.sort((a, b) => a - b).map((ago, n): SignalPair => [NOW - ago * HOUR, `k${9 - n}`]));

const contact = fc.record({
  facts: fc.record({ 'contact.a': maybe, 'contact.b': maybe, 'contact.lifecycle': maybe }),
  company: fc.option(fc.record({ 'company.a': maybe, 'company.b': maybe }), { nil: null }),
  first: fc.option(fc.constantFrom('organic', 'paid'), { nil: null }),
  stage: fc.constantFrom(undefined, null, 'lead', 'customer'),
  sets: fc.array(pairs, { minLength: 6, maxLength: 6 }),
});

const known = (values: { readonly [path: string]: FactValue | undefined }) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([path, told]) => (told === undefined ? [] : [[path, factOf(told)] as const])),
  );

describe('the compiled evaluator', () => {
  test('says what the readable one says, of any policy and any contact', () => {
    let [metSeen, unknownSeen, instantsSeen] = [0, 0, 0];
    fc.assert(
      fc.property(document, contact, (policy, told) => {
        const compiled = compilePolicy(policy, 'hash', LISTS);
        const ids = [...policy.signals, ...policy.actions].map((rule) => rule.id);
        const keyOf = (id: string): string =>
          compiled.signals.find((signal) => signal.id === id)?.key ?? compiled.actions.get(id)?.key ?? '';
        const signals = Object.fromEntries(ids.map((id, n) => [keyOf(id), told.sets[n] ?? []]));
        const subject: Subject = {
          facts: known(told.facts),
          companyFacts: told.company === null ? null : known(told.company),
          touches: {
            first: told.first === null ? null : { at: NOW, key: 't', source: told.first as 'organic' },
            latest: null,
          },
          signals,
          stage: told.stage as Subject['stage'],
        };
        const reference = judgePolicy(policy, subject, (id) => signals[keyOf(id)] ?? []);
        const evaluation = evaluate(compiled, subject, NOW);
        expect({
          verdict: evaluation.verdict,
          rule: evaluation.rule?.id ?? null,
          rules: evaluation.rules.map(({ id, verdict }) => ({ id, verdict })),
          fit: { known: evaluation.fit.known, possible: evaluation.fit.possible },
          engagement: evaluation.engagement.points,
          missing: [...evaluation.missing].sort(),
        }).toEqual(reference);
        expect(evaluate(compiled, subject, NOW)).toEqual(evaluation);
        const { verdict, reevaluateAt } = evaluation;
        expect(judgeOnly(compiled, subject, NOW)).toEqual({ verdict, reevaluateAt });
        if (reevaluateAt !== null) instantsSeen += 1;
        const scores = [evaluation.fit, evaluation.engagement, ...evaluation.fit.parts, ...evaluation.engagement.parts];
        for (const score of scores)
          for (const number of Object.values(score).filter((one) => typeof one === 'number'))
            expect(Number.isSafeInteger(number)).toBe(true);
        for (const rule of compiled.rules) {
          const traced = evaluation.rules.find(({ id }) => id === rule.id);
          expect(traced?.criterion.verdict).toBe(traced?.verdict);
        }
        if (evaluation.verdict === 'met') metSeen += 1;
        if (evaluation.verdict === 'unknown') unknownSeen += 1;
      }),
      { numRuns: 800 },
    );
    // The generator must keep reaching all three verdicts and instants to look again, or the comparison proves little.
    expect(metSeen).toBeGreaterThan(50);
    expect(unknownSeen).toBeGreaterThan(50);
    expect(instantsSeen).toBeGreaterThan(50);
  });
});
