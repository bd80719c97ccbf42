/**
 * The credit ledger of one team and intent: steps that say who gets a lead and what it moves, and the fold that applies
 * them. Pure; the shell keeps the steps and holds the lock. See shares.ts for why the inner arithmetic is exact.
 */
import type { RepId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import {
  type Exclusion,
  LEAD_CREDITS,
  type Ledger,
  type LedgerKey,
  type LedgerLine,
  type LedgerStep,
  type Standing,
} from './assignment.ts';
import { chooseWinner } from './chooseWinner.ts';
import { byRepId, type Candidate, makeExactly, shareByWeight, shareOut } from './shares.ts';

/** A ledger nobody has drawn on: everybody stands at 0, which is also where a newcomer joins. */
export const emptyLedger = (key: LedgerKey): Ledger => ({ key, seq: 0, standings: [] });

/** What a rep is owed (positive) or owes, in micro-credits. Linear in the team. */
export const balanceOf = (ledger: Ledger, repId: RepId): bigint =>
  ledger.standings.find((standing) => standing.repId === repId)?.balance ?? 0n;

/**
 * Gives one lead to one of the eligible: everyone accrues their share of it, the winner pays it. The step is trace and
 * accounting at once, and holds whoever was left out with the reason. Returns null where nobody is eligible. The order of
 * `eligible` has no say. Linear in the team (after a sort by id).
 */
export const assignLead = (
  ledger: Ledger,
  eligible: readonly Candidate[],
  excluded: readonly Exclusion[],
  at: Instant,
): LedgerStep | null => {
  if (eligible.length === 0) return null;
  const candidates = byRepId(eligible);
  const n = candidates.length;
  const standings = standingsOf(ledger, candidates);
  const shares = shareByWeight(candidates);
  const credits = new Array<number>(n);
  for (let i = 0; i < n; i++) credits[i] = Number((standings[i] as Standing).balance) + (shares[i] as number);
  const winner = chooseWinner(candidates, credits, standings);
  const lines = new Array<LedgerLine>(n);
  const exactly = makeExactly();
  for (let i = 0; i < n; i++) {
    const { repId, weight } = candidates[i] as Candidate;
    const before = (standings[i] as Standing).balance;
    const accrued = exactly(shares[i] as number);
    const earned = before + accrued;
    lines[i] = { repId, weight, before, accrued, after: i === winner ? earned - LEAD_CREDITS : earned };
  }
  const { repId } = candidates[winner] as Candidate;
  return { key: ledger.key, seq: ledger.seq + 1, kind: 'assigned', at, winner: repId, lines, excluded };
};

/**
 * Records that `winner` got a lead without a turn (company owner, contact owner, by hand) and charges the team for it:
 * the eligible accrue what the winner pays, which is a lead or what is left of it above minus one lead. The rest is
 * recorded as uncharged. A winner who is not one of the eligible pays nothing.
 */
export const forceLead = (
  ledger: Ledger,
  winner: RepId,
  eligible: readonly Candidate[],
  excluded: readonly Exclusion[],
  at: Instant,
): LedgerStep => {
  const candidates = byRepId(eligible);
  const room = balanceOf(ledger, winner) + LEAD_CREDITS;
  const isMember = candidates.some(({ repId }) => repId === winner);
  const charge = isMember ? clamp(room) : 0n;
  const shares = shareOut(charge, candidates);
  const lines = candidates.map(({ repId, weight }, i): LedgerLine => {
    const before = balanceOf(ledger, repId);
    const accrued = shares[i] as bigint;
    return { repId, weight, before, accrued, after: before + accrued - (repId === winner ? charge : 0n) };
  });
  const uncharged = LEAD_CREDITS - charge;
  return { key: ledger.key, seq: ledger.seq + 1, kind: 'forced', at, winner, lines, excluded, uncharged };
};

/** What a step moved, rep by rep: enough to undo it. */
export type Moved = readonly (readonly [repId: RepId, credits: number])[];

/** The movements of one step. They sum to zero. */
export const movedBy = (step: LedgerStep): Moved =>
  step.lines.map((line) => [line.repId, Number(line.after - line.before)] as const);

/**
 * Undoes one earlier step as if that lead had never been offered: each rep's movement is taken back, later winners are not
 * revisited. The part of a rep who has left since is shared by weight among `members`, the team as it is now; with nobody
 * left to inherit, the departed keep theirs, so that the sum stays zero.
 */
export const reverseStep = (
  ledger: Ledger,
  reversed: { readonly seq: number; readonly moved: Moved },
  members: readonly Candidate[],
  at: Instant,
): LedgerStep => {
  const present = byRepId(members);
  const weights = new Map(present.map((member) => [member.repId, member.weight]));
  const back = new Map<RepId, bigint>();
  let orphaned = 0n;
  for (const [repId, credits] of reversed.moved) {
    if (weights.has(repId) || present.length === 0) back.set(repId, -BigInt(credits));
    else orphaned -= BigInt(credits);
  }
  const inherited = shareOut(orphaned, present);
  for (const [i, { repId }] of present.entries()) {
    const share = inherited[i] as bigint;
    if (share !== 0n) back.set(repId, (back.get(repId) ?? 0n) + share);
  }
  return {
    key: ledger.key,
    seq: ledger.seq + 1,
    kind: 'reversed',
    at,
    winner: null,
    lines: linesOf(ledger, back, weights),
    excluded: [],
    reverses: reversed.seq,
  };
};

/**
 * A rep leaves the team: the balance, owed or owing, is shared out by weight among those who stay. Null where there is
 * nothing to share or nobody to share it with (a ledger of one stands at 0).
 */
export const leaveLedger = (
  ledger: Ledger,
  repId: RepId,
  staying: readonly Candidate[],
  at: Instant,
): LedgerStep | null => {
  const balance = balanceOf(ledger, repId);
  const heirs = byRepId(staying.filter((candidate) => candidate.repId !== repId));
  if (balance === 0n || heirs.length === 0) return null;
  const shares = shareOut(balance, heirs);
  const moved = new Map<RepId, bigint>(heirs.map((heir, i) => [heir.repId, shares[i] as bigint]));
  moved.set(repId, -balance);
  const weights = new Map(heirs.map((heir) => [heir.repId, heir.weight]));
  const lines = linesOf(ledger, moved, weights);
  return { key: ledger.key, seq: ledger.seq + 1, kind: 'left', at, winner: null, lines, excluded: [] };
};

/** The most that is granted for one absence, in micro-credits: two leads, so that nobody comes back to a flood. */
export const CATCH_UP_MAX = 2n * LEAD_CREDITS;

/**
 * What a rep would have accrued at this weight from steps that left them out; at most `CATCH_UP_MAX`. `missed` are the
 * steps of the absence: those whose `excluded` names the rep with the code of an absence. Linear in their lines.
 */
export const missedCredit = (missed: Iterable<LedgerStep>, weight: number): bigint => {
  let credit = 0n;
  for (const { kind, lines } of missed) {
    if (kind !== 'assigned') continue;
    const others = lines.reduce((sum, line) => sum + line.weight, 0);
    credit += (LEAD_CREDITS * BigInt(weight)) / BigInt(others + weight);
  }
  return credit < CATCH_UP_MAX ? credit : CATCH_UP_MAX;
};

/**
 * Catch-up: grants a rep credit for the time away, which the others bear by weight. An explicit step, zero-sum like all.
 * Null where there is nothing to grant or nobody to bear it.
 */
export const grantCatchUp = (
  ledger: Ledger,
  repId: RepId,
  credit: bigint,
  others: readonly Candidate[],
  at: Instant,
): LedgerStep | null => {
  const bearers = byRepId(others.filter((candidate) => candidate.repId !== repId));
  if (credit <= 0n || bearers.length === 0) return null;
  const shares = shareOut(-credit, bearers);
  const moved = new Map(bearers.map((bearer, i) => [bearer.repId, shares[i] as bigint]));
  moved.set(repId, credit);
  const lines = linesOf(ledger, moved, new Map(bearers.map((bearer) => [bearer.repId, bearer.weight])));
  return { key: ledger.key, seq: ledger.seq + 1, kind: 'granted', at, winner: null, lines, excluded: [] };
};

/**
 * The ledger after one more step: the only way that balances change, live and in replay. Throws where the step does not
 * follow on the ledger: that is our bug, and no balance may come of it. Linear in the team.
 */
export const applyStep = (ledger: Ledger, step: LedgerStep): Ledger => {
  if (step.key !== ledger.key || step.seq !== ledger.seq + 1)
    throw new Error(`ledger ${ledger.key} at step ${ledger.seq} can't take step ${step.seq} of ${step.key}`);
  const { lines, seq, winner } = step;
  const old = ledger.standings;
  const standings: Standing[] = [];
  let i = 0;
  for (const line of lines) {
    while (i < old.length && (old[i] as Standing).repId < line.repId) standings.push(old[i++] as Standing);
    const known = i < old.length && (old[i] as Standing).repId === line.repId ? (old[i++] as Standing) : null;
    if ((known?.balance ?? 0n) !== line.before)
      throw new Error(`ledger ${ledger.key}: step ${seq} does not begin where rep ${line.repId} stands`);
    const lastWon = line.repId === winner ? seq : (known?.lastWon ?? 0);
    standings.push({ repId: line.repId, balance: line.after, lastWon });
  }
  while (i < old.length) standings.push(old[i++] as Standing);
  return { key: ledger.key, seq, standings };
};

/** Folds steps, in order, from zero: gives the live ledger bit for bit. */
export const foldLedger = (key: LedgerKey, steps: Iterable<LedgerStep>): Ledger => {
  let ledger = emptyLedger(key);
  for (const step of steps) ledger = applyStep(ledger, step);
  return ledger;
};

const clamp = (room: bigint): bigint => {
  if (room <= 0n) return 0n;
  return room < LEAD_CREDITS ? room : LEAD_CREDITS;
};

/** Where each candidate stands; both lists ascend by id. */
const standingsOf = (ledger: Ledger, candidates: readonly Candidate[]): readonly Standing[] => {
  const { standings } = ledger;
  const found = new Array<Standing>(candidates.length);
  let next = 0;
  for (let i = 0; i < candidates.length; i++) {
    const { repId } = candidates[i] as Candidate;
    while (next < standings.length && (standings[next] as Standing).repId < repId) next++;
    const standing = standings[next];
    found[i] = standing?.repId === repId ? standing : { repId, balance: 0n, lastWon: 0 };
  }
  return found;
};

const linesOf = (
  ledger: Ledger,
  moved: ReadonlyMap<RepId, bigint>,
  weights: ReadonlyMap<RepId, number>,
): readonly LedgerLine[] =>
  [...moved]
    .sort(([a], [b]) => a - b)
    .map(([repId, accrued]) => {
      const before = balanceOf(ledger, repId);
      return { repId, weight: weights.get(repId) ?? 0, before, accrued, after: before + accrued };
    });
