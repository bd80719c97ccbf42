import type { DurationMs, Instant } from './time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** An instant's date and time of day in UTC; months from 1. */
export type CivilTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
};

/** Takes an instant apart, in UTC (Howard Hinnant's `civil_from_days`). Proleptic Gregorian, no leap seconds. Constant. */
export const civilFrom = (at: Instant): CivilTime => {
  const days = Math.floor(at / DAY_MS);
  const rest = at - days * DAY_MS;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
    hour: Math.floor(rest / HOUR_MS),
    minute: Math.floor((rest % HOUR_MS) / MINUTE_MS),
    second: Math.floor((rest % MINUTE_MS) / SECOND_MS),
    ms: rest % SECOND_MS,
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `14 Nov 2026`, in UTC. */
export const formatDate = (at: Instant): string => {
  const { year, month, day } = civilFrom(at);
  return `${day} ${MONTHS[month - 1]} ${year}`;
};

/** `14 Nov 2026, 10:20 UTC`; the year is left out where it is that of `now`. */
export const formatInstant = (at: Instant, now?: Instant): string => {
  const { year, month, day, hour, minute } = civilFrom(at);
  const sameYear = now !== undefined && civilFrom(now).year === year;
  return `${day} ${MONTHS[month - 1]}${sameYear ? '' : ` ${year}`}, ${two(hour)}:${two(minute)} UTC`;
};

const UNITS = [
  [DAY_MS, 'day'],
  [HOUR_MS, 'hour'],
  [MINUTE_MS, 'minute'],
  [SECOND_MS, 'second'],
  [1, 'millisecond'],
] as const;

/** `7 days`, `1 hour`, `90 minutes`: the largest unit that divides it. */
export const formatDuration = (ms: DurationMs): string => {
  const [size, unit] = UNITS.find(([length]) => ms % length === 0) ?? [1, 'millisecond'];
  const count = ms / size;
  return `${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}`;
};

/** `5,000`; decimals as they are. */
export const formatNumber = (value: number): string => {
  const [whole = '', decimals] = String(Math.abs(value)).split('.');
  const grouped = /^\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return `${value < 0 ? '-' : ''}${grouped}${decimals === undefined ? '' : `.${decimals}`}`;
};
