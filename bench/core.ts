import { deepStrictEqual } from 'node:assert/strict';
import { evaluate } from '@baton/domain/policy/evaluate.ts';
import jsonLogic from 'json-logic-js';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { evaluatePlainly } from './corePlain.ts';
import { contacts, factsPolicy, NOW, subjects } from './corePolicy.ts';
import { cpuMicrosEach } from './measure.ts';
import { atLeast, atMost, type Bench, row } from './row.ts';

/** Twelve criteria with their full trace: against a function written by hand for them, and against two rules engines. */
export const benchCore: Bench = async (note) => {
  for (const subject of subjects) deepStrictEqual(evaluate(factsPolicy, subject, NOW), evaluatePlainly(subject));
  const engine = new Engine([engineRule], { allowUndefinedFacts: true });
  await assertPeersAgree(engine);

  const each = await cpuMicrosEach([
    {
      name: 'ours',
      times: 200_000,
      run: (times) => repeat(times, (i) => evaluate(factsPolicy, at(subjects, i), NOW).verdict === 'met'),
    },
    {
      name: 'plain',
      times: 200_000,
      run: (times) => repeat(times, (i) => evaluatePlainly(at(subjects, i)).verdict === 'met'),
    },
    {
      name: 'json-logic-js',
      times: 50_000,
      run: (times) => repeat(times, (i) => jsonLogic.apply(logicRule, at(nested, i)) === true),
    },
    { name: 'json-rules-engine', times: 2_000, run: (times) => repeatEngine(engine, times) },
  ]);
  const micros = (name: string): number => each.get(name) ?? Number.NaN;
  const ours = micros('ours');
  for (const [name, figure] of each) note(`${name}: ${figure.toFixed(3)} us of CPU for one contact`);
  const figure = (name: string): string => `${name} ${micros(name).toFixed(3)} us`;
  return [
    row(
      { bench: 'core-evaluate', value: ours, unit: 'us cpu', against: figure('plain'), ratio: ours / micros('plain') },
      atMost(3.5),
    ),
    row(
      {
        bench: 'core-vs-json-rules-engine',
        value: ours,
        unit: 'us cpu',
        against: figure('json-rules-engine'),
        ratio: micros('json-rules-engine') / ours,
      },
      atLeast(50),
    ),
    row(
      {
        bench: 'core-vs-json-logic-js',
        value: ours,
        unit: 'us cpu',
        against: figure('json-logic-js'),
        ratio: micros('json-logic-js') / ours,
      },
      atLeast(2),
    ),
  ];
};

const at = <Item>(items: readonly Item[], index: number): Item => items[index & 63] as Item;

const repeat = (times: number, one: (index: number) => boolean): number => {
  let met = 0;
  for (let index = 0; index < times; index += 1) if (one(index)) met += 1;
  return met;
};

const repeatEngine = async (engine: Engine, times: number): Promise<number> => {
  let met = 0;
  for (let index = 0; index < times; index += 1) met += (await engine.run({ ...at(contacts, index) })).events.length;
  return met;
};

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

const of = (path: string) => ({ var: path });
const logicRule = {
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
const nested = contacts.map((values) => {
  const spaces: { [space: string]: { [name: string]: unknown } } = { contact: {}, company: {} };
  for (const [path, value] of Object.entries(values)) {
    const [space = '', name = ''] = path.split('.', 2);
    const facts = spaces[space];
    if (facts !== undefined) facts[name] = value;
  }
  return spaces;
});

/** Peers have two values only, so they are asked about the contacts of whom everything is known. */
const assertPeersAgree = async (engine: Engine): Promise<void> => {
  for (let index = 0; index < subjects.length; index += 1) {
    const { verdict } = evaluate(factsPolicy, at(subjects, index), NOW);
    if (verdict === 'unknown') continue;
    deepStrictEqual(jsonLogic.apply(logicRule, at(nested, index)), verdict === 'met');
    deepStrictEqual((await engine.run({ ...at(contacts, index) })).events.length === 1, verdict === 'met');
  }
};
