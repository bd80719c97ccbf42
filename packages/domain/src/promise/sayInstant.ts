import { civilFrom } from '../kernel/formatInstant.ts';
import type { Instant } from '../kernel/time.ts';

/** An instant for people, to the minute: `2026-11-23 15:04 UTC`. Years 1970 and later. */
export const sayInstant = (at: Instant): string => {
  const { year, month, day, hour, minute } = civilFrom(at);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} UTC`;
};

const two = (value: number): string => String(value).padStart(2, '0');
