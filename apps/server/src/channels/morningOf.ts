import type { Instant } from '@baton/domain/kernel/time.ts';
import { Temporal } from 'temporal-polyfill';

const MORNING = { hour: 9, minute: 0 };

/** Nine in the morning of a day (`2026-11-24`) in a time zone; null for what is no day. */
export const morningOf = (day: string, timeZone: string): Instant | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: MORNING }).epochMilliseconds;
  } catch {
    return null;
  }
};

/** The day after an instant's day in a time zone, as `2026-11-24`. */
export const dayAfter = (at: Instant, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 }).toString();
