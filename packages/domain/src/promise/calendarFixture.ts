/** Calendars for tests. */
import { DAY_MS, MINUTE_MS } from '../kernel/time.ts';
import type { Calendar } from './clock.ts';

/** A Monday, 00:00 UTC. */
export const MONDAY = 1_767_571_200_000;

/** Weeks of days with these blocks of minutes since midnight, by weekday from Monday on; then on and on. */
export const weekly = (
  blocks: readonly (readonly (readonly [from: number, to: number])[])[],
  weeks: number,
  isOff: (day: number) => boolean = () => false,
): Calendar => {
  const worked = Array.from({ length: weeks * 7 }, (_, day) => day).filter(
    (day) => (blocks[day % 7]?.length ?? 0) > 0 && !isOff(day),
  );
  return {
    kind: 'intervals',
    days: worked.map((day) => ({ from: MONDAY + day * DAY_MS, to: MONDAY + (day + 1) * DAY_MS })),
    open: worked.flatMap((day) =>
      (blocks[day % 7] ?? []).map(([from, to]) => ({
        from: MONDAY + day * DAY_MS + from * MINUTE_MS,
        to: MONDAY + day * DAY_MS + to * MINUTE_MS,
      })),
    ),
  };
};

const OFFICE_DAY = [
  [9 * 60, 12 * 60],
  [13 * 60, 17 * 60],
] as const;
/** Monday to Friday, 9 to 12 and 13 to 17, for a year. */
export const OFFICE: Calendar = weekly([OFFICE_DAY, OFFICE_DAY, OFFICE_DAY, OFFICE_DAY, OFFICE_DAY, [], []], 52);

/** A calendar from any numbers: minutes of each weekday, taken in pairs as blocks, and days off. Mondays are always worked. */
export const calendarOf = (days: readonly (readonly number[])[], off: readonly number[]): Calendar => {
  const blocks = days.map((edges) => {
    const sorted = [...edges].sort((a, b) => a - b);
    return Array.from(
      { length: Math.floor(sorted.length / 2) },
      (_, i) => [sorted[2 * i] as number, sorted[2 * i + 1] as number] as const,
    );
  });
  const isOff = new Set(off);
  return weekly(
    blocks.map((one, day) => (day === 0 && one.length === 0 ? OFFICE_DAY : one)),
    52,
    (day) => isOff.has(day),
  );
};
