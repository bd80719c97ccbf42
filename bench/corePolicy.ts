/**
 * What the core's benchmark evaluates: a policy of twelve criteria over facts, as every rules engine could have it, and
 * sixty-four contacts: most meet all, some miss one, of some a fact is not known.
 */
import type { Facts, FactValue } from '@baton/domain/facts/fact.ts';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import type { Subject } from '@baton/domain/policy/compiled.ts';
import type { FactCondition } from '@baton/domain/policy/condition.ts';
import { emptyDocument } from '@baton/domain/policy/policyFixture.ts';

export const NOW = 1_795_000_000_000;

const conditions: readonly FactCondition[] = [
  { kind: 'fact', path: 'company.industry', op: 'in', operand: ['software', 'fintech', 'retail'] },
  { kind: 'fact', path: 'company.employees', op: 'between', operand: [50, 5000] },
  { kind: 'fact', path: 'company.country', op: 'in', operand: ['DE', 'AT', 'CH', 'FR', 'GB', 'US'] },
  { kind: 'fact', path: 'company.revenue', op: 'gte', operand: 1_000_000 },
  { kind: 'fact', path: 'contact.country', op: 'in', operand: ['DE', 'AT', 'CH', 'FR', 'GB', 'US'] },
  { kind: 'fact', path: 'contact.email-kind', op: 'is', operand: 'business' },
  { kind: 'fact', path: 'contact.seniority', op: 'in', operand: ['vp', 'head', 'director', 'cto'] },
  { kind: 'fact', path: 'contact.visits', op: 'gte', operand: 3 },
  { kind: 'fact', path: 'contact.pages', op: 'gt', operand: 5 },
  { kind: 'fact', path: 'contact.bounces', op: 'lt', operand: 3 },
  { kind: 'fact', path: 'contact.language', op: 'in', operand: ['de', 'en', 'fr'] },
  { kind: 'fact', path: 'contact.status', op: 'is-not', operand: 'unsubscribed' },
];

/** Twelve facts that one rule asks for. */
export const factsPolicy = compilePolicy(
  {
    ...emptyDocument,
    qualify: [{ id: 'ideal', say: 'is whom we look for', intent: 'high', when: { kind: 'all', of: conditions } }],
  },
  'bench',
  new Map(),
);

type Values = { readonly [path: string]: FactValue };
const usual: Values = {
  'company.industry': 'software',
  'company.employees': 420,
  'company.country': 'DE',
  'company.revenue': 25_000_000,
  'contact.country': 'AT',
  'contact.email-kind': 'business',
  'contact.seniority': 'head',
  'contact.visits': 7,
  'contact.pages': 21,
  'contact.bounces': 0,
  'contact.language': 'de',
  'contact.status': 'subscribed',
};
const unusual: Values = {
  'company.industry': 'mining',
  'company.employees': 12,
  'company.country': 'BR',
  'company.revenue': 90_000,
  'contact.country': 'JP',
  'contact.email-kind': 'free',
  'contact.seniority': 'intern',
  'contact.visits': 1,
  'contact.pages': 2,
  'contact.bounces': 9,
  'contact.language': 'ja',
  'contact.status': 'unsubscribed',
};

/** The plain values of each contact: every fourth misses one criterion, every eighth lacks one fact. */
export const contacts: readonly Values[] = Array.from({ length: 64 }, (_, index) => {
  const paths = Object.keys(usual);
  const odd = paths[index % paths.length] as string;
  if (index % 8 === 3) return Object.fromEntries(Object.entries(usual).filter(([path]) => path !== odd));
  return index % 4 === 1 ? { ...usual, [odd]: unusual[odd] as FactValue } : usual;
});

/** As the database gives them: parsed from JSON, each fact with its provenance. */
const factsOf = (values: Values, space: string): Facts =>
  JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(values)
          .filter(([path]) => path.startsWith(space))
          .map(([path, value], index) => [
            path,
            { value, trust: 'form', at: NOW - index * 1000, source: 'site', key: `e${index}` },
          ]),
      ),
    ),
  );

export const subjects: readonly Subject[] = contacts.map((values) => ({
  facts: factsOf(values, 'contact.'),
  companyFacts: factsOf(values, 'company.'),
  touches: { first: null, latest: null },
  signals: {},
}));
