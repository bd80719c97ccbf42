import type { DurationMs } from '../kernel/time.ts';
import { DECAY_TABLE } from './decayTable.ts';

/** Steps per half-life. */
const STEPS = 1024;
const TABLE_SCALE = 2 ** 30;

/** After so many half-lives nothing is left: 2^-40 of a thousandth of any allowed number of points is below one. */
const HALF_LIVES_MAX = 40;

/** More points than this would leave exact integers: 2^53 / 2^30 in thousandths. */
export const SIGNAL_POINTS_MAX = 8_000;

/**
 * What is left of points after `ageMs`, in thousandths, rounded down; exactly half after each half-life. Whole numbers in
 * and out; `milliPoints` from 0 to 1000 * SIGNAL_POINTS_MAX. An age of zero or less leaves all. Constant.
 */
export const decayed = (milliPoints: number, ageMs: DurationMs, halfLifeMs: DurationMs): number => {
  if (ageMs <= 0) return milliPoints;
  const halfLives = Math.floor(ageMs / halfLifeMs);
  if (halfLives >= HALF_LIVES_MAX) return 0;
  // Both products stay below 2^53, and dividing by a power of two loses nothing before the floor.
  const step = Math.floor(((ageMs - halfLives * halfLifeMs) * STEPS) / halfLifeMs);
  return Math.floor((milliPoints * (DECAY_TABLE[step] as number)) / (TABLE_SCALE * 2 ** halfLives));
};
