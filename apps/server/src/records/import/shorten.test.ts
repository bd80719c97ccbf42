import { expect, test } from 'vitest';
import { shorten } from './shorten.ts';

test('a cell is quoted whole up to 40 characters, and never cut through one that takes two units', () => {
  expect(shorten('x'.repeat(40))).toBe('x'.repeat(40));
  expect(shorten('x'.repeat(41))).toBe(`${'x'.repeat(40)}...`);
  expect(shorten(`${'x'.repeat(39)}\u{1f600}y`)).toBe(`${'x'.repeat(39)}...`);
});
