/**
 * Public holidays by country and region. The rules are read only when somebody's calendar names them: they are large, and
 * most commands need none.
 */
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Block } from './weeklyHours.ts';

/** Which local days are not worked though the week says so, and which are though they are holidays. */
export type HolidaySettings = {
  /** `DE`, `DE-BY`: country, or country and region as ISO 3166-2 writes them; null: no public holidays. */
  readonly of: string | null;
  /** Days off of the company's own, as `2026-12-24`. */
  readonly closed: readonly string[];
  /** Public holidays on which people work all the same. */
  readonly worked: readonly string[];
};

export const NO_HOLIDAYS: HolidaySettings = { of: null, closed: [], worked: [] };

/** The part of each local day (`2026-12-25`) that is not worked; absent: all of it is. */
export type DaysOff = ReadonlyMap<string, readonly Block[]>;

const WHOLE_DAY: readonly Block[] = [{ from: 0, to: 1_440 }];
const PLACE = /^[A-Z]{2}(?:-[A-Z0-9]{1,3}){0,2}$/;
const DATES_MAX = 400;
const HOUR_MS = 3_600_000;

const load = async () => (await import('date-holidays')).default;

/** The rules' version, for the record of how calendars were resolved. */
export const HOLIDAY_RULES = 'date-holidays 3.37.0';

/** The place in its one spelling, or what is wrong with it. */
export const readPlace = async (text: string): Promise<Result<string, string>> => {
  const place = text.trim().toUpperCase();
  if (!PLACE.test(place)) return err(`"${text}" is no country: write DE, or DE-BY for a region of it`);
  const Holidays = await load();
  const known = new Holidays();
  const [country = '', state, region] = place.split('-');
  if (!(country in known.getCountries())) return err(`no public holidays are known of the country "${country}"`);
  if (state !== undefined && !(state in (known.getStates(country) ?? {})))
    return err(
      `no region "${state}" is known of ${country}: ${Object.keys(known.getStates(country) ?? {}).join(', ') || 'it has none'}`,
    );
  if (region !== undefined && !(region in (known.getRegions(country, state ?? '') ?? {})))
    return err(`no region "${region}" is known of ${country}-${state}`);
  return ok(place);
};

/** The dates in order and once each, or what is wrong with them. */
export const readDates = (dates: readonly string[]): Result<readonly string[], string> => {
  if (dates.length > DATES_MAX) return err(`more than ${DATES_MAX} dates`);
  for (const date of dates) {
    const at = Date.parse(`${date}T00:00:00Z`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date)
      return err(`"${date}" is no date: write it as 2026-12-24`);
  }
  return ok([...new Set(dates)].sort());
};

/**
 * What is not worked in these years (both included). A holiday of a few hours takes only those, one of several days all of
 * them. Throws where `of` is no place that `readPlace` accepts.
 */
export const findDaysOff = async (settings: HolidaySettings, from: number, to: number): Promise<DaysOff> => {
  const off = new Map<string, readonly Block[]>();
  if (settings.of !== null) {
    const Holidays = await load();
    const [country = '', state = '', region = ''] = settings.of.split('-');
    const rules = new Holidays(country, state, region, { types: ['public'] });
    for (let year = from; year <= to; year += 1)
      for (const { date, start, end } of rules.getHolidays(year))
        for (const [day, block] of daysOf(date, end.getTime() - start.getTime()))
          off.set(day, [...(off.get(day) ?? []), block]);
  }
  for (const date of settings.closed) off.set(date, WHOLE_DAY);
  for (const date of settings.worked) off.delete(date);
  return off;
};

/** The local days of a holiday that begins at `date` (`2026-12-24 14:00:00`, local) and is `ms` long. */
const daysOf = (date: string, ms: number): readonly (readonly [string, Block])[] => {
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const minute = Number(date.slice(11, 13)) * 60 + Number(date.slice(14, 16));
  if (minute > 0) return [[date.slice(0, 10), { from: minute, to: Math.min(1_440, minute + Math.ceil(ms / 60_000)) }]];
  // across a change of clocks a day has 23 or 25 hours
  const count = Math.max(1, Math.round(ms / (24 * HOUR_MS)));
  return Array.from({ length: count }, (_, index) => [
    new Date(first + index * 24 * HOUR_MS).toISOString().slice(0, 10),
    { from: 0, to: 1_440 },
  ]);
};
