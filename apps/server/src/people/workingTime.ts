import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Queryable } from '../database/queryable.ts';
import { calendarOf } from './calendars.ts';
import type { PeopleError } from './peopleError.ts';
import { type HolidaySettings, NO_HOLIDAYS, readDates, readPlace } from './publicHolidays.ts';
import { readZone } from './resolveCalendar.ts';
import { readHours, sayHours } from './weeklyHours.ts';

const YEAR_MS = 366 * 86_400_000;

/** When a rep or team works, as somebody says it: what is absent stays as it is, null takes it away. */
export type WorkingTimeChange = {
  readonly timeZone?: string | null;
  readonly hours?: string | null;
  /** Country or country and region: `DE`, `DE-BY`. */
  readonly holidays?: string | null;
  readonly closed?: readonly string[];
  readonly worked?: readonly string[];
};

/** As it is stored. */
export type WorkingTime = {
  readonly time_zone: string | null;
  readonly hours: string | null;
  readonly holidays: string | null;
};

/** As it is shown. */
export type ShownWorkingTime = {
  readonly timeZone: string | null;
  readonly hours: string | null;
  readonly holidays: string | null;
  readonly closed: readonly string[];
  readonly worked: readonly string[];
};

export const showWorkingTime = (stored: WorkingTime): ShownWorkingTime => {
  const settings = holidaysOf(stored);
  return {
    timeZone: stored.time_zone,
    hours: stored.hours,
    holidays: settings.of,
    closed: settings.closed,
    worked: settings.worked,
  };
};

const holidaysOf = ({ holidays }: WorkingTime): HolidaySettings =>
  holidays === null ? NO_HOLIDAYS : (JSON.parse(holidays) as HolidaySettings);

/** True where the change says anything about working time. */
export const touchesWorkingTime = (change: WorkingTimeChange): boolean =>
  (['timeZone', 'hours', 'holidays', 'closed', 'worked'] as const).some((name) => change[name] !== undefined);

/**
 * The working time as it is stored after a change, each part in its one spelling. Refused with a code: a zone, hours,
 * place or date that can't be read, hours without a zone, and hours that are never open within the coming year.
 */
export const changeWorkingTime = async (
  client: Queryable,
  before: WorkingTime,
  change: WorkingTimeChange,
): Promise<Result<WorkingTime, PeopleError>> => {
  const zone =
    typeof change.timeZone === 'string'
      ? readZone(change.timeZone)
      : ok(change.timeZone === null ? null : before.time_zone);
  if (!zone.ok) return err({ code: 'time-zone-invalid', say: `${zone.error}.` });
  const hours = readStoredHours(before, change);
  if (!hours.ok) return err({ code: 'hours-invalid', say: `${hours.error}.` });
  const holidays = await changeHolidays(holidaysOf(before), change);
  if (!holidays.ok) return err({ code: 'holidays-invalid', say: `${holidays.error}.` });
  if (hours.value !== null && zone.value === null)
    return err({ code: 'time-zone-needed', say: 'Hours need a time zone, e.g. Europe/Berlin.' });
  const time: WorkingTime = { time_zone: zone.value, hours: hours.value, holidays: holidays.value };
  if (time.time_zone !== null && time.hours !== null) {
    const { rows } = await client.query<{ now: number }>('select now_ms() as now');
    const now = rows[0]?.now ?? 0;
    const calendar = await calendarOf({ zone: time.time_zone, hours: time.hours, holidays: time.holidays }, now);
    if (calendar.kind === 'intervals' && !calendar.open.some(({ from, to }) => to > now && from < now + YEAR_MS))
      return err({
        code: 'calendar-always-closed',
        say: 'These hours and days off leave no working time in the coming year, so nothing would ever be due. Switch the rep off, or mark them away, instead.',
      });
  }
  return ok(time);
};

const readStoredHours = (before: WorkingTime, { hours }: WorkingTimeChange): Result<string | null, string> => {
  if (hours === undefined) return ok(before.hours);
  if (hours === null) return ok(null);
  const read = readHours(hours);
  return read.ok ? ok(sayHours(read.value)) : read;
};

const changeHolidays = async (
  before: HolidaySettings,
  { holidays, closed, worked }: WorkingTimeChange,
): Promise<Result<string | null, string>> => {
  const of = typeof holidays === 'string' ? await readPlace(holidays) : ok(holidays === null ? null : before.of);
  if (!of.ok) return of;
  const off = readDates(closed ?? before.closed);
  if (!off.ok) return off;
  const on = readDates(worked ?? before.worked);
  if (!on.ok) return on;
  const after: HolidaySettings = { of: of.value, closed: off.value, worked: on.value };
  return ok(after.of === null && after.closed.length + after.worked.length === 0 ? null : JSON.stringify(after));
};
