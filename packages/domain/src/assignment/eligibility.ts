import type { RepId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Calendar } from '../promise/clock.ts';
import { sayInstant } from '../promise/sayInstant.ts';
import {
  ABSENCE_WHYS,
  type Absence,
  type AbsenceWhy,
  type Exclusion,
  type ExclusionCode,
  type People,
  type Rep,
  type RepLoad,
  type TeamMember,
} from './assignment.ts';
import { absenceAt, isOpenAt, weightAt } from './availability.ts';
import type { Candidate } from './shares.ts';

/** Who already said no to this very lead, let its accept clock run out, or passed it on. */
export type Refusers = {
  readonly declinedBy: readonly RepId[];
  readonly lapsedBy?: readonly RepId[];
  readonly passedBy?: readonly RepId[];
};

/** What a lead asks of whoever takes it. */
export type Asked = {
  readonly now: Instant;
  /** Skills that are all needed. */
  readonly skills: readonly string[];
  /** True: only who works right now. */
  readonly inHours: boolean;
  /** The team's own working time; absent: always. */
  readonly teamCalendar: Calendar | undefined;
};

export type Eligibility = { readonly eligible: readonly Candidate[]; readonly excluded: readonly Exclusion[] };

type Case = {
  readonly member: TeamMember;
  readonly weight: number;
  readonly rep: Rep;
  readonly load: RepLoad | undefined;
  readonly absence: Absence | null;
  readonly refusers: Refusers;
  readonly asked: Asked;
};
type Test = {
  readonly code: ExclusionCode;
  readonly excludes: (it: Case) => boolean;
  readonly say: (it: Case) => string;
};

const ABSENCE_SAYS: { readonly [why in AbsenceWhy]: string } = {
  away: 'is away',
  'time-off': 'has time off',
  'out-of-office': 'is out of office',
};

/** What keeps somebody, after their name: `is away until ...`. */
export const sayWhyAway = ({ why, to }: Absence): string =>
  `${ABSENCE_SAYS[why]}${to === null ? '' : ` until ${sayInstant(to)}`}`;

/** Why a rep is not there, as people read it. */
export const sayAbsence = (rep: Pick<Rep, 'name'>, absence: Absence): string => `${rep.name} ${sayWhyAway(absence)}`;

const missingSkills = ({ rep, asked }: Case): readonly string[] =>
  asked.skills.filter((skill) => !(rep.skills?.includes(skill) ?? false));

const reached = (cap: number | undefined, load: number | undefined): boolean =>
  cap !== undefined && load !== undefined && load >= cap;

/** Every reason to be left out, in the order in which it is told; the first that holds is the one that is kept. */
const TESTS: readonly Test[] = [
  { code: 'inactive', excludes: ({ rep }) => !rep.active, say: ({ rep }) => `${rep.name} is not active` },
  { code: 'not-selling', excludes: ({ rep }) => !rep.selling, say: ({ rep }) => `${rep.name} does not take leads` },
  {
    code: 'no-weight',
    excludes: ({ weight }) => weight <= 0,
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
    code: 'passed-this-lead-on',
    excludes: ({ rep, refusers }) => refusers.passedBy?.includes(rep.id) ?? false,
    say: ({ rep }) => `${rep.name} passed this lead on`,
  },
  {
    code: 'skill',
    excludes: (it) => it.asked.skills.length > 0 && missingSkills(it).length > 0,
    say: (it) => `${it.rep.name} does not have the skill ${missingSkills(it).join(', ')}`,
  },
  ...ABSENCE_WHYS.map(
    (why): Test => ({
      code: why,
      excludes: ({ absence }) => absence?.why === why,
      say: ({ rep, absence }) => sayAbsence(rep, absence as Absence),
    }),
  ),
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
  // The last, so that whoever is left out for it would have the lead if only it were open.
  {
    code: 'off-hours',
    excludes: ({ rep, asked }) =>
      asked.inHours && !(isOpenAt(asked.teamCalendar, asked.now) && isOpenAt(rep.calendar, asked.now)),
    say: ({ rep }) => `${rep.name} does not work at this hour`,
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
  asked: Asked,
): Eligibility => {
  const eligible: Candidate[] = [];
  const excluded: Exclusion[] = [];
  for (const member of members) {
    const rep = people.reps.get(member.repId);
    if (rep === undefined) {
      excluded.push({ repId: member.repId, code: 'inactive', say: `rep ${member.repId} is not known any more` });
      continue;
    }
    const absence = rep.absences === undefined ? null : absenceAt(rep, asked.now);
    const weight = weightAt(member, asked.now);
    const it: Case = { member, weight, rep, load: loads.get(rep.id), absence, refusers, asked };
    const reason = TESTS.find((test) => test.excludes(it));
    if (reason === undefined) eligible.push({ repId: rep.id, weight });
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
