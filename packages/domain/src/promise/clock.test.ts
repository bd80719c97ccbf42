import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import { calendarOf, MONDAY, OFFICE, weekly } from './calendarFixture.ts';
import { ALWAYS_OPEN, type Calendar, due, dueOn, elapsed, type LocalDay, nextDayOpens } from './clock.ts';

const hours = (count: number) => ({ kind: 'working', ms: count * HOUR_MS }) as const;
const wd = (days: number) => ({ kind: 'working-days', days }) as const;
/** Day and time since the fixture's Monday. */
const at = (day: number, hour: number, minute = 0): number =>
  MONDAY + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;

/** Up to three blocks a day on some days of the week, with days off. */
const anyCalendar: fc.Arbitrary<Calendar> = fc.oneof(
  fc.constant(ALWAYS_OPEN),
  fc.constant(OFFICE),
  fc
    .tuple(
      fc.array(fc.uniqueArray(fc.nat(1_440), { maxLength: 6 }), { minLength: 7, maxLength: 7 }),
      fc.uniqueArray(fc.nat(363), { maxLength: 40 }),
    )
    .map(([days, off]) => calendarOf(days, off)),
);

/** What the clock says the slow way: minute by minute. */
const openMinutes = (calendar: Calendar, from: number, to: number): number => {
  if (calendar.kind === 'always-open') return (to - from) / MINUTE_MS;
  let count = 0;
  for (let minute = from; minute < to; minute += MINUTE_MS)
    if (calendar.open.some((one) => one.from <= minute && minute < one.to)) count++;
  return count;
};

describe('working time', () => {
  test('what is due after d has taken exactly d, at any start, on any calendar', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        fc.nat(14 * DAY_MS),
        fc.integer({ min: 1, max: 60 * HOUR_MS }),
        (calendar, offset, ms) => {
          const start = MONDAY + offset;
          const end = due(calendar, start, { kind: 'working', ms });
          fc.pre(end !== null);
          expect(elapsed(calendar, start, end)).toBe(ms);
          expect(elapsed(calendar, start, end - 1)).toBe(ms - 1);
          expect(dueOn(calendar, start, { kind: 'working', ms })).toBe(end);
        },
      ),
    );
  });

  test('it is what counting minute by minute says', () => {
    fc.assert(
      fc.property(anyCalendar, fc.nat(5 * 1_440), fc.nat(5 * 1_440), (calendar, from, length) => {
        const start = MONDAY + from * MINUTE_MS;
        const end = start + length * MINUTE_MS;
        expect(elapsed(calendar, start, end)).toBe(openMinutes(calendar, start, end) * MINUTE_MS);
      }),
      { numRuns: 40 },
    );
  });

  test('it adds up: what is due after a and then b is due after a and b', () => {
    const span = fc.integer({ min: 1, max: 30 * HOUR_MS });
    fc.assert(
      fc.property(anyCalendar, fc.nat(14 * DAY_MS), span, span, (calendar, offset, a, b) => {
        const start = MONDAY + offset;
        const first = due(calendar, start, { kind: 'working', ms: a });
        fc.pre(first !== null);
        expect(due(calendar, first, { kind: 'working', ms: b })).toBe(
          due(calendar, start, { kind: 'working', ms: a + b }),
        );
      }),
    );
  });

  test.each([
    ['in the morning', at(0, 9), at(0, 14)],
    ['in the lunch break', at(0, 12, 30), at(0, 17)],
    ['when the break begins', at(0, 12), at(0, 17)],
    ['an hour before closing on Friday', at(4, 16), at(7, 12)],
    ['at the moment of closing', at(4, 17), at(7, 14)],
    ['on a Saturday', at(5, 11), at(7, 14)],
    ['on a Sunday night', at(6, 23, 59), at(7, 14)],
  ])('four hours begun %s', (_, start, end) => {
    expect(due(OFFICE, start, hours(4))).toBe(end);
  });

  test('elapsed time runs through nights and weekends', () => {
    expect(due(OFFICE, MONDAY, { kind: 'elapsed', ms: 5 * DAY_MS })).toBe(MONDAY + 5 * DAY_MS);
  });
});

