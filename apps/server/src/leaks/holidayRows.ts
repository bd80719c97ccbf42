import type { Queryable } from '../database/queryable.ts';

const PLACES = `select distinct place from (
    select holidays::jsonb->>'of' as place from team union all select holidays::jsonb->>'of' from rep
  ) named where place is not null`;
/** The years around now in which something that is open can be due. */
const [YEARS_BACK, YEARS_AHEAD] = [1, 2];
const HOUR_MS = 3_600_000;

/**
 * The public holidays of every place that a calendar names, for the oracles: as JSON of `{place, at, hours}`, `at` the local
 * time of their begin. It asks the published rules themselves and shares nothing with how the engine reads them; how long
 * a day is and what falls into it is judged by the database.
 */
export const holidayRows = async (client: Queryable): Promise<string> => {
  const { rows } = await client.query<{ place: string; year: number }>(
    `select place, extract(year from instant_at(now_ms()))::int as year from (${PLACES}) places`,
  );
  const found: HolidayRow[] = [];
  for (const { place, year } of rows)
    for (let one = year - YEARS_BACK; one <= year + YEARS_AHEAD; one += 1)
      found.push(...(await holidaysOf(place, one)));
  return JSON.stringify(found);
};

type HolidayRow = { readonly place: string; readonly at: string; readonly hours: number };

/** A year of a place never changes while a process runs. */
const kept = new Map<string, readonly HolidayRow[]>();

const holidaysOf = async (place: string, year: number): Promise<readonly HolidayRow[]> => {
  const key = `${place} ${year}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const { default: Holidays } = await import('date-holidays');
  const [country = '', state = '', region = ''] = place.split('-');
  const rows = new Holidays(country, state, region)
    .getHolidays(year)
    .filter(({ type }) => type === 'public')
    .map(({ date, start, end }) => {
      return { place, at: date.slice(0, 19), hours: Math.round((end.getTime() - start.getTime()) / HOUR_MS) };
    });
  kept.set(key, rows);
  return rows;
};
