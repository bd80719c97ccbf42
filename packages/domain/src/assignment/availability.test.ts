import { describe, expect, test } from 'vitest';
import { rep } from '../handoff/worldFixture.ts';
import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import type { Calendar } from '../promise/clock.ts';
import { absenceAt, capSpan, firstThere, isOpenAt, nextOpening, weightAt } from './availability.ts';
import { coverFor } from './cover.ts';

/** 2026-01-05 00:00 UTC, a Monday. */
const MONDAY = 1_767_571_200_000;
const at = (day: number, hour: number) => MONDAY + day * DAY_MS + hour * HOUR_MS;

/** Monday to Friday, 9 to 12 and 13 to 17, in a zone so many hours before UTC. */
const office = (zone = 0, weeks = 4): Calendar => {
  const days = Array.from({ length: weeks * 7 }, (_, day) => day - 7).filter((day) => (day + 7) % 7 < 5);
  return {
    kind: 'intervals',
    open: days.flatMap((day) => [
      { from: at(day, 9 - zone), to: at(day, 12 - zone) },
      { from: at(day, 13 - zone), to: at(day, 17 - zone) },
    ]),
    days: days.map((day) => ({ from: at(day, -zone), to: at(day, 24 - zone) })),
  };
};

describe('working time', () => {
  test('is open from its first to before its last millisecond, closed at lunch, at night and after its span', () => {
    const calendar = office();
    expect(
      [at(0, 9), at(0, 11), at(0, 12), at(0, 12.5), at(0, 13), at(5, 10), at(900, 10)].map((now) =>
        isOpenAt(calendar, now),
      ),
    ).toEqual([true, true, false, false, true, false, false]);
    expect(isOpenAt(undefined, 0)).toBe(true);
  });

  test('opens next: now where it is open, after lunch, on Monday, never beyond its span', () => {
    const calendar = office();
    expect(nextOpening(calendar, at(0, 10))).toBe(at(0, 10));
    expect(nextOpening(calendar, at(0, 12))).toBe(at(0, 13));
    expect(nextOpening(calendar, at(4, 17))).toBe(at(7, 9));
    expect(nextOpening(calendar, at(900, 10))).toBeNull();
  });

  test('somebody is there when team and rep work at once and no absence is in the way', () => {
    const team = office();
    const early = office(3);
    expect(firstThere(team, { calendar: early }, at(0, 6))).toBe(at(0, 10));
    const away = { calendar: office(), absences: [{ from: at(0, 0), to: at(2, 12), why: 'time-off' as const }] };
    expect(firstThere(team, away, at(0, 10))).toBe(at(2, 13));
    const gone = { absences: [{ from: at(0, 0), to: null, why: 'away' as const }] };
    expect(firstThere(team, gone, at(0, 10))).toBeNull();
    expect(firstThere(undefined, {}, at(5, 3))).toBe(at(5, 3));
  });

  test('an absence begins with its first and ends before its last instant', () => {
    const absences = [{ from: at(0, 9), to: at(1, 9), why: 'out-of-office' as const }];
    expect(absenceAt({ absences }, at(0, 9))?.why).toBe('out-of-office');
    expect(absenceAt({ absences }, at(1, 9))).toBeNull();
  });
});

test('a ramp weighs as its last step that has begun, before the first one as the team says', () => {
  const ramp = [
    { from: at(1, 0), weight: 25 },
    { from: at(8, 0), weight: 50 },
    { from: at(15, 0), weight: 100 },
  ];
  const member = { repId: 1, weight: 10, ramp };
  expect([0, 1, 7, 8, 20].map((day) => weightAt(member, at(day, 0)))).toEqual([10, 25, 25, 50, 100]);
  expect(weightAt({ repId: 1, weight: 70 }, at(0, 0))).toBe(70);
});

describe('cover', () => {
  const away = [{ from: at(0, 0), to: null, why: 'away' as const }];
  const reps = new Map(
    [
      rep(1, 'Ana', { coverId: 2 }),
      rep(2, 'Ben', { coverId: 3, absences: away }),
      rep(3, 'Cem'),
      rep(4, 'Dee', { coverId: 5 }),
      rep(5, 'Eva', { coverId: 4, active: false }),
    ].map((one) => [one.id, one]),
  );

  test('is the first along the chain who is there; a circle ends, and nobody is nobody', () => {
    expect(coverFor({ reps }, 1, at(1, 0))?.name).toBe('Cem');
    expect(coverFor({ reps }, 4, at(1, 0))).toBeNull();
    expect(coverFor({ reps }, 3, at(1, 0))).toBeNull();
    expect(coverFor({ reps }, 99, at(1, 0))).toBeNull();
  });
});

describe('the day and week in which caps count', () => {
  test('are local: nine in the evening in New York is still the same day, though UTC has a new one', () => {
    expect(capSpan(office(-5), at(1, 2))).toEqual({ dayFrom: at(0, 5), weekFrom: at(0, 5) });
    expect(capSpan(office(9), at(0, 16))).toEqual({ dayFrom: at(0, 15), weekFrom: at(-1, 15) });
    expect(capSpan(office(13), at(3, 12))).toEqual({ dayFrom: at(3, 11), weekFrom: at(-1, 11) });
  });

  test('days off are one day after the last working one, and belong to its week', () => {
    expect(capSpan(office(1), at(6, 12))).toEqual({ dayFrom: at(4, 23), weekFrom: at(-1, 23) });
  });

  test('a week that begins with a holiday begins on Monday all the same', () => {
    const calendar = office(1);
    if (calendar.kind !== 'intervals') throw new Error('not intervals');
    const without = { ...calendar, days: calendar.days.filter(({ from }) => from !== at(-1, 23)) };
    expect(capSpan(without, at(2, 12))).toEqual({ dayFrom: at(1, 23), weekFrom: at(-1, 23) });
  });

  test('without a calendar, or outside its span, they are UTC’s', () => {
    expect(capSpan(undefined, at(3, 5))).toEqual({ dayFrom: at(3, 0), weekFrom: at(0, 0) });
    expect(capSpan(office(), at(900, 5)).dayFrom).toBe(at(900, 0));
  });
});
