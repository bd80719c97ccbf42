import { newContact } from '@baton/domain/handoff/state.ts';
import { addPair } from '@baton/domain/signals/mergeSignals.ts';
import type { SignalSet } from '@baton/domain/signals/signal.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readState, readStored, storeState } from './storedState.ts';

const AT = Date.UTC(2026, 10, 23);

test('a state comes back as it was stored, and what is empty takes no room', () => {
  const begun = newContact(7);
  expect(storeState(begun)).toBe('{"id":7}');
  expect(readState(storeState(begun))).toEqual(begun);
  const known = {
    ...newContact(8, 3),
    facts: { 'contact.title': { value: null, trust: 'form', at: 5, source: 's', key: 'k' } },
    signals: { a: [[5, 'k']], b: [[AT, 'not a "key"']], c: [[AT, 'k']], d: [] },
    touches: { first: { at: 5, key: 'k', source: 'paid' }, latest: { at: 6, key: 'k', source: 'direct' } },
    stage: 'mql',
    episodes: 2,
    metBefore: ['rule'],
    decidedAt: 9,
  } as const;
  expect(readState(storeState(known as never))).toEqual(known);
});

test('a touch that is first and latest is stored once', () => {
  const touch = { at: AT, key: 'k', source: 'direct' } as const;
  const text = storeState({ ...newContact(7), touches: { first: touch, latest: touch } });
  expect(text.split('direct')).toHaveLength(2);
  expect(readState(text).touches).toEqual({ first: touch, latest: touch });
});

test('a state that was stored as plain JSON is read', () => {
  const plain = { ...newContact(7), signals: { a: [[AT, 'k']] } };
  expect(readState(JSON.stringify(plain))).toEqual(plain);
});

test('pairs that come later are written beside those that were stored, whatever their order', () => {
  const pair = fc.tuple(
    fc.oneof(fc.integer({ min: AT, max: AT + 9 }), fc.integer({ min: -1, max: 1 })),
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a-1', 'b_2', 'c') }, fc.constant('two words"')),
  );
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 6 }), fc.array(pair, { maxLength: 4 }), (before, after) => {
      const fold = (set: SignalSet, pairs: readonly (readonly [number, string])[]): SignalSet =>
        pairs.reduce((sum, one) => addPair(sum, one, 4), set);
      const read = readStored(storeState({ ...newContact(7), signals: { '4.x': fold([], before) } }));
      const next = { ...read.state, signals: { '4.x': fold(read.state.signals['4.x'] ?? [], after) } };
      const text = storeState(next, read);
      expect(readState(text)).toEqual(next);
      expect(text).toBe(storeState(next));
    }),
    { numRuns: 500 },
  );
});
