/**
 * Resolved calendars of one process, shared by all whose settings are equal: a company of a thousand reps has a handful of
 * them. Settings, horizon and the data of zones and holidays say all about a calendar, so nothing here is ever stale.
 */
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Calendar } from '@baton/domain/promise/clock.ts';
import { findDaysOff, HOLIDAY_RULES, type HolidaySettings, NO_HOLIDAYS } from './publicHolidays.ts';
import { resolveCalendar, type ZoneDays, zoneDays } from './resolveCalendar.ts';
import { readHours } from './weeklyHours.ts';

/** When somebody works, as it is stored. */
export type StoredHours = { readonly zone: string; readonly hours: string; readonly holidays: string | null };

const DAY_MS = 86_400_000;
/** How far back a resolved calendar reaches: what still runs began then at the earliest, and reports look a month back. */
const DAYS_BACK = 35;
/** How far ahead: a year's promise and its holidays, and the days until the next look. */
const DAYS_AHEAD = 400;
const KEPT_MAX = 4_000;

/** By which data calendars were resolved, e.g. `tzdata 2026c, date-holidays 3.37.0`. */
export const zoneData = (): string => `tzdata ${process.versions.tz ?? 'of the system'}, ${HOLIDAY_RULES}`;

const zones = new Map<string, ZoneDays>();
const calendars = new Map<string, Calendar>();

/**
 * The calendar of these settings over the horizon around `now` (whole UTC days, so that all who ask on a day share it). The
 * first of a kind costs some 20 ms, every other nothing.
 */
export const calendarOf = async (stored: StoredHours, now: Instant): Promise<Calendar> => {
  const today = now - (now % DAY_MS);
  const key = `${today} ${stored.zone} ${stored.holidays ?? ''} ${stored.hours}`;
  const known = calendars.get(key);
  if (known !== undefined) return known;
  const hours = readHours(stored.hours);
  if (!hours.ok) throw new Error(`stored hours can't be read: ${hours.error}`);
  const span = { from: today - DAYS_BACK * DAY_MS, to: today + DAYS_AHEAD * DAY_MS };
  const days = remember(zones, `${today} ${stored.zone}`, () => zoneDays(stored.zone, span));
  const settings = stored.holidays === null ? NO_HOLIDAYS : (JSON.parse(stored.holidays) as HolidaySettings);
  const year = (at: Instant): number => new Date(at).getUTCFullYear();
  // a holiday of several days that begins at the end of a year reaches into the next
  const off = await findDaysOff(settings, year(span.from - 8 * DAY_MS), year(span.to + DAY_MS));
  return remember(calendars, key, () => resolveCalendar(days, hours.value, off));
};

/** The oldest is forgotten where there are too many: days go by. */
const remember = <T>(kept: Map<string, T>, key: string, make: () => T): T => {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  const oldest = kept.size > KEPT_MAX ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return made;
};
