/** The first policy in the languages of two rules engines, on the same facts. */
import { deepStrictEqual } from 'node:assert/strict';
import { evaluate } from '@baton/domain/policy/evaluate.ts';
import jsonLogic from 'json-logic-js';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { contacts, factsPolicy, NOW, subjects } from './corePolicy.ts';

const engineRule: RuleProperties = {
  conditions: {
    all: [
      { fact: 'company.industry', operator: 'in', value: ['software', 'fintech', 'retail'] },
      { fact: 'company.employees', operator: 'greaterThanInclusive', value: 50 },
      { fact: 'company.employees', operator: 'lessThanInclusive', value: 5000 },
      { fact: 'company.country', operator: 'in', value: ['DE', 'AT', 'CH', 'FR', 'GB', 'US'] },
      { fact: 'company.revenue', operator: 'greaterThanInclusive', value: 1_000_000 },
      { fact: 'contact.country', operator: 'in', value: ['DE', 'AT', 'CH', 'FR', 'GB', 'US'] },
      { fact: 'contact.email-kind', operator: 'equal', value: 'business' },
      { fact: 'contact.seniority', operator: 'in', value: ['vp', 'head', 'director', 'cto'] },
      { fact: 'contact.visits', operator: 'greaterThanInclusive', value: 3 },
      { fact: 'contact.pages', operator: 'greaterThan', value: 5 },
      { fact: 'contact.bounces', operator: 'lessThan', value: 3 },
      { fact: 'contact.language', operator: 'in', value: ['de', 'en', 'fr'] },
      { fact: 'contact.status', operator: 'notEqual', value: 'unsubscribed' },
    ],
  },
  event: { type: 'ideal' },
};

export const makeEngine = (): Engine => new Engine([engineRule], { allowUndefinedFacts: true });

const of = (path: string) => ({ var: path });
export const logicRule = {
  and: [
    { in: [of('company.industry'), ['software', 'fintech', 'retail']] },
    { '<=': [50, of('company.employees'), 5000] },
    { in: [of('company.country'), ['DE', 'AT', 'CH', 'FR', 'GB', 'US']] },
    { '>=': [of('company.revenue'), 1_000_000] },
    { in: [of('contact.country'), ['DE', 'AT', 'CH', 'FR', 'GB', 'US']] },
    { '===': [of('contact.email-kind'), 'business'] },
    { in: [of('contact.seniority'), ['vp', 'head', 'director', 'cto']] },
    { '>=': [of('contact.visits'), 3] },
    { '>': [of('contact.pages'), 5] },
    { '<': [of('contact.bounces'), 3] },
    { in: [of('contact.language'), ['de', 'en', 'fr']] },
    { '!==': [of('contact.status'), 'unsubscribed'] },
  ],
};

/** json-logic reads a dot as nesting: `{ contact: { country } }`. */
export const nested = contacts.map((values) => {
  const spaces: { [space: string]: { [name: string]: unknown } } = { contact: {}, company: {} };
  for (const [path, value] of Object.entries(values)) {
    const [space = '', name = ''] = path.split('.', 2);
    const facts = spaces[space];
    if (facts !== undefined) facts[name] = value;
  }
  return spaces;
});

/** Peers have two values only, so they are asked about the contacts of whom everything is known. */
export const assertPeersAgree = async (engine: Engine): Promise<void> => {
  for (let index = 0; index < subjects.length; index += 1) {
    const { verdict } = evaluate(factsPolicy, subjects[index] as (typeof subjects)[number], NOW);
    if (verdict === 'unknown') continue;
    deepStrictEqual(jsonLogic.apply(logicRule, nested[index]), verdict === 'met');
    deepStrictEqual((await engine.run({ ...contacts[index] })).events.length === 1, verdict === 'met');
  }
};
