import type { RepId } from '../kernel/ids.ts';
import type { Exclusion, ExclusionCode, People, Rep, RepLoad, TeamMember } from './assignment.ts';
import type { Candidate } from './shares.ts';

/** Who already said no to this very lead, or let its accept clock run out. */
export type Refusers = { readonly declinedBy: readonly RepId[]; readonly lapsedBy?: readonly RepId[] };

export type Eligibility = { readonly eligible: readonly Candidate[]; readonly excluded: readonly Exclusion[] };

type Case = {
  readonly member: TeamMember;
  readonly rep: Rep;
  readonly load: RepLoad | undefined;
  readonly refusers: Refusers;
};
type Test = {
  readonly code: ExclusionCode;
  readonly excludes: (it: Case) => boolean;
  readonly say: (it: Case) => string;
};

const reached = (cap: number | undefined, load: number | undefined): boolean =>
  cap !== undefined && load !== undefined && load >= cap;

/** Every reason to be left out, in the order in which it is told; the first that holds is the one that is kept. */
const TESTS: readonly Test[] = [
  { code: 'inactive', excludes: ({ rep }) => !rep.active, say: ({ rep }) => `${rep.name} is not active` },
  { code: 'not-selling', excludes: ({ rep }) => !rep.selling, say: ({ rep }) => `${rep.name} does not take leads` },
  {
    code: 'no-weight',
    excludes: ({ member }) => member.weight <= 0,
    say: ({ rep }) => `${rep.name} has no share in this team (weight 0)`,
  },
  {
    code: 'declined-this-lead',
    excludes: ({ rep, refusers }) => refusers.declinedBy.includes(rep.id),
    say: ({ rep }) => `${rep.name} declined this lead`,
  },
  {
    code: 'let-this-lead-lapse',
    excludes: ({ rep, refusers }) => refusers.lapsedBy?.includes(rep.id) ?? false,
    say: ({ rep }) => `${rep.name} did not accept this lead in time`,
  },
  {
    code: 'cap-day',
    excludes: ({ rep, load }) => reached(rep.caps.perDay, load?.today),
    say: ({ rep, load }) => `${rep.name} has had ${load?.today} of at most ${rep.caps.perDay} leads today`,
  },
  {
    code: 'cap-week',
    excludes: ({ rep, load }) => reached(rep.caps.perWeek, load?.thisWeek),
    say: ({ rep, load }) => `${rep.name} has had ${load?.thisWeek} of at most ${rep.caps.perWeek} leads this week`,
  },
  {
    code: 'cap-open',
    excludes: ({ rep, load }) => reached(rep.caps.open, load?.open),
    say: ({ rep, load }) => `${rep.name} has ${load?.open} of at most ${rep.caps.open} open leads`,
  },
];

/**
 * Divides a team's members into those who may get this lead and those who may not, each with a code to count and a
 * sentence to read. A member whom `people` does not know is inactive. Loads are needed only of reps with caps
 * (`hasCaps`). Linear in the team.
 */
export const findEligible = (
  members: readonly TeamMember[],
  people: Pick<People, 'reps'>,
  loads: ReadonlyMap<RepId, RepLoad>,
  refusers: Refusers,
): Eligibility => {
  const eligible: Candidate[] = [];
  const excluded: Exclusion[] = [];
  for (const member of members) {
    const rep = people.reps.get(member.repId);
    if (rep === undefined) {
      excluded.push({ repId: member.repId, code: 'inactive', say: `rep ${member.repId} is not known any more` });
      continue;
    }
    const it: Case = { member, rep, load: loads.get(rep.id), refusers };
    const reason = TESTS.find((test) => test.excludes(it));
    if (reason === undefined) eligible.push({ repId: rep.id, weight: member.weight });
    else excluded.push({ repId: rep.id, code: reason.code, say: reason.say(it) });
  }
  return { eligible, excluded };
};

/** True for a rep whose load must be known, under lock, before a lead is given. */
export const hasCaps = (rep: Rep): boolean =>
  rep.caps.perDay !== undefined || rep.caps.perWeek !== undefined || rep.caps.open !== undefined;

/** True for a colleague who can own a new lead. */
export const canOwn = (rep: Rep | undefined): rep is Rep & { readonly active: true } =>
  rep?.active === true && rep.selling;
