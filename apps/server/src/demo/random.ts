/** A seeded source of chance (mulberry32): the same seed tells the same story on every machine. */
export type Random = {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(of: readonly [T, ...T[]] | readonly T[]) => T;
  /** One of `of`, as often as its weight says. */
  readonly weighted: <T>(of: readonly (readonly [value: T, weight: number])[]) => T;
};

/** A source of chance that begins at `seed`, an integer. */
export const makeRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(of: readonly T[]): T => of[whole(0, of.length - 1)] as T;
  const weighted = <T>(of: readonly (readonly [T, number])[]): T => {
    let left = next() * of.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of of) {
      left -= weight;
      if (left < 0) return value;
    }
    return of[of.length - 1]?.[0] as T;
  };
  return { next, whole, chance: (share) => next() < share, pick, weighted };
};
