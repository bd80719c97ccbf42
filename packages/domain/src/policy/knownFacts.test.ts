import { expect, it } from 'vitest';
import { SOURCE_FACTS } from '../source/sourceFacts.ts';
import { KNOWN_FACTS } from './knownFacts.ts';

it('every source fact that can be read has words, and no other is known', () => {
  const named = Object.keys(KNOWN_FACTS).filter((path) => path.startsWith('source.'));
  expect(named.toSorted()).toEqual(Object.keys(SOURCE_FACTS).toSorted());
});
