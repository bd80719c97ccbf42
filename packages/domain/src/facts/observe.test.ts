import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObservedEvent } from '../handoff/input.ts';
import { EVENT_MARKS } from '../handoff/input.ts';
import { type ContactState, newContact } from '../handoff/state.ts';
import { compilePolicy } from '../policy/compile.ts';
import { emptyDocument } from '../policy/policyFixture.ts';
import { keepOf } from '../signals/signalKey.ts';
import { type FactValue, TRUST } from './fact.ts';
import { compareTexts, foldCompanyFacts, TRUST_RANK } from './foldFacts.ts';
import { mergeContacts, observe } from './observe.ts';

const { collectors, signals, actions } = compilePolicy(
  {
    ...emptyDocument,
    gate: { ...emptyDocument.gate, ignore: ['bot', 'machine-open'] },
    signals: [
      { id: 'view', say: 'visited', on: 'page', where: null, points: 1, cap: 3, halfLifeMs: 1000, trust: 'browser' },
      {
        id: 'pricing',
        say: 'saw pricing',
        on: 'page',
        where: { kind: 'fact', path: 'path', op: 'starts-with', operand: ['/pricing'] },
        points: 5,
        cap: 9,
        halfLifeMs: null,
        trust: 'browser',
      },
    ],
    actions: [{ id: 'demo', say: 'asked', on: 'Demo', where: null, times: 1, withinMs: null, trust: 'form' }],
  },
  'hash',
  new Map(),
);

/** Few instants, keys and values, so that ties happen all the time. One key is one event: what it says hangs on its key. */
const event: fc.Arbitrary<ObservedEvent> = fc.integer({ min: 0, max: 400 }).chain((seed) =>
  fc.constant({
    key: `e${seed}`,
    type: 'track' as const,
    name: ['page', 'Demo', 'Other'][seed % 3] as string,
    effectiveAt: (seed * 7) % 5,
    trust: TRUST[(seed >> 2) % 4] as (typeof TRUST)[number],
    source: `s${seed % 2}`,
    properties: { path: seed % 2 === 0 ? '/pricing/eu' : '/home' },
    claims: [
      { path: `contact.f${seed % 3}`, value: (seed % 4) as FactValue },
      { path: 'contact.name', value: seed % 5 === 0 ? null : `n${seed % 3}` },
    ],
    touch: seed % 4 === 0 ? null : { at: (seed * 7) % 5, key: `e${seed}`, source: 'organic' as const },
    marks: seed % 7 === 0 ? [EVENT_MARKS[(seed >> 3) % 4] as (typeof EVENT_MARKS)[number]] : [],
  }),
);
const events = fc.array(event, { maxLength: 30 });

const known = ({ facts, touches, signals: sets }: ContactState) => ({ facts, touches, signals: sets });
const fold = (seen: readonly ObservedEvent[], state = newContact(1)): ContactState =>
  seen.reduce((folded, one) => observe(folded, one, collectors), state);

/** A list with the same members in another order, some of them repeated. */
const shuffled = <Item>(items: readonly Item[]): fc.Arbitrary<Item[]> =>
  fc
    .tuple(fc.shuffledSubarray([...items], { minLength: items.length }), fc.subarray([...items]))
    .map(([all, again]) => [...all, ...again]);

describe('what is known of a contact', () => {
  test('hangs on the set of events alone: no order, no repetition changes it', () => {
    fc.assert(
      fc.property(
        events.chain((seen) => fc.tuple(fc.constant(seen), shuffled(seen))),
        ([seen, other]) => {
          expect(known(fold(other))).toEqual(known(fold(seen)));
        },
      ),
    );
  });

  test('is the same whether events were seen by one contact or by two who turn out to be one', () => {
    fc.assert(
      fc.property(events, events, (one, other) => {
        const merged = mergeContacts(fold(one), fold(other, newContact(2)));
        expect(known(merged)).toEqual(known(fold([...one, ...other])));
      }),
    );
  });

  test('merging is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(events, events, events, (a, b, c) => {
        const [one, two, three] = [fold(a), fold(b), fold(c)];
        expect(known(mergeContacts(one, two))).toEqual(known(mergeContacts(two, one)));
        expect(known(mergeContacts(mergeContacts(one, two), three))).toEqual(
          known(mergeContacts(one, mergeContacts(two, three))),
        );
        expect(known(mergeContacts(one, one))).toEqual(known(one));
      }),
    );
  });

  test('an event seen again changes nothing, not even the object', () => {
    fc.assert(
      fc.property(events, fc.nat(), (seen, pick) => {
        const state = fold(seen);
        const one = seen[pick % Math.max(1, seen.length)];
        if (one !== undefined) expect(observe(state, one, collectors)).toBe(state);
      }),
    );
  });
});

