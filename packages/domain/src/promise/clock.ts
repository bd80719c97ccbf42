import { assertNever } from '../kernel/assertNever.ts';
import { DAY_MS, type DurationMs, type Instant } from '../kernel/time.ts';
import type { Duration } from '../policy/document.ts';

/** A span of time that counts, from its first millisecond up to but not including its last. */
export type Interval = { readonly from: Instant; readonly to: Instant };

/** One local day from midnight to midnight. `jump`: when its clocks go forward (`by` above 0) or back (below 0). */
export type LocalDay = Interval & { readonly jump?: { readonly at: Instant; readonly by: DurationMs } };

/**
 * When somebody works, resolved to UTC before it reaches the core: always, or in these intervals. `open` and `days` ascend
 * and don't overlap; `days` are the working days, and `open` lies inside them. One that is never open is refused where it
 * is saved: no promise could ever come due by it.
 */
export type Calendar =
  | { readonly kind: 'always-open' }
  | { readonly kind: 'intervals'; readonly open: readonly Interval[]; readonly days: readonly LocalDay[] };

/** Where nobody has said when they work, every hour counts. */
export const ALWAYS_OPEN: Calendar = { kind: 'always-open' };

/**
 * By when something of this length is owed that begins at `start`. Elapsed time runs always; working time only while the
 * calendar is open; working days end at the same local time, n working days later (on a calendar that is always open, a
 * day is 24 hours). Null where the calendar's intervals end before: the caller asks for a longer span, or takes `dueOn`.
 * Logarithmic in the intervals, linear in those between start and due.
 */
export const due = (calendar: Calendar, start: Instant, duration: Duration): Instant | null => {
  switch (duration.kind) {
    case 'elapsed':
      return start + duration.ms;
    case 'working': {
      if (calendar.kind === 'always-open') return start + duration.ms;
      const { at, left } = walk(calendar.open, start, duration.ms);
      return left === 0 ? at : null;
    }
    case 'working-days': {
      if (calendar.kind === 'always-open') return start + duration.days * DAY_MS;
      const { at, left } = sameTimeLater(calendar.days, start, duration.days);
      return left === 0 ? at : null;
    }
    default:
      return assertNever(duration);
  }
};

/** As `due`, but never null: what is left where the calendar's intervals end runs on as elapsed time. */
export const dueOn = (calendar: Calendar, start: Instant, duration: Duration): Instant => {
  if (calendar.kind === 'always-open' || duration.kind === 'elapsed') return due(calendar, start, duration) as Instant;
  if (duration.kind === 'working') {
    const { at, left } = walk(calendar.open, start, duration.ms);
    return at + left;
  }
  const { at, left } = sameTimeLater(calendar.days, start, duration.days);
  return at + left * DAY_MS;
};

/** How much time that counts lies between two instants; 0 where `end` is not after `start`. As quick as `due`. */
export const elapsed = (calendar: Calendar, start: Instant, end: Instant): DurationMs => {
  if (end <= start) return 0;
  if (calendar.kind === 'always-open') return end - start;
  let total = 0;
  for (let i = firstEndingAfter(calendar.open, start); i < calendar.open.length; i++) {
    const { from, to } = calendar.open[i] as Interval;
    if (from >= end) break;
    total += Math.min(to, end) - Math.max(from, start);
  }
  return total;
};

/**
 * When the working day after the one of `at` opens; a day later on a calendar that is always open, or has ended.
 * Logarithmic in the intervals.
 */
export const nextDayOpens = (calendar: Calendar, at: Instant): Instant => {
  if (calendar.kind === 'always-open') return at + DAY_MS;
  const { days } = calendar;
  let index = firstEndingAfter(days, at);
  if (index < days.length && (days[index] as LocalDay).from <= at) index++;
  const day = days[index];
  const opens = day === undefined ? undefined : calendar.open[firstEndingAfter(calendar.open, day.from)];
  return opens?.from ?? at + DAY_MS;
};

/** The place of the first interval that ends after `at`; the length where none does. */
const firstEndingAfter = (intervals: readonly Interval[], at: Instant): number => {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).to > at) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** How far a walk came, and what of it was left where the intervals ended. */
type Walked = { readonly at: Instant; readonly left: number };

/** The first instant by which `ms` of open time have passed since `start`. */
const walk = (open: readonly Interval[], start: Instant, ms: DurationMs): Walked => {
  let left = ms;
  let at = start;
  for (let i = firstEndingAfter(open, start); i < open.length; i++) {
    const { from, to } = open[i] as Interval;
    at = Math.max(from, start);
    if (to - at >= left) return { at: at + left, left: 0 };
    left -= to - at;
    at = to;
  }
  return { at, left };
};

const sameTimeLater = (days: readonly LocalDay[], start: Instant, count: number): Walked => {
  const index = firstEndingAfter(days, start);
  const today = days[index];
  if (today === undefined) return { at: start, left: count };
  const isWorkingDay = today.from <= start;
  // Begun on a day off: as if begun at the midnight before the next working day.
  const target = days[index + (isWorkingDay ? count : count - 1)];
  if (target === undefined) {
    const last = days[days.length - 1] as LocalDay;
    return { at: last.to, left: count - (days.length - 1 - index) - (isWorkingDay ? 0 : 1) };
  }
  return { at: isWorkingDay ? atTimeOf(target, timeOf(today, start)) : target.to, left: 0 };
};

/** What the clock on the wall shows, in milliseconds since midnight. */
const timeOf = ({ from, jump }: LocalDay, at: Instant): DurationMs =>
  at - from + (jump !== undefined && at >= jump.at ? jump.by : 0);

/** When the clock on the wall shows this time on a day; a time that is skipped comes at the jump, one that comes twice is the first. */
const atTimeOf = ({ from, to, jump }: LocalDay, time: DurationMs): Instant => {
  const plain = from + time;
  if (jump === undefined || plain < jump.at) return Math.min(plain, to);
  return Math.min(Math.max(plain - jump.by, jump.at), to);
};
