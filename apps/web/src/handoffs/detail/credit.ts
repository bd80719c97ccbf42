import type { LedgerStepTrace } from '@baton/contract/trace.ts';

const LEAD = 1_000_000_000n;
const MINUS = '−';

/** Micro-credits (decimal text or bigint) as leads with a sign and two decimals, rounded half away from zero: `+0.75`. */
export const creditText = (credits: bigint | string): string => {
  const value = BigInt(credits);
  const size = value < 0n ? -value : value;
  const hundredths = (size * 100n + LEAD / 2n) / LEAD;
  if (hundredths === 0n) return '0.00';
  return `${value < 0n ? MINUS : '+'}${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
};

/** Micro-credits as a part of a lead, for a bar's length only: -1 to 1. */
export const creditShare = (credits: bigint): number => Math.max(-1, Math.min(1, Number(credits) / Number(LEAD)));

export type CreditRow = {
  readonly repId: number;
  /** The balance with this lead shared out, before the winner paid; null for those who were not in the draw. */
  readonly balance: bigint | null;
  readonly role: 'winner' | 'eligible' | 'excluded';
  readonly say: string;
};

/** Everybody of the team for one step: the winner, those behind by how much, and those left out with the reason. */
export const creditRows = (step: LedgerStepTrace): readonly CreditRow[] => {
  const shared = step.lines.map((line) => ({ ...line, balance: BigInt(line.before) + BigInt(line.accrued) }));
  const winner = shared.find((line) => line.repId === step.winner);
  const rows = shared.map((line): CreditRow => {
    if (line.repId === step.winner) {
      const pays = creditText(line.balance - BigInt(line.after)).replace('+', '');
      return {
        repId: line.repId,
        balance: line.balance,
        role: 'winner',
        say: `Pays ${pays}, now ${creditText(line.after)}`,
      };
    }
    const behind = winner === undefined ? 0n : winner.balance - line.balance;
    const weight = winner === undefined || line.weight === winner.weight ? '' : `, at weight ${line.weight}`;
    const gap = creditText(behind).replace('+', '');
    const place =
      behind > 0n
        ? `Behind by ${gap === '0.00' ? 'less than 0.01' : gap}`
        : behind === 0n
          ? 'Level, but had one more recently'
          : 'Its own next lead is further off';
    return { repId: line.repId, balance: line.balance, role: 'eligible', say: `${place}${weight}` };
  });
  rows.sort(
    (a, b) =>
      Number(b.role === 'winner') - Number(a.role === 'winner') || Number((b.balance ?? 0n) - (a.balance ?? 0n)),
  );
  const left = step.excluded.map(
    (out): CreditRow => ({ repId: out.repId, balance: null, role: 'excluded', say: out.say }),
  );
  return [...rows, ...left];
};
