import { describe, expect, test } from 'vitest';
import type { Fact, Facts, FactValue } from '../facts/fact.ts';
import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import { compilePolicy } from './compile.ts';
import type { CompiledPolicy, Subject } from './compiled.ts';
import type { Condition, FactCondition } from './condition.ts';
import type { PolicyDocument } from './document.ts';
import { evaluate, testCondition } from './evaluate.ts';
import { explainEvaluation } from './explain.ts';
import { freshEvidence } from './freshEvidence.ts';
import { emptyDocument } from './policyFixture.ts';
import { whatWouldChange } from './whatWouldChange.ts';

const NOW = Date.UTC(2026, 10, 14, 10, 20);

const fact = (value: FactValue, at = NOW - DAY_MS): Fact => ({ value, trust: 'form', at, source: 'site', key: 'f1' });
const factsOf = (values: { readonly [path: string]: FactValue }): Facts =>
  Object.fromEntries(Object.entries(values).map(([path, value]) => [path, fact(value)]));
const subjectOf = (facts: { readonly [path: string]: FactValue }, rest: Partial<Subject> = {}): Subject => ({
  facts: factsOf(facts),
  companyFacts: null,
  touches: { first: null, latest: null },
  signals: {},
  ...rest,
});
const policyOf = (sections: Partial<PolicyDocument>): CompiledPolicy =>
  compilePolicy({ ...emptyDocument, ...sections }, 'hash', new Map([['competitors', new Set(['rival.example'])]]));

const when = (path: string, op: FactCondition['op'], operand: unknown): Condition =>
  ({ kind: 'fact', path, op, operand }) as Condition;
const verdictOf = (condition: Condition, facts: { readonly [path: string]: FactValue }, rest: Partial<Subject> = {}) =>
  testCondition(policyOf({}), condition, { ...subjectOf(facts, rest), now: NOW }).verdict;

describe('an operator', () => {
  const cases: readonly [FactCondition['op'], unknown, FactValue, string][] = [
    ['is', 'free', 'Free ', 'met'],
    ['is', 50, '50', 'met'],
    ['is', true, 'yes', 'not-met'],
    ['is-not', 'free', null, 'met'],
    ['in', ['DE', 'AT'], 'de', 'met'],
    ['in', ['DE', 'AT'], 'CH', 'not-met'],
    ['in', ['DE'], ['FR', 'de'], 'met'],
    ['not-in', ['DE'], 'FR', 'met'],
    ['in-list', 'competitors', 'Rival.example', 'met'],
    ['gt', 50, 50, 'not-met'],
    ['gte', 50, '50', 'met'],
    ['gte', 50, 'about fifty', 'unknown'],
    ['lt', 50, null, 'not-met'],
    ['between', [50, 5000], 5000, 'met'],
    ['between', [50, 5000], 5001, 'not-met'],
    ['gte', { at: NOW }, '2026-11-14T11:20:00+01:00', 'met'],
    ['lt', { at: NOW }, 'soon', 'unknown'],
    ['exists', true, '', 'not-met'],
    ['exists', true, 0, 'met'],
    ['exists', false, null, 'met'],
    ['contains', ['cloud'], 'Our CLOUD team', 'met'],
    ['starts-with', ['/pricing'], '/pricing/eu', 'met'],
    ['ends-with', ['.edu'], 'MIT.EDU', 'met'],
    ['has-word', ['vp', 'cto'], 'CTO/Co-founder', 'met'],
    ['has-word', ['vp'], 'MVP owner', 'not-met'],
    ['has-word', ['head of sales'], 'Regional Head of  Sales, EMEA', 'met'],
    ['has-word', ['head of sales'], 'Head of Salesforce', 'not-met'],
    ['has-word', ['geschäftsführer'], 'Geschäftsführer', 'met'],
    ['within', 7 * DAY_MS, '2026-11-10', 'met'],
    ['within', 7 * DAY_MS, '2026-11-15', 'not-met'],
    ['within', 7 * DAY_MS, '2026-11-01', 'not-met'],
  ];
  for (const [op, operand, value, verdict] of cases)
    test(`${op} ${JSON.stringify(operand)} of ${JSON.stringify(value)} is ${verdict}`, () => {
      expect(verdictOf(when('contact.x', op, operand), { 'contact.x': value })).toBe(verdict);
    });

  test('on a fact that nobody knows is unknown, except for `exists`', () => {
    for (const [op, operand] of cases)
      if (op !== 'exists') expect(verdictOf(when('contact.x', op, operand), {})).toBe('unknown');
    expect(verdictOf(when('contact.x', 'exists', true), {})).toBe('not-met');
    expect(verdictOf(when('contact.x', 'exists', false), {})).toBe('met');
  });

  test('on an owner asks who sells, which is unknown until somebody looked', () => {
    const condition = when('company.owner', 'selling', true);
    expect(verdictOf(condition, {})).toBe('unknown');
    expect(verdictOf(condition, {}, { ownership: { companyOwnerSelling: true } })).toBe('met');
    expect(verdictOf(condition, {}, { ownership: { companyOwnerSelling: false } })).toBe('not-met');
  });

  test('on a stage asks the record before the claims', () => {
    const condition = when('company.lifecycle', 'in', ['customer']);
    expect(verdictOf(condition, {}, { companyStage: 'customer' })).toBe('met');
    expect(verdictOf(condition, {}, { companyStage: null })).toBe('not-met');
    expect(verdictOf(condition, {}, { companyFacts: { 'company.lifecycle': fact('customer') } })).toBe('met');
  });
});

