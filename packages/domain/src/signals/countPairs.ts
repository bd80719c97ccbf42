import type { DurationMs, Instant } from '../kernel/time.ts';
import { decayed } from './decay.ts';
import type { SignalPair, SignalSet } from './signal.ts';

/** Only pairs later than `since` and not later than `now` count; a later one is noted, since time alone will make it count. */
export type Span = { readonly now: Instant; readonly since: number; nextAt: number };

/** Index of the first pair that is not in the future; a set is latest first, so what counts is one run. Linear. */
export const firstCounted = (set: SignalSet, span: Span): number => {
  let start = 0;
  while (start < set.length) {
    const at = (set[start] as SignalPair)[0];
    if (at <= span.now) break;
    if (at < span.nextAt) span.nextAt = at;
    start += 1;
  }
  return start;
};

/** Index after the last pair that counts; `withinMs` cuts off what is older. Linear. */
export const endCounted = (set: SignalSet, start: number, span: Span, withinMs: DurationMs | null): number => {
  const oldest = withinMs === null ? -Infinity : span.now - withinMs;
  let end = start;
  while (end < set.length) {
    const at = (set[end] as SignalPair)[0];
    if (at < oldest || at <= span.since) break;
    end += 1;
  }
  return end;
};

/**
 * A signal's points in thousandths: each counted pair's decayed points, up to the cap; negative points don't fade.
 * Linear in the pairs.
 */
export const milliPointsOf = (
  set: SignalSet,
  start: number,
  end: number,
  milliPoints: number,
  milliCap: number,
  halfLifeMs: DurationMs | null,
  now: Instant,
): number => {
  if (milliPoints < 0) return Math.max(milliPoints * (end - start), milliCap);
  if (halfLifeMs === null) return Math.min(milliPoints * (end - start), milliCap);
  let sum = 0;
  for (let index = start; index < end && sum < milliCap; index += 1)
    sum += decayed(milliPoints, now - (set[index] as SignalPair)[0], halfLifeMs);
  return Math.min(sum, milliCap);
};
