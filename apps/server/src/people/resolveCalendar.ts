import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Calendar, Interval, LocalDay } from '@baton/domain/promise/clock.ts';
import { Temporal } from 'temporal-polyfill';
import type { DaysOff } from './publicHolidays.ts';
import type { Block, WeeklyHours } from './weeklyHours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The zone by its name, in its one spelling, or what is wrong with it. An offset such as +02:00 is no zone: it has no summer. */
export const readZone = (text: string): Result<string, string> => {
  const name = text.trim();
  const wrong = err(`"${text}" is no time zone: write its IANA name, e.g. Europe/Berlin`);
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return wrong;
  try {
    return ok(Temporal.PlainDate.from('2000-01-01').toZonedDateTime(name).timeZoneId);
  } catch {
    return wrong;
  }
};

export type CalendarSpan = { readonly from: Instant; readonly to: Instant };

/** The local days of a zone that touch a span, each with the UTC instants of its midnights. Linear in the days. */
export type ZoneDays = {
  readonly zone: string;
  /** The first day, as `2026-11-23`. */
  readonly first: string;
  /** Weekday of the first, 0 = Monday. */
  readonly weekday: number;
  /** Begin of each day and, last, the end of the last one. */
  readonly midnights: readonly Instant[];
};

/** Reads the zone's rules once for all who live in it; what they resolve is arithmetic except on days when clocks change. */
export const zoneDays = (zone: string, span: CalendarSpan): ZoneDays => {
  const date = (at: Instant) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const first = date(span.from);
  const count = date(span.to).since(first, { largestUnit: 'days' }).days + 1;
  const midnights = Array.from(
    { length: count + 1 },
    (_, index) => first.add({ days: index }).toZonedDateTime(zone).epochMilliseconds,
  );
  return { zone, first: first.toString(), weekday: first.dayOfWeek - 1, midnights };
};

/**
 * When somebody works, as UTC intervals: the weekly hours in their zone, less days off, for every local day of `days`. Where
 * clocks go forward a time that does not exist counts from the change on, where they go back the earlier of the two counts:
 * blocks that touch never leave a gap between them. Linear in days and blocks.
 */
export const resolveCalendar = (days: ZoneDays, hours: WeeklyHours, daysOff: DaysOff): Calendar => {
  const open: Interval[] = [];
  const worked: LocalDay[] = [];
  const firstDay = Date.parse(`${days.first}T00:00:00Z`);
  for (let index = 0; index + 1 < days.midnights.length; index += 1) {
    const blocks = hours[(days.weekday + index) % 7] as readonly Block[];
    if (blocks.length === 0) continue;
    const [begin, end] = [days.midnights[index] as Instant, days.midnights[index + 1] as Instant];
    const date = new Date(firstDay + index * DAY_MS).toISOString().slice(0, 10);
    const before = open.length;
    for (const block of without(blocks, daysOff.get(date) ?? [])) {
      const from = instantOf(days.zone, date, begin, end, block.from);
      const to = instantOf(days.zone, date, begin, end, block.to);
      const last = open.at(-1);
      if (to <= from) continue;
      if (last !== undefined && open.length > before && last.to === from)
        open[open.length - 1] = { from: last.from, to };
      else open.push({ from, to });
    }
    if (open.length > before) worked.push(localDay(days.zone, begin, end));
  }
  return { kind: 'intervals', open, days: worked };
};

/** A local day with the instant in which its clocks change, where they do, so that the same local time is found on it. */
const localDay = (zone: string, from: Instant, to: Instant): LocalDay => {
  const by = DAY_MS - (to - from);
  if (by === 0) return { from, to };
  const before = Temporal.Instant.fromEpochMilliseconds(from - 1).toZonedDateTimeISO(zone);
  const at = before.getTimeZoneTransition('next')?.epochMilliseconds;
  return at === undefined || at >= to ? { from, to } : { from, to, jump: { at, by } };
};

/** The blocks less what is off of them. */
const without = (blocks: readonly Block[], off: readonly Block[]): readonly Block[] =>
  off.reduce<readonly Block[]>(
    (left, gap) =>
      left.flatMap((block) =>
        [
          { from: block.from, to: Math.min(block.to, gap.from) },
          { from: Math.max(block.from, gap.to), to: block.to },
        ].filter(({ from, to }) => from < to),
      ),
    blocks,
  );

const instantOf = (zone: string, date: string, begin: Instant, end: Instant, minute: number): Instant => {
  if (minute === 1_440) return end;
  if (end - begin === DAY_MS) return begin + minute * MINUTE_MS;
  const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
  const at = Temporal.PlainDate.from(date)
    .toPlainDateTime(time)
    .toZonedDateTime(zone, { disambiguation: 'compatible' });
  return Math.min(Math.max(at.epochMilliseconds, begin), end);
};
