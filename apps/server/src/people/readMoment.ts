import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { Temporal } from 'temporal-polyfill';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads a day (`2026-12-24`: its first midnight in the zone, or as an end the midnight after it, so that the day is
 * included) or an instant (`2026-12-24T12:00:00+01:00`; without an offset it is a time of the zone).
 */
export const readMoment = (text: string, zone: string | null, edge: 'begin' | 'end'): Result<Instant, string> => {
  const trimmed = text.trim();
  try {
    if (DATE.test(trimmed)) {
      const day = Temporal.PlainDate.from(trimmed).add({ days: edge === 'end' ? 1 : 0 });
      return ok(day.toZonedDateTime(zone ?? 'UTC').epochMilliseconds);
    }
    if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(trimmed)) return ok(Temporal.Instant.from(trimmed).epochMilliseconds);
    return ok(Temporal.PlainDateTime.from(trimmed).toZonedDateTime(zone ?? 'UTC').epochMilliseconds);
  } catch {
    return err(`"${trimmed.slice(0, 40)}" is no day or instant: write 2026-12-24 or 2026-12-24T12:00:00+01:00`);
  }
};
