import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['singals', ['signals', 'fit'], 'signals'],
  ['Fit', ['signals', 'fit'], 'fit'],
  ['contry', ['country', 'city'], 'country'],
  ['xyz', ['signals', 'fit'], undefined],
  ['', ['a'], 'a'],
  ['points', [], undefined],
])('%s means, of %j, %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

it('takes no longer for a very long word', () => {
  expect(
    nearest(
      'x'.repeat(1_000_000),
      Array.from({ length: 1_000 }, (_, index) => `word-${index}`),
    ),
  ).toBeUndefined();
});
