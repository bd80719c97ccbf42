/** One measured figure, set against what it must keep up with. Only `ratio` decides `ok`; absolute figures are for people. */
export type BenchRow = {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, and that one's own figure in the same run. */
  readonly against: string;
  /** Null where a figure is only stated. */
  readonly ratio: number | null;
  /** The limit of the ratio, e.g. `<= 3.5`; null where a figure is only stated. */
  readonly goal: string | null;
  readonly ok: boolean;
};

/** A benchmark: sets up what it needs, measures, cleans up. `note` tells people what is going on, on stderr. */
export type Bench = (note: (text: string) => void) => Promise<readonly BenchRow[]>;

/** A goal that a number must reach or stay below. */
export type Goal = { readonly sign: '<=' | '>='; readonly limit: number };
export const atMost = (limit: number): Goal => ({ sign: '<=', limit });
export const atLeast = (limit: number): Goal => ({ sign: '>=', limit });

/** Makes a row, judging its ratio. */
export const row = (
  measured: Omit<BenchRow, 'goal' | 'ok'> & { readonly ratio: number },
  { sign, limit }: Goal,
): BenchRow => ({
  ...measured,
  goal: `${sign} ${limit}`,
  ok: sign === '<=' ? measured.ratio <= limit : measured.ratio >= limit,
});

/** A figure without a limit. */
export const stated = (measured: Pick<BenchRow, 'bench' | 'value' | 'unit'>): BenchRow => ({
  ...measured,
  against: '-',
  ratio: null,
  goal: null,
  ok: true,
});
