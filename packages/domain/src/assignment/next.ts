import type { AssignmentTrace } from '../handoff/trace.ts';
import type { RepId } from '../kernel/ids.ts';
import {
  type Exclusion,
  LEAD_CREDITS,
  type Ledger,
  type LedgerStep,
  type People,
  type RepLoad,
  type TeamMember,
} from './assignment.ts';
import { type Asked, findEligible } from './eligibility.ts';
import { applyStep, assignLead, balanceOf } from './ledger.ts';

/** Whose turn one of the next leads would be, and why; null: nobody could take it. */
export type NextLead = {
  readonly repId: RepId | null;
  readonly say: string;
  readonly excluded: readonly Exclusion[];
  /** Every other member who could have taken it, with why it was not theirs: how far behind they are. */
  readonly behind: readonly { readonly repId: RepId; readonly say: string }[];
};

/**
 * Plays the next `count` leads of a team on a copy: who would have them if all came at `asked.now` and nobody declined. Each
 * one fills the winner's caps, so that a full rep drops out on the way. Takes no turn. Linear in count times team.
 */
export const simulateNext = (
  ledger: Ledger,
  members: readonly TeamMember[],
  people: Pick<People, 'reps'>,
  loads: ReadonlyMap<RepId, RepLoad>,
  count: number,
  asked: Asked,
): readonly NextLead[] => {
  const next: NextLead[] = [];
  const filling = new Map(loads);
  let played = ledger;
  for (let i = 0; i < count; i++) {
    const { eligible, excluded } = findEligible(members, people, filling, { declinedBy: [] }, asked);
    const step = assignLead(played, eligible, excluded, asked.now);
    if (step === null || step.winner === null) {
      const say = 'nobody could take it: it goes where the route says then, at last to the fallback queue';
      next.push({ repId: null, say, excluded, behind: [] });
      continue;
    }
    const behind = eligible.flatMap(({ repId }) => {
      const why = whyNotMe(step, repId, people);
      return why === null ? [] : [{ repId, say: why }];
    });
    next.push({ repId: step.winner, say: sayTurn(step, people), excluded, behind });
    played = applyStep(played, step);
    const load = filling.get(step.winner);
    if (load !== undefined)
      filling.set(step.winner, { today: load.today + 1, thisWeek: load.thisWeek + 1, open: load.open + 1 });
  }
  return next;
};

/** Why the winner of a step won it. */
export const sayTurn = (step: LedgerStep, people: Pick<People, 'reps'>): string => {
  const line = step.lines.find(({ repId }) => repId === step.winner);
  const name = nameOf(people, step.winner);
  if (line === undefined) return `${name} was given it`;
  const credit = line.before + line.accrued;
  return credit >= LEAD_CREDITS
    ? `${name} was owed a whole lead`
    : `${name} would have been owed a whole lead first, at ${sayCredit(credit)}`;
};

/**
 * “Why not me”: why a rep did not get a decided lead, by the ledger's step or by the whole trace of its assignment (which
 * also knows the teams that were looked in, and leads that went past the turns). Null for the winner of a turn. Whoever
 * has the lead by another way than a turn is not named by a trace: ask only for others.
 */
export const whyNotMe = (
  decided: LedgerStep | AssignmentTrace,
  repId: RepId,
  people: Pick<People, 'reps'>,
): string | null => ('lines' in decided ? whyNotInStep(decided, repId, people) : whyNotInTrace(decided, repId, people));

const whyNotInTrace = (trace: AssignmentTrace, repId: RepId, people: Pick<People, 'reps'>): string | null => {
  const excluded = [...(trace.nobody ?? []), ...(trace.step === null ? [] : [trace.step])]
    .flatMap((one) => one.excluded)
    .find((one) => one.repId === repId);
  if (excluded !== undefined) return `not eligible: ${excluded.say}`;
  return trace.step?.kind === 'assigned'
    ? whyNotInStep(trace.step, repId, people)
    : `it was nobody’s turn: ${trace.say}`;
};

const whyNotInStep = (step: LedgerStep, repId: RepId, people: Pick<People, 'reps'>): string | null => {
  if (step.winner === repId) return null;
  const excluded = step.excluded.find((one) => one.repId === repId);
  if (excluded !== undefined) return `not eligible: ${excluded.say}`;
  const mine = step.lines.find((line) => line.repId === repId);
  const theirs = step.lines.find((line) => line.repId === step.winner);
  if (mine === undefined) return 'not a member of the team at that time';
  if (theirs === undefined || step.kind === 'forced')
    return `eligible, but ${nameOf(people, step.winner)} was given it without a turn`;
  const behind = theirs.before + theirs.accrued - (mine.before + mine.accrued);
  return behind > 0n
    ? `eligible, and behind by ${sayCredit(behind)}`
    : `eligible, but ${nameOf(people, step.winner)}’s larger weight or longer wait came first`;
};

/** Where a rep stands in a ledger, for the rep's page. */
export const sayBalance = (ledger: Ledger, repId: RepId): string => {
  const balance = balanceOf(ledger, repId);
  if (balance === 0n) return 'on par';
  return balance > 0n ? `${sayCredit(balance)} owed to you` : `${sayCredit(-balance)} ahead of your share`;
};

/** A credit in leads with two decimals, rounded down, in whole arithmetic: `0.33 leads`. */
export const sayCredit = (credit: bigint): string => {
  const sign = credit < 0n ? '-' : '';
  const hundredths = ((credit < 0n ? -credit : credit) * 100n) / LEAD_CREDITS;
  return `${sign}${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} leads`;
};

const nameOf = (people: Pick<People, 'reps'>, repId: RepId | null): string =>
  repId === null ? 'nobody' : (people.reps.get(repId)?.name ?? `rep ${repId}`);