describe('a date', () => {
  test('that comes into its span by time alone says when to look again', () => {
    const policy = policyOf({
      qualify: [
        {
          id: 'soon',
          say: null,
          intent: 'high',
          when: { kind: 'fact', path: 'contact.renewal', op: 'within', operand: DAY_MS },
        },
      ],
    });
    const { verdict, reevaluateAt } = evaluate(policy, subjectOf({ 'contact.renewal': '2026-12-01' }), NOW);
    expect([verdict, reevaluateAt]).toEqual(['not-met', Date.UTC(2026, 11, 1)]);
    expect(evaluate(policy, subjectOf({ 'contact.renewal': '2026-12-01' }), Date.UTC(2026, 11, 1)).verdict).toBe('met');
  });

  test('that leaves its span by time alone does so where `not` asks', () => {
    const policy = policyOf({
      qualify: [
        {
          id: 'rested',
          say: null,
          intent: 'high',
          when: { kind: 'not', of: { kind: 'fact', path: 'contact.called', op: 'within', operand: DAY_MS } },
        },
      ],
    });
    const subject = subjectOf({ 'contact.called': '2026-11-14' });
    const { reevaluateAt } = evaluate(policy, subject, NOW);
    expect(reevaluateAt).toBe(Date.UTC(2026, 10, 15) + 1);
    expect(evaluate(policy, subject, (reevaluateAt as number) - 1).verdict).toBe('not-met');
    expect(evaluate(policy, subject, reevaluateAt as number).verdict).toBe('met');
  });
});

describe('fit', () => {
  const fit: PolicyDocument['fit'] = [
    { id: 'size', say: 'has 50 to 5,000 people', when: when('company.employees', 'between', [50, 5000]), points: 30 },
    { id: 'role', say: 'decides', when: when('contact.title', 'has-word', ['vp']), points: 40 },
    { id: 'free', say: 'uses a private mailbox', when: when('contact.email-kind', 'is', 'free'), points: -30 },
  ];
  const policy = policyOf({
    fit,
    qualify: [{ id: 'fits', say: null, intent: 'high', when: { kind: 'fit', op: 'gte', points: 40 } }],
  });

  test('is an interval in which unknown points that would be taken lower the known end', () => {
    const { fit: told } = evaluate(policy, subjectOf({ 'contact.title': 'VP' }), NOW);
    expect([told.known, told.possible]).toEqual([10, 70]);
  });

  test('is told once its low end reaches the threshold, and names the facts that keep it from being told', () => {
    expect(evaluate(policy, subjectOf({ 'contact.title': 'VP' }), NOW)).toMatchObject({
      verdict: 'unknown',
      missing: ['company.employees', 'contact.email-kind'],
    });
    expect(evaluate(policy, subjectOf({ 'contact.title': 'VP', 'contact.email-kind': 'business' }), NOW)).toMatchObject(
      {
        verdict: 'met',
        missing: [],
      },
    );
    const poor = subjectOf({ 'contact.title': 'Intern' });
    expect(evaluate(policy, poor, NOW)).toMatchObject({ verdict: 'not-met', missing: [] });
  });
});

