import type { LedgerKey } from '../../assignment/assignment.ts';
import { weightAt } from '../../assignment/availability.ts';
import type { Candidate } from '../../assignment/shares.ts';
import type { Draft } from '../draft.ts';

/** The members of a ledger's team who inherit what somebody who left had moved: active, with a weight. */
export const stayingIn = (draft: Draft, key: LedgerKey): readonly Candidate[] => {
  const { reps, teams } = draft.context.people;
  const members = teams.get(key.slice(0, key.indexOf('/')))?.members ?? [];
  return members
    .map((member) => ({ repId: member.repId, weight: weightAt(member, draft.context.now) }))
    .filter(({ repId, weight }) => weight > 0 && reps.get(repId)?.active === true);
};
