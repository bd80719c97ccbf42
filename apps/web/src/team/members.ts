import type { Answer } from '@baton/contract/operation.ts';
import type { nextInTeam, TeamRow } from '@baton/contract/people.ts';
import type { z } from 'zod/mini';
import { creditText } from '../handoffs/detail/credit.ts';
import { type Availability, availabilityOf, type Rep } from './availability.ts';

export type Team = z.infer<typeof TeamRow>;
export type Turns = Answer<typeof nextInTeam>;

/** A member as a row of the table. */
export type Member = {
  readonly rep: Rep;
  readonly weight: number;
  readonly weightNow: number;
  readonly ramp: Team['members'][number]['ramp'];
  /** What they are promised of the team's leads, in whole percent; null where the team has no share at all. */
  readonly promised: number | null;
  /** Micro-credits. */
  readonly balance: bigint;
  readonly availability: Availability;
  readonly isNext: boolean;
};

/** The rows of a team, in the order of its members. A member whom the reps do not list yet is left out until they do. */
export const membersOf = (team: Team, reps: ReadonlyMap<number, Rep>, turns: Turns, now: number): readonly Member[] => {
  const standings = new Map(turns.standings.map((one) => [one.repId, one]));
  const first = turns.next[0];
  const total = turns.standings.reduce((sum, one) => sum + one.weightNow, 0);
  return team.members.flatMap(({ repId, weight, ramp }) => {
    const [rep, standing] = [reps.get(repId), standings.get(repId)];
    if (rep === undefined || standing === undefined) return [];
    const keptOut = first?.excluded.find((one) => one.repId === repId);
    return [
      {
        rep,
        weight,
        weightNow: standing.weightNow,
        ramp,
        promised: total === 0 ? null : Math.round((standing.weightNow * 100) / total),
        balance: BigInt(standing.balance),
        availability: availabilityOf(rep, { atWork: standing.atWork, keptOut }, now),
        isNext: first?.repId === repId,
      },
    ];
  });
};

/** Where a balance stands, as a sentence ends: `owed 0.33 leads`. */
export const standText = (balance: bigint): string => {
  const size = creditText(balance).slice(1);
  if (creditText(balance) === '0.00') return 'level with their share';
  return balance > 0n ? `owed ${size} leads` : `${size} leads ahead of their share`;
};
