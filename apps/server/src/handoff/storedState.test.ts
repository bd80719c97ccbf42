import { newContact } from '@baton/domain/handoff/state.ts';
import { expect, test } from 'vitest';
import { readState, storeState } from './storedState.ts';

test('a state comes back as it was stored, and what is empty takes no room', () => {
  const begun = newContact(7);
  expect(storeState(begun)).toBe('{"id":7,"facts":{},"touches":{"first":null,"latest":null},"signals":{}}');
  expect(readState(storeState(begun))).toEqual(begun);
  const known = {
    ...newContact(8, 3),
    facts: { 'contact.title': { value: null, trust: 'form', at: 5, source: 's', key: 'k' } },
    signals: { a: [[5, 'k']] },
    stage: 'mql',
    episodes: 2,
    metBefore: ['rule'],
    decidedAt: 9,
  } as const;
  expect(readState(storeState(known as never))).toEqual(known);
});
