import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newContact } from '../handoff/state.ts';
import { compilePolicy } from './compile.ts';
import type { Criterion, FactCondition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { findContradiction } from './findContradiction.ts';
import { scoreRangesOf } from './findDoubts.ts';
import { parsePolicy } from './parse.ts';
import { sourceOf } from './sourceOf.ts';
import { smallestPolicy } from './testPolicy.ts';

const COUNTRIES = ['de', 'at', 'fr'];
const NUMBERS = [0, 1, 2, 3, 4];

const fact = (path: string, op: string, operand: unknown): FactCondition =>
  ({ kind: 'fact', path, op, operand }) as FactCondition;
const leaf: fc.Arbitrary<Criterion> = fc.oneof(
  fc
    .tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.constantFrom(...NUMBERS))
    .map(([op, n]) => fact('company.employees', op, n)),
  fc
    .tuple(fc.constantFrom(...NUMBERS), fc.constantFrom(...NUMBERS))
    .map(([a, b]) => fact('company.employees', 'between', [Math.min(a, b), Math.max(a, b)])),
  fc
    .tuple(fc.constantFrom('is', 'is-not'), fc.constantFrom(...COUNTRIES))
    .map(([op, one]) => fact('contact.country', op, one)),
  fc.subarray(COUNTRIES, { minLength: 1 }).map((some) => fact('contact.country', 'in', some)),
  fc.boolean().map((exists) => fact('contact.country', 'exists', exists)),
  fc
    .tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.constantFrom(-1, 0, 2, 3, 5))
    .map(([op, points]) => ({ kind: 'fit', op, points }) as Criterion),
);
const { criterion } = fc.letrec<{ criterion: Criterion }>((tie) => ({
  criterion: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc
      .tuple(
        fc.constantFrom('all' as const, 'any' as const),
        fc.array(tie('criterion'), { minLength: 1, maxLength: 3 }),
      )
      .map(([kind, of]): Criterion => ({ kind, of })),
    tie('criterion').map((of): Criterion => ({ kind: 'not', of })),
  ),
}));

const parsed = parsePolicy(
  sourceOf({
    ...smallestPolicy,
    fit: { big: { say: 'is big', when: { 'company.employees': { gte: 3 } }, points: 3 } },
  }),
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const { document } = parsed.value;

it('what is called a contradiction is met by nobody, whatever is known', () => {
  let contradictions = 0;
  fc.assert(
    fc.property(criterion, (when) => {
      if (findContradiction(when, scoreRangesOf(document)) === undefined) return;
      contradictions += 1;
      const qualify = [{ id: 'rule', say: null, intent: 'high', when }];
      const policy = compilePolicy({ ...document, qualify }, 'hash', new Map());
      for (const country of [undefined, null, ...COUNTRIES, 'us'])
        for (const employees of [undefined, null, -1, ...NUMBERS, 5]) {
          const known = (path: string, value: string | number | null | undefined) =>
            value === undefined ? {} : { [path]: { value, trust: 'server' as const, at: 1, source: 'test', key: 'a' } };
          const state = newContact(1, 1);
          const subject = {
            ...state,
            facts: known('contact.country', country),
            companyFacts: known('company.employees', employees),
          };
          expect(evaluate(policy, subject, 2).verdict).not.toBe('met');
        }
    }),
    { numRuns: 2_000 },
  );
  expect(contradictions).toBeGreaterThan(50);
});
