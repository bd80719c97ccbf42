import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimestamptz } from './pool.ts';

test.each([
  ['2026-03-01 09:00:00+00', Date.UTC(2026, 2, 1, 9)],
  ['2026-03-01 09:00:00.5+05:30', Date.UTC(2026, 2, 1, 3, 30, 0, 500)],
  ['2026-03-01 09:00:00.123999-03', Date.UTC(2026, 2, 1, 12, 0, 0, 123)],
  ['1883-11-18 12:03:57-04:56:02', Date.UTC(1883, 10, 18, 16, 59, 59)],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])('timestamptz %s', (text, instant) => {
  expect(parseTimestamptz(text)).toBe(instant);
});

test('what is not a timestamp is an error, not NaN', () => {
  expect(() => parseTimestamptz('yesterday')).toThrow(RangeError);
});

test('every instant from year 100 to 9999 is read back as it was written in UTC', () => {
  fc.assert(
    fc.property(fc.integer({ min: -59_011_459_200_000, max: 253_402_300_799_999 }), (instant) => {
      const text = new Date(instant).toISOString().replace('T', ' ').replace('Z', '+00');
      expect(parseTimestamptz(text)).toBe(instant);
    }),
  );
});
