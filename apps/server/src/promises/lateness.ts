/** Upper bounds of the buckets, in seconds: a second is what the timer promises, an hour is an outage. */
const BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 5, 60, 3_600] as const;

/** How late the clocks fired that this node fired, since it started. */
export type Lateness = {
  readonly add: (latenessMs: number) => void;
  readonly read: () => { readonly bounds: readonly number[]; readonly counts: readonly number[]; readonly sum: number };
};

/** Begins counting. `counts` has one more than `bounds`, for what was later than all. */
export const countLateness = (): Lateness => {
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  let sum = 0;
  return {
    add: (latenessMs) => {
      const seconds = latenessMs / 1_000;
      const index = BOUNDS.findIndex((bound) => seconds <= bound);
      const at = index < 0 ? BOUNDS.length : index;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += seconds;
    },
    read: () => ({ bounds: BOUNDS, counts: [...counts], sum }),
  };
};