describe('working days', () => {
  test.each([
    ['Friday morning', at(4, 10), 1, at(7, 10)],
    ['Monday night, when it is closed', at(0, 20), 1, at(1, 20)],
    ['Wednesday', at(2, 16, 30), 3, at(7, 16, 30)],
    ['a Saturday counts from Monday’s midnight', at(5, 11), 1, at(8, 0)],
    ['a Sunday too', at(6, 23), 2, at(9, 0)],
  ])('begun on %s', (_, start, days, end) => {
    expect(due(OFFICE, start, wd(days))).toBe(end);
  });

  test('a day off in between does not count', () => {
    const day = [[540, 1_020]] as const;
    const withHoliday = weekly([day, day, day, day, day, [], []], 3, (index) => index === 1);
    expect(due(withHoliday, at(0, 10), wd(1))).toBe(at(2, 10));
  });

  test('on a calendar that is always open a day has 24 hours', () => {
    expect(due(ALWAYS_OPEN, at(4, 10), wd(1))).toBe(at(5, 10));
  });

  test('n working days later are as many working days on, and one and one is two', () => {
    fc.assert(
      fc.property(anyCalendar, fc.nat(14 * DAY_MS), fc.integer({ min: 1, max: 10 }), (calendar, offset, n) => {
        const start = MONDAY + offset;
        const end = due(calendar, start, wd(n));
        fc.pre(end !== null);
        if (calendar.kind === 'always-open') return;
        const isWorkingDay = calendar.days.some(({ from, to }) => from <= start && start < to);
        const begun = calendar.days.filter(({ from }) => from > start && (isWorkingDay ? from <= end : from < end));
        expect(begun.length).toBe(n);
        const oneMore = due(calendar, start, wd(n + 1));
        if (isWorkingDay && oneMore !== null) expect(due(calendar, end, wd(1))).toBe(oneMore);
      }),
    );
  });

  test('the same time on the clock, also past a night in which clocks change', () => {
    const day = (from: number, length: number, jump?: LocalDay['jump']): LocalDay =>
      jump === undefined ? { from, to: from + length * HOUR_MS } : { from, to: from + length * HOUR_MS, jump };
    const forward = day(at(0, 0), 23, { at: at(0, 2), by: HOUR_MS });
    const after = day(forward.to, 24);
    const spring: Calendar = { kind: 'intervals', open: [forward, after], days: [forward, after] };
    // 10:00 on the wall is nine hours after that midnight
    expect(due(spring, at(0, 9), wd(1))).toBe(after.from + 10 * HOUR_MS);
    const before = day(at(-1, 0), 24);
    const intoSpring: Calendar = { kind: 'intervals', open: [before, forward], days: [before, forward] };
    expect(due(intoSpring, at(-1, 10), wd(1))).toBe(at(0, 9));
    // a time that is skipped comes at the jump
    expect(due(intoSpring, at(-1, 2, 30), wd(1))).toBe(at(0, 2));
    const back = day(at(0, 0), 25, { at: at(0, 3), by: -HOUR_MS });
    const autumn: Calendar = { kind: 'intervals', open: [before, back], days: [before, back] };
    expect(due(autumn, at(-1, 10), wd(1))).toBe(at(0, 11));
    // a time that comes twice is the first of the two
    expect(due(autumn, at(-1, 2, 30), wd(1))).toBe(at(0, 2, 30));
  });
});

describe('the end of a calendar', () => {
  const short = weekly([[[540, 600]], [[540, 600]]], 1);

  test('a span that the intervals do not reach is null and not a guess', () => {
    expect(due(short, MONDAY, hours(3))).toBeNull();
    expect(due(short, MONDAY, wd(9))).toBeNull();
  });

  test('a promise is due all the same: what is left runs on as elapsed time', () => {
    expect(dueOn(short, MONDAY, hours(3))).toBe(at(1, 11));
    expect(dueOn(short, MONDAY, wd(2))).toBe(at(3, 0));
    expect(dueOn(short, at(30, 0), hours(1))).toBe(at(30, 1));
  });

  test('the next working day opens in its morning', () => {
    expect(nextDayOpens(OFFICE, at(4, 12, 30))).toBe(at(7, 9));
    expect(nextDayOpens(OFFICE, at(5, 1))).toBe(at(7, 9));
    expect(nextDayOpens(ALWAYS_OPEN, at(5, 1))).toBe(at(6, 1));
    expect(nextDayOpens(short, at(1, 9, 30))).toBe(at(2, 9, 30));
  });
});
