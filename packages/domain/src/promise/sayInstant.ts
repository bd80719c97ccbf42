import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../kernel/time.ts';

/** An instant for people, to the minute: `2026-11-23 15:04 UTC`. Years 1970 and later. */
export const sayInstant = (at: Instant): string => {
  const days = Math.floor(at / DAY_MS);
  const rest = at - days * DAY_MS;
  const { year, month, day } = civilOf(days);
  const hour = Math.floor(rest / HOUR_MS);
  const minute = Math.floor((rest % HOUR_MS) / MINUTE_MS);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} UTC`;
};

/** The Gregorian date of a number of days since 1970-01-01, by 400-year eras that begin on 1 March. */
const civilOf = (days: number): { year: number; month: number; day: number } => {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
};

const two = (value: number): string => String(value).padStart(2, '0');
