import { assertNever } from '../kernel/assertNever.ts';
import { DAY_MS, type DurationMs, type Instant } from '../kernel/time.ts';
import type { Duration } from '../policy/document.ts';

/** A span of time that counts, from its first millisecond up to but not including its last. */
export type Interval = { readonly from: Instant; readonly to: Instant };

/**
 * When a team works, resolved to UTC before it reaches the core: always, or in these intervals. `open` and `days` ascend
 * and don't overlap; each day spans one local working day from midnight to midnight, and `open` is inside them.
 */
export type Calendar =
  | { readonly kind: 'always-open' }
  | { readonly kind: 'intervals'; readonly open: readonly Interval[]; readonly days: readonly Interval[] };

export const ALWAYS_OPEN: Calendar = { kind: 'always-open' };

/**
 * By when something of this length is owed that begins at `start`. Elapsed time runs always; working time only while the
 * calendar is open; working days end at the same distance from midnight, n working days later (on a calendar that is
 * always open, a day is 24 hours). Null where the calendar's intervals end before: the caller asks for a longer span.
 * Linear in the intervals.
 */
export const due = (calendar: Calendar, start: Instant, duration: Duration): Instant | null => {
  switch (duration.kind) {
    case 'elapsed':
      return start + duration.ms;
    case 'working':
      return calendar.kind === 'always-open' ? start + duration.ms : walk(calendar.open, start, duration.ms);
    case 'working-days':
      return calendar.kind === 'always-open'
        ? start + duration.days * DAY_MS
        : sameTimeLater(calendar.days, start, duration.days);
    default:
      return assertNever(duration);
  }
};

/** How much time that counts lies between two instants; 0 where `end` is not after `start`. Linear in the intervals. */
export const elapsed = (calendar: Calendar, start: Instant, end: Instant): DurationMs => {
  if (end <= start) return 0;
  if (calendar.kind === 'always-open') return end - start;
  let total = 0;
  for (const { from, to } of calendar.open) total += Math.max(0, Math.min(to, end) - Math.max(from, start));
  return total;
};

/** The first instant by which `ms` of open time have passed since `start`. */
const walk = (open: readonly Interval[], start: Instant, ms: DurationMs): Instant | null => {
  let left = ms;
  for (const { from, to } of open) {
    if (to <= start) continue;
    const begin = Math.max(from, start);
    if (to - begin >= left) return begin + left;
    left -= to - begin;
  }
  return null;
};

const sameTimeLater = (days: readonly Interval[], start: Instant, count: number): Instant | null => {
  const today = days.findIndex(({ from, to }) => from <= start && start < to);
  if (today >= 0) {
    const offset = start - (days[today] as Interval).from;
    const target = days[today + count];
    // A day that is an hour shorter than the offset (clocks go forward) ends at its midnight.
    return target === undefined ? null : Math.min(target.from + offset, target.to);
  }
  // Begun on a day off: as if begun at the midnight before the next working day.
  const next = days.findIndex(({ from }) => from > start);
  const target = next < 0 ? undefined : days[next + count - 1];
  return target === undefined ? null : target.to;
};