describe('facts', () => {
  test('are what the best-trusted, then latest event claimed, by a plain search of all events', () => {
    fc.assert(
      fc.property(events, (seen) => {
        const { facts } = fold(seen);
        const best = [...seen].sort(
          (a, b) =>
            TRUST_RANK[b.trust] - TRUST_RANK[a.trust] || b.effectiveAt - a.effectiveAt || compareTexts(b.key, a.key),
        )[0];
        expect(facts['contact.name']?.key).toBe(best?.key);
        expect(facts['contact.name']?.value).toEqual(best?.claims[1]?.value);
      }),
    );
  });

  test('no browser overwrites what a form, a server or a person said, however late', () => {
    const said = { key: 'a', effectiveAt: 1, trust: 'form', source: 's' } as const;
    const browser = { key: 'b', effectiveAt: 9, trust: 'browser', source: 's' } as const;
    const facts = foldCompanyFacts({}, [{ path: 'company.name', value: 'Acme' }], said);
    expect(foldCompanyFacts(facts, [{ path: 'company.name', value: 'Evil' }], browser)).toBe(facts);
  });

  test('a claim named __proto__ is no fact and reaches no prototype', () => {
    const said = { key: 'a', effectiveAt: 1, trust: 'form', source: 's' } as const;
    expect(foldCompanyFacts({}, [{ path: '__proto__', value: 'x' }], said)).toEqual({});
    expect(({} as { value?: unknown }).value).toBeUndefined();
  });
});

describe('signals', () => {
  const collected = (id: string) => {
    const key = signals.find((signal) => signal.id === id)?.key ?? actions.get(id)?.key ?? '';
    return { key, keep: keepOf(key) };
  };

  test('keep the K latest events that they count, by a plain search of all events', () => {
    fc.assert(
      fc.property(events, (seen) => {
        const state = fold(seen);
        const wants = {
          view: (one: ObservedEvent) => one.name === 'page',
          pricing: (one: ObservedEvent) => one.name === 'page' && one.properties['path'] === '/pricing/eu',
          demo: (one: ObservedEvent) => one.name === 'Demo' && one.trust !== 'browser',
        };
        for (const [id, counts] of Object.entries(wants)) {
          const { key, keep } = collected(id);
          const unique = new Map(
            seen
              .filter((one) => counts(one) && !one.marks.includes('bot') && !one.marks.includes('machine-open'))
              .map((one) => [one.key, [one.effectiveAt, one.key] as const]),
          );
          const latest = [...unique.values()].sort((a, b) => b[0] - a[0] || compareTexts(b[1], a[1])).slice(0, keep);
          expect(state.signals[key] ?? []).toEqual(latest);
        }
      }),
    );
  });

  test('K is how many it takes to reach the cap, and stands in the key', () => {
    expect([collected('view').keep, collected('pricing').keep, collected('demo').keep]).toEqual([3, 2, 1]);
  });
});

describe('touches', () => {
  test('are the first and the latest of unmarked events', () => {
    fc.assert(
      fc.property(events, (seen) => {
        const all = seen
          .filter((one) => one.touch !== null && one.marks.length === 0)
          .sort((a, b) => a.effectiveAt - b.effectiveAt || compareTexts(a.key, b.key));
        const { first, latest } = fold(seen).touches;
        expect([first?.key, latest?.key]).toEqual([all[0]?.key, all.at(-1)?.key]);
      }),
    );
  });
});
