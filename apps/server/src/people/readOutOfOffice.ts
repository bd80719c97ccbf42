import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import ical, { type VEvent } from 'node-ical';
import { Temporal } from 'temporal-polyfill';
import { checkCalendarLines } from './checkCalendarLines.ts';

/** A span in which a calendar says that somebody is not there. */
export type OutOfOffice = { readonly from: Instant; readonly to: Instant };

const CHARS_MAX = 5_000_000;
const SPANS_MAX = 1_000;
const LONGEST_MS = 3 * 366 * DAY_MS;

/**
 * The spans of an out-of-office calendar (ICS) that touch `from` to `to`, ascending, those that touch or overlap as one.
 * Whole days are days of the rep's zone, and count also where the calendar calls them free, as holiday planners do; an
 * event of hours counts unless it is free. Cancelled ones don't. Recurring ones are followed within the span. What can't
 * be read is named with its line.
 */
export const readOutOfOffice = (
  text: string,
  zone: string | null,
  span: OutOfOffice,
): Result<readonly OutOfOffice[], string> => {
  if (text.length > CHARS_MAX) return err('the calendar is larger than 5 MB');
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text)) return err('this is no calendar file: it begins with BEGIN:VCALENDAR');
  const lines = checkCalendarLines(text);
  if (!lines.ok) return lines;
  let found: OutOfOffice[];
  try {
    const events = Object.values(ical.sync.parseICS(text)).filter((one): one is VEvent => one?.type === 'VEVENT');
    found = events.filter(counts).flatMap((event) => spansOf(event, zone ?? 'UTC', span));
  } catch (error) {
    return err(`the calendar can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const joined: { from: Instant; to: Instant }[] = [];
  for (const one of found.filter(({ from, to }) => from < to && to > span.from && from < span.to).sort(byBegin)) {
    const last = joined.at(-1);
    if (last !== undefined && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else joined.push({ ...one });
  }
  if (joined.some(({ from, to }) => to - from > LONGEST_MS))
    return err('the calendar has an absence of more than three years: switch the rep off instead');
  return joined.length > SPANS_MAX ? err(`the calendar has more than ${SPANS_MAX} absences ahead`) : ok(joined);
};

const byBegin = (one: OutOfOffice, other: OutOfOffice): number => one.from - other.from;

const isWholeDay = (event: VEvent): boolean => event.datetype === 'date';

const counts = (event: VEvent): boolean =>
  event.status !== 'CANCELLED' && (isWholeDay(event) || event.transparency !== 'TRANSPARENT');

const spansOf = (event: VEvent, zone: string, span: OutOfOffice): readonly OutOfOffice[] => {
  const each = event.rrule
    ? ical.expandRecurringEvent(event, { from: new Date(span.from), to: new Date(span.to), expandOngoing: true })
    : [event];
  return each.map(({ start, end }) => ({
    from: instantOf(start, isWholeDay(event), zone),
    to: instantOf(end ?? start, isWholeDay(event), zone),
  }));
};

/** Dates, and times that name no zone, come as the process's local time: what they say is taken in the rep's zone. */
const instantOf = (at: Date & { readonly tz?: string | undefined }, isDay: boolean, zone: string): Instant => {
  if (!isDay && at.tz !== undefined) return at.getTime();
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  const [hour, minute] = isDay ? [0, 0] : [at.getHours(), at.getMinutes()];
  return new Temporal.PlainDateTime(year, month, day, hour, minute).toZonedDateTime(zone).epochMilliseconds;
};
