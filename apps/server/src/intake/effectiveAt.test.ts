import { expect, test } from 'vitest';
import { effectiveAt } from './effectiveAt.ts';

const ARRIVAL = Date.UTC(2026, 10, 2, 12);
const HOUR = 3_600_000;

test('without a timestamp the arrival counts', () => {
  expect(effectiveAt(ARRIVAL, null, null)).toEqual({ at: ARRIVAL, fromFuture: false });
});

test('a timestamp in the past counts as it is', () => {
  expect(effectiveAt(ARRIVAL, ARRIVAL - HOUR, null).at).toBe(ARRIVAL - HOUR);
});

test('a clock that is an hour fast is corrected by what it said at sending', () => {
  expect(effectiveAt(ARRIVAL, ARRIVAL + HOUR - 5000, ARRIVAL + HOUR)).toEqual({
    at: ARRIVAL - 5000,
    fromFuture: false,
  });
});

test('a timestamp in the future never counts later than the arrival, and is flagged beyond a day', () => {
  expect(effectiveAt(ARRIVAL, ARRIVAL + 2 * HOUR, null)).toEqual({ at: ARRIVAL, fromFuture: false });
  expect(effectiveAt(ARRIVAL, ARRIVAL + 25 * HOUR, null)).toEqual({ at: ARRIVAL, fromFuture: true });
});
