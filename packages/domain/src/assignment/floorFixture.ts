/** A sales floor for tests: a team with its ledger, on which reps come and go and time goes on. */
import { rep, START } from '../handoff/worldFixture.ts';
import { HOUR_MS } from '../kernel/time.ts';
import type { Absence, Ledger, LedgerStep, Rep, TeamMember } from './assignment.ts';
import { type Asked, findEligible, type Refusers } from './eligibility.ts';
import { applyStep, assignLead, emptyLedger, movedBy, reverseStep } from './ledger.ts';
import type { Candidate } from './shares.ts';

export const KEY = 'inbound/high' as const;
const NOBODY = { declinedBy: [] };
export const asked = (now: number, more: Partial<Asked> = {}): Asked => ({
  now,
  skills: [],
  inHours: false,
  teamCalendar: undefined,
  ...more,
});
export const sum = (ledger: Ledger): bigint => ledger.standings.reduce((total, one) => total + one.balance, 0n);

/** A team in which things happen. Time goes on by an hour with each lead. */
export class Floor {
  readonly reps: Map<number, Rep>;
  members: TeamMember[];
  ledger: Ledger = emptyLedger(KEY);
  readonly steps: LedgerStep[] = [];
  now = START;

  constructor(weights: readonly number[]) {
    this.reps = new Map(weights.map((_, i) => [i + 1, rep(i + 1, `Rep${i + 1}`)]));
    this.members = weights.map((weight, i) => ({ repId: i + 1, weight }));
  }

  eligible(more: Partial<Asked> = {}, refusers: Refusers = NOBODY) {
    return findEligible(this.members, { reps: this.reps }, new Map(), refusers, asked(this.now, more));
  }

  take(step: LedgerStep | null): LedgerStep | null {
    if (step === null) return null;
    this.ledger = applyStep(this.ledger, step);
    this.steps.push(step);
    return step;
  }

  /** One lead by turn; null: nobody could take it. */
  lead(more: Partial<Asked> = {}, refusers: Refusers = NOBODY): LedgerStep | null {
    this.now += HOUR_MS;
    const { eligible, excluded } = this.eligible(more, refusers);
    return this.take(assignLead(this.ledger, eligible, excluded, this.now));
  }

  undo(step: LedgerStep): void {
    this.take(reverseStep(this.ledger, { seq: step.seq, moved: movedBy(step) }, this.present(), this.now));
  }

  present(): readonly Candidate[] {
    return this.members.filter(({ repId, weight }) => weight > 0 && this.reps.get(repId)?.active === true);
  }

  away(repId: number, to: number | null, why: Absence['why'] = 'time-off'): void {
    this.reps.set(repId, { ...(this.reps.get(repId) as Rep), absences: [{ from: this.now, to, why }] });
  }

  back(repId: number): void {
    this.reps.set(repId, { ...(this.reps.get(repId) as Rep), absences: [] });
  }

  /** The steps at which the rep was away. */
  missedBy(repId: number): readonly LedgerStep[] {
    const whys: readonly string[] = ['away', 'time-off', 'out-of-office'];
    return this.steps.filter(({ excluded }) => excluded.some((one) => one.repId === repId && whys.includes(one.code)));
  }

  winners(count: number): readonly (number | null)[] {
    return Array.from({ length: count }, () => this.lead()?.winner ?? null);
  }
}
export const countOf = (winners: readonly (number | null)[], repId: number): number =>
  winners.filter((one) => one === repId).length;
