import type { Need } from '../handoff/context.ts';
import type { Intent, RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { RouteRule } from '../policy/document.ts';
import type { Exclusion, LedgerKey, LedgerStep, RepLoad, Team, TeamMember } from './assignment.ts';
import { firstThere } from './availability.ts';
import { type Asked, type Eligibility, findEligible, hasCaps } from './eligibility.ts';
import { assignLead } from './ledger.ts';
import type { Looked, RouteRequest } from './route.ts';

/** What a route says about those whom it may choose. */
export type RouteAsks = Pick<RouteRule, 'outsideHours' | 'tellGroup' | 'widenTo' | 'skills'>;

/**
 * Whose turn it is in a team; where nobody can take it, in the team that the route widens to. Where only the hour keeps
 * everybody from it, the route's own rule says whether it waits for them.
 */
export const lookInTeam = (request: RouteRequest, teamId: TeamId, route: RouteAsks): Looked => {
  const looked = lookAmong(request, teamId, route);
  const { widenTo } = route;
  if ((looked.kind !== 'nobody' && looked.kind !== 'waits') || widenTo === null || widenTo === teamId)
    return afterHours(looked, route);
  const widened = lookAmong(request, widenTo, route);
  const nobody = [...(looked.nobody ?? []), ...('nobody' in widened ? (widened.nobody ?? []) : [])];
  switch (widened.kind) {
    case 'found':
      return { ...widened, found: { ...widened.found, say: `${looked.say}; ${widened.found.say}` }, nobody };
    case 'nobody':
    case 'waits': {
      const say = `${looked.say}; ${widened.say}`;
      const waits = looked.kind === 'waits' ? looked : widened;
      return afterHours({ ...waits, say, nobody }, route);
    }
    default:
      return widened;
  }
};

const afterHours = (looked: Looked, route: RouteAsks): Looked =>
  looked.kind === 'waits' && route.outsideHours === 'queue'
    ? { kind: 'queue', say: `${looked.say}, and outside hours the route says queue` }
    : looked;

const lookAmong = (request: RouteRequest, teamId: TeamId, route: RouteAsks): Looked => {
  const team = request.people.teams.get(teamId);
  if (team === undefined) return { kind: 'nobody', say: `there is no team ${teamId}` };
  const key = ledgerKey(teamId, request.intent);
  const needs = needsOf(request, key, team.members);
  const ledger = request.ledgerOf(key);
  if (needs.length > 0 || ledger === undefined) return { kind: 'needs', needs };
  const { eligible, excluded } = eligibleOf(request, team, askedBy(team, route, request.now));
  if (eligible.length === 0) return sayNobody(request, team, excluded);
  if (route.tellGroup) {
    const offeredTo = eligible.map(({ repId }) => repId);
    const say = `offered to all of ${team.name}; the first to accept has it`;
    const place = {
      ownerId: null,
      queueId: teamId,
      tell: null,
      offeredTo,
      teamId,
      step: null,
      how: 'queue' as const,
      say,
    };
    return { kind: 'found', found: place };
  }
  const step = assignLead(ledger, eligible, excluded, request.now) as LedgerStep;
  const winner = step.winner as RepId;
  const name = request.people.reps.get(winner)?.name ?? `rep ${winner}`;
  const say = `${name}’s turn in ${team.name}, of ${eligible.length} who could take it`;
  return {
    kind: 'found',
    found: { ownerId: winner, queueId: null, tell: null, offeredTo: [], teamId, step, how: 'ledger', say },
  };
};

/** Nobody of a team: for good, or only because of the hour. */
const sayNobody = (request: RouteRequest, team: Team, excluded: readonly Exclusion[]): Looked => {
  const nobody = [{ teamId: team.id, excluded }];
  const waiting = excluded.filter(({ code }) => code === 'off-hours');
  if (waiting.length === 0) {
    const why = excluded.map((one) => one.say).join('; ');
    return { kind: 'nobody', say: `nobody of ${team.name} can take it${why === '' ? '' : `: ${why}`}`, nobody };
  }
  const opens = waiting.flatMap(({ repId }): readonly Instant[] => {
    const rep = request.people.reps.get(repId);
    const at = rep === undefined ? null : firstThere(team.calendar, rep, request.now);
    return at === null ? [] : [at];
  });
  const opensAt = opens.length === 0 ? null : Math.min(...opens);
  return { kind: 'waits', opensAt, say: `nobody of ${team.name} works at this hour`, nobody };
};

/** What a route asks of a member of a team. */
export const askedBy = (
  team: Team | undefined,
  route: Pick<RouteAsks, 'outsideHours' | 'skills'>,
  now: Instant,
): Asked => ({
  now,
  skills: route.skills ?? [],
  inHours: route.outsideHours !== 'assign-now',
  teamCalendar: team?.calendar,
});

/** Who of a team may have this lead. */
export const eligibleOf = (request: RouteRequest, team: Team, asked: Asked): Eligibility => {
  const loads = new Map<RepId, RepLoad>();
  for (const { repId } of team.members) {
    const load = request.loadOf(repId);
    if (load !== undefined) loads.set(repId, load);
  }
  return findEligible(team.members, request.people, loads, request.refusers, asked);
};

/** The one ledger of a team and an intent. */
export const ledgerKey = (teamId: TeamId, intent: Intent): LedgerKey => `${teamId}/${intent}`;

/** The ledger with its reps, and the loads of those with caps: whatever of it is not loaded yet. */
export const needsOf = (request: RouteRequest, key: LedgerKey, members: readonly TeamMember[]): readonly Need[] => {
  const needs: Need[] = [];
  if (request.ledgerOf(key) === undefined) needs.push({ kind: 'ledger', key, reps: members.map(({ repId }) => repId) });
  const capped = members
    .map(({ repId }) => request.people.reps.get(repId))
    .filter((rep) => rep !== undefined && hasCaps(rep) && request.loadOf(rep.id) === undefined)
    .map((rep) => rep?.id as RepId);
  if (capped.length > 0) needs.push({ kind: 'loads', reps: capped });
  return needs;
};
