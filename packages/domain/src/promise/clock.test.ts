import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import { ALWAYS_OPEN, type Calendar, due, elapsed } from './clock.ts';

const MONDAY = 1_767_571_200_000;
/** Monday to Friday, 9 to 12 and 13 to 17, for eight weeks. */
const officeDays = Array.from({ length: 40 }, (_, i) => {
  const from = MONDAY + (Math.floor(i / 5) * 7 + (i % 5)) * DAY_MS;
  return { from, to: from + DAY_MS };
});
const OFFICE: Calendar = {
  kind: 'intervals',
  days: officeDays,
  open: officeDays.flatMap(({ from }) => [
    { from: from + 9 * HOUR_MS, to: from + 12 * HOUR_MS },
    { from: from + 13 * HOUR_MS, to: from + 17 * HOUR_MS },
  ]),
};

describe('clock', () => {
  test('what is due after d has taken exactly d, at any start, on either calendar', () => {
    fc.assert(
      fc.property(fc.nat(14 * DAY_MS), fc.integer({ min: 1, max: 60 * HOUR_MS }), (offset, ms) => {
        for (const calendar of [ALWAYS_OPEN, OFFICE]) {
          const start = MONDAY + offset;
          const end = due(calendar, start, { kind: 'working', ms });
          expect(end).not.toBeNull();
          expect(elapsed(calendar, start, end as number)).toBe(ms);
        }
      }),
    );
  });

  test('four working hours begun on Friday at 16:00 end on Monday at 12:00', () => {
    const friday = MONDAY + 4 * DAY_MS + 16 * HOUR_MS;
    expect(due(OFFICE, friday, { kind: 'working', ms: 4 * HOUR_MS })).toBe(MONDAY + 7 * DAY_MS + 12 * HOUR_MS);
  });

  test('one working day is the same time on the next working day', () => {
    const friday = MONDAY + 4 * DAY_MS + 10 * HOUR_MS;
    expect(due(OFFICE, friday, { kind: 'working-days', days: 1 })).toBe(MONDAY + 7 * DAY_MS + 10 * HOUR_MS);
    expect(due(ALWAYS_OPEN, friday, { kind: 'working-days', days: 1 })).toBe(friday + DAY_MS);
  });

  test('elapsed time runs through nights and weekends', () => {
    expect(due(OFFICE, MONDAY, { kind: 'elapsed', ms: 5 * DAY_MS })).toBe(MONDAY + 5 * DAY_MS);
  });

  test('a span that the intervals do not reach is null and not a guess', () => {
    expect(due(OFFICE, MONDAY, { kind: 'working', ms: 1_000 * HOUR_MS })).toBeNull();
    expect(due(OFFICE, MONDAY, { kind: 'working-days', days: 99 })).toBeNull();
  });
});
