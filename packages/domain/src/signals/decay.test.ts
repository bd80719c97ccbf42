import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../kernel/time.ts';
import { decayed, SIGNAL_POINTS_MAX } from './decay.ts';
import { DECAY_TABLE } from './decayTable.ts';

const milli = fc.integer({ min: 0, max: SIGNAL_POINTS_MAX * 1000 });
const age = fc.integer({ min: 0, max: 3_650 * DAY_MS });
const halfLife = fc.integer({ min: 1, max: 3_650 * DAY_MS });

describe('decay', () => {
  test('every table entry is 2^30 * 2^(-i/1024) to the nearest integer, by exact integers', () => {
    expect(DECAY_TABLE).toHaveLength(1024);
    for (let i = 0; i < 1024; i += 37) {
      const entry = BigInt(DECAY_TABLE[i] as number);
      const exact = 1n << BigInt(31 * 1024 - i); // (2 * 2^30 * 2^(-i/1024)) ^ 1024
      expect((2n * entry - 1n) ** 1024n <= exact && exact <= (2n * entry + 1n) ** 1024n).toBe(true);
    }
  });

  test('the table falls, from one to just above a half', () => {
    for (let i = 1; i < 1024; i += 1) expect(DECAY_TABLE[i]).toBeLessThan(DECAY_TABLE[i - 1] as number);
    expect(DECAY_TABLE[0]).toBe(2 ** 30);
    expect(DECAY_TABLE[1023]).toBeGreaterThan(2 ** 29);
  });

  test('exactly half is left after each half-life', () => {
    fc.assert(
      fc.property(milli, halfLife, fc.integer({ min: 0, max: 45 }), (points, half, times) => {
        expect(decayed(points, half * times, half)).toBe(Math.floor(points / 2 ** times));
      }),
    );
  });

  test('older never counts more, and what is left is a whole number between nothing and all', () => {
    fc.assert(
      fc.property(milli, age, age, halfLife, (points, one, other, half) => {
        const [younger, older] = one < other ? [one, other] : [other, one];
        const left = decayed(points, younger, half);
        expect(left).toBeGreaterThanOrEqual(decayed(points, older, half));
        expect(Number.isSafeInteger(left) && left >= 0 && left <= points).toBe(true);
      }),
    );
  });

  test('it agrees with exact arithmetic', () => {
    fc.assert(
      fc.property(milli, age, halfLife, (points, ms, half) => {
        const halfLives = BigInt(ms) / BigInt(half);
        const step = ((BigInt(ms) % BigInt(half)) * 1024n) / BigInt(half);
        const exact = (BigInt(points) * BigInt(DECAY_TABLE[Number(step)] as number)) >> (30n + halfLives);
        expect(decayed(points, ms, half)).toBe(Number(exact));
      }),
    );
  });
});