describe('actions and engagement', () => {
  const policy = policyOf({
    signals: [
      {
        id: 'view',
        say: 'visited',
        on: 'page',
        where: null,
        points: 10,
        cap: 25,
        halfLifeMs: DAY_MS,
        trust: 'browser',
      },
      {
        id: 'left',
        say: 'unsubscribed',
        on: 'Unsubscribed',
        where: null,
        points: -50,
        cap: -50,
        halfLifeMs: null,
        trust: 'browser',
      },
    ],
    actions: [
      { id: 'twice', say: 'asked twice', on: 'Asked', where: null, times: 2, withinMs: HOUR_MS, trust: 'form' },
    ],
    qualify: [
      { id: 'hand', say: null, intent: 'high', when: { kind: 'action', action: 'twice' } },
      { id: 'warm', say: null, intent: 'standard', when: { kind: 'engagement', op: 'gte', points: 20 } },
    ],
  });
  const [view = '', left = ''] = policy.signals.map((signal) => signal.key);
  const asked = policy.actions.get('twice')?.key ?? '';
  const run = (signals: Subject['signals'], now = NOW, since?: number) =>
    evaluate(policy, subjectOf({}, { signals }), now, since);

  test('an action is met by its n-th latest event within the span, and shows them', () => {
    const signals = {
      [asked]: [
        [NOW - 1, 'b'],
        [NOW - HOUR_MS, 'a'],
      ],
    } as Subject['signals'];
    const { rule, rules } = run(signals);
    expect(rule).toEqual({ id: 'hand', intent: 'high', say: 'asked twice' });
    expect(rules[0]?.criterion.evidence.map((proof) => proof.key)).toEqual(['b', 'a']);
    expect(run(signals, NOW + 1).rule).toBeNull();
  });

  test('points fade by half each half-life, up to the cap, and negative ones stay', () => {
    const at = (...ages: number[]) => ages.map((age, index) => [NOW - age * DAY_MS, `k${index}`] as const);
    expect(run({ [view]: at(0) }).engagement.points).toBe(10);
    expect(run({ [view]: at(1) }).engagement.points).toBe(5);
    expect(run({ [view]: at(0, 0, 0) }).engagement.points).toBe(25);
    expect(run({ [view]: at(0, 0, 0), [left]: at(900) }).engagement.points).toBe(-25);
  });

  test('the parts that people read add up to the whole', () => {
    const at = (hours: number) => [[NOW - hours * HOUR_MS, 'k']] as Subject['signals'][string];
    for (let hours = 0; hours < 100; hours += 7) {
      const { points, parts } = run({ [view]: at(hours), [left]: at(1) }).engagement;
      expect(parts.reduce((sum, part) => sum + part.points, 0)).toBe(points);
    }
  });

  test('an event of tomorrow does not count today, and says when it will', () => {
    const signals = {
      [view]: [
        [NOW + 5, 'later'],
        [NOW, 'b'],
        [NOW, 'a'],
      ],
    } as Subject['signals'];
    expect(run(signals)).toMatchObject({ engagement: { points: 20 }, reevaluateAt: NOW + 5 });
    expect(run(signals, NOW + 5)).toMatchObject({ engagement: { points: 25 }, reevaluateAt: null });
  });

  test('with `since`, only later events count', () => {
    const signals = {
      [view]: [
        [NOW, 'b'],
        [NOW - 10, 'a'],
      ],
    } as Subject['signals'];
    expect(run(signals, NOW, NOW - 10).engagement.points).toBe(10);
    expect(freshEvidence(policy, subjectOf({ 'contact.x': 1 }, { signals }), NOW, NOW - 10)).toEqual({
      points: 10,
      actions: [],
      fitFacts: [],
      ruleFacts: [],
    });
  });
});

describe('explaining', () => {
  const policy = policyOf({
    fit: [{ id: 'size', say: 'is large enough', when: when('company.employees', 'gte', 50), points: 60 }],
    actions: [
      { id: 'demo', say: 'asked for a demo', on: 'Demo', where: null, times: 1, withinMs: null, trust: 'form' },
      { id: 'pricing', say: 'saw pricing', on: 'page', where: null, times: 3, withinMs: 7 * DAY_MS, trust: 'browser' },
    ],
    qualify: [
      {
        id: 'ready',
        say: null,
        intent: 'high',
        when: {
          kind: 'all',
          of: [
            { kind: 'action', action: 'demo' },
            { kind: 'fit', op: 'gte', points: 60 },
          ],
        },
      },
    ],
  });
  const demo = { [policy.actions.get('demo')?.key ?? '']: [[NOW - HOUR_MS, 'd']] } as Subject['signals'];
  const company = { 'company.employees': fact(75) };

  test('tells who qualifies by their evidence', () => {
    const subject = subjectOf({}, { signals: demo, companyFacts: company });
    expect(explainEvaluation(evaluate(policy, subject, NOW), NOW)).toEqual([
      'Asked for a demo on 14 Nov, 09:20 UTC.',
      'Fit 60, needs at least 60: is large enough (+60).',
    ]);
    expect(whatWouldChange(policy, subject, NOW)).toEqual([
      { if: '“asked for a demo” had not happened', then: 'they would not qualify' },
      { if: 'not: the number of employees is at least 50', then: 'they would not qualify' },
    ]);
  });

  test('tells who does not by what is lacking, and what would change it', () => {
    const subject = subjectOf({}, { signals: demo });
    expect(explainEvaluation(evaluate(policy, subject, NOW), NOW)).toEqual([
      '“ready” can’t be told: fit between 0 and 60, needs at least 60.',
      'Nobody knows the number of employees.',
    ]);
    expect(whatWouldChange(policy, subject, NOW)).toContainEqual({
      if: 'they had 60 more points of fit',
      then: 'they would qualify as high: asked for a demo and fit of at least 60',
    });
  });

  test('an action that must come several times says how often and how long', () => {
    expect(policy.actions.get('pricing')?.say).toBe('saw pricing (3 times within 7 days)');
  });
});
