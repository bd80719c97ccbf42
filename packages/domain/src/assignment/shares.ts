/**
 * How a lead's credit is divided. Inside, credits are Numbers that hold integers: a lead is 1e9, weights are integers up
 * to WEIGHT_MAX = 1e6, so every product (credit up to 1e9 times a weight) is at most 1e15, below 2^53 = 9.007e15: exact.
 * Balances are asserted to stay below CREDIT_MAX = 2^52 (4.5
 * million leads). Measured: three times the picks of bigint arithmetic. The public type is bigint all the same.
 */
import type { RepId } from '../kernel/ids.ts';
import { LEAD_CREDITS } from './assignment.ts';

/** One who may get this lead, and the weight: an integer, 1 to WEIGHT_MAX. */
export type Candidate = { readonly repId: RepId; readonly weight: number };

export const WEIGHT_MAX = 1_000_000;
export const CREDIT_MAX = 2 ** 52;
/** One lead as a Number, for the inner arithmetic. */
export const LEAD = Number(LEAD_CREDITS);

/** In id order, which is what makes the order of arrival of no account. Does not copy what is in order already. */
export const byRepId = (candidates: readonly Candidate[]): readonly Candidate[] => {
  for (let i = 1; i < candidates.length; i++)
    if ((candidates[i - 1] as Candidate).repId >= (candidates[i] as Candidate).repId)
      return [...candidates].sort((a, b) => a.repId - b.repId);
  return candidates;
};

/** Each one's share of one lead: floor(lead * weight / W), and the leftover units one each in id order. */
export const shareByWeight = (candidates: readonly Candidate[]): readonly number[] => {
  const n = candidates.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const { weight } = candidates[i] as Candidate;
    if (!Number.isInteger(weight) || weight < 1 || weight > WEIGHT_MAX)
      throw new Error(`weight ${weight} is not an integer from 1 to ${WEIGHT_MAX}`);
    total += weight;
  }
  const shares = new Array<number>(n);
  let given = 0;
  let share = 0;
  for (let i = 0; i < n; i++) {
    const { weight } = candidates[i] as Candidate;
    if (i === 0 || weight !== (candidates[i - 1] as Candidate).weight) {
      const product = LEAD * weight;
      share = Math.floor(product / total);
      // The division is rounded; one step sets it right, since product - share * total is exact.
      if (share * total > product) share--;
    }
    shares[i] = share;
    given += share;
  }
  for (let i = 0; given < LEAD; i++, given++) shares[i] = (shares[i] as number) + 1;
  return shares;
};

/** The same division for any amount, negative ones too (a debt is shared like a credit). The shares sum to the amount. */
export const shareOut = (amount: bigint, candidates: readonly Candidate[]): readonly bigint[] => {
  if (candidates.length === 0) return [];
  // Where nobody left has a weight, all inherit alike.
  const weighty = candidates.some(({ weight }) => weight > 0);
  const weights = candidates.map(({ weight }) => (weighty ? BigInt(weight) : 1n));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const sign = amount < 0n ? -1n : 1n;
  const size = amount * sign;
  const shares = weights.map((weight) => (size * weight) / total);
  let left = size - shares.reduce((sum, share) => sum + share, 0n);
  for (let i = 0; left > 0n; i++) {
    if ((weights[i] as bigint) === 0n) continue;
    shares[i] = (shares[i] as bigint) + 1n;
    left -= 1n;
  }
  return shares.map((share) => share * sign);
};

/**
 * Number to bigint for one team's shares, made once per distinct share: few weights differ, and making a bigint costs
 * more than all else that a line needs.
 */
export const makeExactly = (): ((share: number) => bigint) => {
  const shares: number[] = [];
  const exact: bigint[] = [];
  return (share) => {
    for (let i = 0; i < shares.length && i < 8; i++) if (shares[i] === share) return exact[i] as bigint;
    const made = BigInt(share);
    shares.push(share);
    exact.push(made);
    return made;
  };
};
