/** How long what is due outside is tried, and how often: the example schedule of Standard Webhooks. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@baton/domain/kernel/time.ts';

/** The waits after the first, second, ... failed attempt; after the last one it is given up. 75 h 35 min 5 s in all. */
const WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** A delivery that failed this long after its first attempt is given up. */
export const HORIZON_MS = 75 * HOUR_MS + 35 * MINUTE_MS;

const LONGEST_WAIT_MS = 24 * HOUR_MS;
/** Waits are up to a tenth longer, so that what failed together does not come back together. Never shorter. */
const JITTER = 0.1;

/**
 * How long to wait after attempt `attempt` (1 for the first) failed. `random` in [0, 1); `retryAfterMs`: what the
 * receiver asked for, honoured up to a day.
 */
export const waitAfter = (attempt: number, random: number, retryAfterMs = 0): number => {
  const wait = WAITS_MS[Math.min(attempt, WAITS_MS.length) - 1] ?? LONGEST_WAIT_MS;
  return Math.round(Math.max(wait, Math.min(retryAfterMs, LONGEST_WAIT_MS)) * (1 + random * JITTER));
};

const PATIENT_FAILURES = 3;
const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;

/** How long a whole destination is left alone after so many failures in a row. */
export const pauseAfter = (failures: number): number =>
  failures < PATIENT_FAILURES
    ? 0
    : Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - PATIENT_FAILURES, 20), LONGEST_PAUSE_MS);
