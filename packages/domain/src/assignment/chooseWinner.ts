import type { Standing } from './assignment.ts';
import { type Candidate, CREDIT_MAX, LEAD } from './shares.ts';

/**
 * The index of the candidate whose turn it is, after all accrued: if someone is owed a full lead, or nobody has credit,
 * the largest credit; else, of those with credit, the one whose credit would reach a lead earliest. Ties: longest since
 * they last won, then the lower id. Candidates are in id order. Linear.
 */
export const chooseWinner = (
  candidates: readonly Candidate[],
  credits: readonly number[],
  standings: readonly Standing[],
): number => {
  let largest = 0;
  let anyCredit = false;
  for (let i = 0; i < credits.length; i++) {
    const credit = credits[i] as number;
    if (credit > CREDIT_MAX || credit < -CREDIT_MAX) throw new Error(`credit ${credit} of a rep is out of bounds`);
    if (credit > 0) anyCredit = true;
    const lead = credit - (credits[largest] as number);
    if (lead > 0 || (lead === 0 && isWaitingLonger(standings, i, largest))) largest = i;
  }
  if (!anyCredit || (credits[largest] as number) >= LEAD) return largest;
  let earliest = -1;
  for (let i = 0; i < credits.length; i++) {
    const credit = credits[i] as number;
    if (credit <= 0) continue;
    if (earliest === -1) {
      earliest = i;
      continue;
    }
    // (LEAD - credit_i) / w_i < (LEAD - credit_e) / w_e, multiplied out: both below 1e15.
    const mine = (LEAD - credit) * (candidates[earliest] as Candidate).weight;
    const best = (LEAD - (credits[earliest] as number)) * (candidates[i] as Candidate).weight;
    if (mine < best || (mine === best && isWaitingLonger(standings, i, earliest))) earliest = i;
  }
  return earliest;
};

const isWaitingLonger = (standings: readonly Standing[], one: number, other: number): boolean =>
  (standings[one] as Standing).lastWon < (standings[other] as Standing).lastWon;
