/** The core's second policy: twelve criteria of all kinds (six of fit, three actions, three signals) under three rules. */
import type { Facts, FactValue } from '@baton/domain/facts/fact.ts';
import { DAY_MS } from '@baton/domain/kernel/time.ts';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import type { Subject } from '@baton/domain/policy/compiled.ts';
import type { Criterion } from '@baton/domain/policy/condition.ts';
import { emptyDocument } from '@baton/domain/policy/policyFixture.ts';
import { NOW } from './corePolicy.ts';

const fit60: Criterion = { kind: 'fit', op: 'gte', points: 60 };

export const scoresPolicy = compilePolicy(
  {
    ...emptyDocument,
    fit: [
      {
        id: 'industry',
        say: 'works in our industries',
        points: 25,
        when: { kind: 'fact', path: 'company.industry', op: 'in', operand: ['software', 'fintech'] },
      },
      {
        id: 'size',
        say: 'has 50 to 5,000 people',
        points: 30,
        when: { kind: 'fact', path: 'company.employees', op: 'between', operand: [50, 5000] },
      },
      {
        id: 'role',
        say: 'decides',
        points: 25,
        when: { kind: 'fact', path: 'contact.seniority', op: 'in', operand: ['vp', 'head', 'cto'] },
      },
      {
        id: 'region',
        say: 'is where we sell',
        points: 20,
        when: { kind: 'fact', path: 'contact.country', op: 'in', operand: ['DE', 'AT', 'CH'] },
      },
      {
        id: 'language',
        say: 'speaks our languages',
        points: 5,
        when: { kind: 'fact', path: 'contact.language', op: 'in', operand: ['de', 'en'] },
      },
      {
        id: 'free-mail',
        say: 'uses a private mailbox',
        points: -30,
        when: { kind: 'fact', path: 'contact.email-kind', op: 'is', operand: 'free' },
      },
    ],
    signals: [
      {
        id: 'view',
        say: 'visited the site',
        on: 'page',
        where: null,
        points: 1,
        cap: 10,
        halfLifeMs: 14 * DAY_MS,
        trust: 'browser',
      },
      {
        id: 'download',
        say: 'downloaded content',
        on: 'Content Downloaded',
        where: null,
        points: 10,
        cap: 30,
        halfLifeMs: 60 * DAY_MS,
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
      {
        id: 'demo',
        say: 'asked for a demo',
        on: 'Demo Requested',
        where: null,
        times: 1,
        withinMs: null,
        trust: 'form',
      },
      {
        id: 'trial',
        say: 'started a trial',
        on: 'Trial Started',
        where: null,
        times: 1,
        withinMs: null,
        trust: 'server',
      },
      {
        id: 'pricing',
        say: 'saw pricing 3 times in a week',
        on: 'Pricing Viewed',
        where: null,
        times: 3,
        withinMs: 7 * DAY_MS,
        trust: 'browser',
      },
    ],
    qualify: [
      {
        id: 'hand-raiser',
        say: 'raised a hand',
        intent: 'high',
        when: {
          kind: 'any',
          of: [
            { kind: 'action', action: 'demo' },
            { kind: 'action', action: 'trial' },
          ],
        },
      },
      {
        id: 'hot',
        say: 'is hot',
        intent: 'high',
        when: { kind: 'all', of: [{ kind: 'action', action: 'pricing' }, fit60] },
      },
      {
        id: 'engaged',
        say: 'is engaged',
        intent: 'standard',
        when: { kind: 'all', of: [{ kind: 'engagement', op: 'gte', points: 20 }, fit60] },
      },
    ],
  },
  'bench',
  new Map(),
);

const signalKeyOf = (id: string): string =>
  scoresPolicy.signals.find((signal) => signal.id === id)?.key ?? scoresPolicy.actions.get(id)?.key ?? '';
export const KEYS = {
  view: signalKeyOf('view'),
  download: signalKeyOf('download'),
  left: signalKeyOf('left'),
  demo: signalKeyOf('demo'),
  trial: signalKeyOf('trial'),
  pricing: signalKeyOf('pricing'),
};

const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
const factsOf = (values: { readonly [path: string]: FactValue }): Facts =>
  stored(
    Object.fromEntries(
      Object.entries(values).map(
        ([path, value]) => [path, { value, trust: 'form', at: NOW - 5, source: 'site', key: 'e1' }] as const,
      ),
    ),
  );
const pairs = (count: number, stepMs: number): readonly (readonly [number, string])[] =>
  Array.from({ length: count }, (_, index) => [NOW - 1 - index * stepMs, `k${index}`] as const);

/** Sixty-four contacts: every second fits, every fourth asked for a demo, of every eighth the mailbox is not known. */
export const scoredSubjects: readonly Subject[] = Array.from({ length: 64 }, (_, index) => ({
  facts: factsOf({
    'contact.seniority': index % 2 === 0 ? 'head' : 'intern',
    'contact.country': 'DE',
    'contact.language': 'de',
    ...(index % 8 === 7 ? {} : { 'contact.email-kind': index % 16 === 1 ? 'free' : 'business' }),
  }),
  companyFacts: factsOf({ 'company.industry': 'fintech', 'company.employees': index % 2 === 0 ? 300 : 12 }),
  touches: { first: null, latest: null },
  signals: stored({
    [KEYS.view]: pairs(index % 10, DAY_MS),
    [KEYS.download]: pairs(index % 4, 20 * DAY_MS),
    ...(index % 4 === 2 ? { [KEYS.demo]: pairs(1, 0) } : {}),
    [KEYS.pricing]: pairs(index % 5, DAY_MS),
  }),
}));
