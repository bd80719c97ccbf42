/**
 * Whose lead: the routes in the policy's order, the first that matches and has somebody decides; a team picks by its
 * ledger. Says what it tried and why, or what must be locked before it can say.
 */

import type { Need } from '../handoff/context.ts';
import type { AssignmentTrace } from '../handoff/trace.ts';
import { assertNever } from '../kernel/assertNever.ts';
import type { Intent, QueueId, RepId, TeamId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy, View } from '../policy/compiled.ts';
import type { Accept, RouteRule, RouteTarget } from '../policy/document.ts';
import { testCondition } from '../policy/evaluate.ts';
import type { Ledger, LedgerKey, LedgerStep, People, RepLoad, TeamMember } from './assignment.ts';
import { canOwn, findEligible, hasCaps, type Refusers } from './eligibility.ts';
import { assignLead, forceLead } from './ledger.ts';

/** One lead that looks for an owner. */
export type RouteRequest = {
  readonly policy: CompiledPolicy;
  readonly view: View;
  readonly people: People;
  readonly ledgerOf: (key: LedgerKey) => Ledger | undefined;
  readonly loadOf: (repId: RepId) => RepLoad | undefined;
  readonly intent: Intent;
  readonly now: Instant;
  readonly contactOwnerId: RepId | null;
  readonly companyOwnerId: RepId | null;
  readonly refusers: Refusers;
  /** An exception's own target, tried before the routes; null: the routes alone. */
  readonly target: { readonly id: string; readonly to: RouteTarget } | null;
};

/** Where a lead goes. Exactly one of owner and queue. `offeredTo`: all who may claim it, where the route tells a whole team. */
export type Placed = {
  readonly ownerId: RepId | null;
  readonly queueId: QueueId | null;
  readonly tell: string | null;
  readonly offeredTo: readonly RepId[];
  readonly routeId: string | null;
  readonly teamId: TeamId | null;
  readonly accept: Accept;
  readonly step: LedgerStep | null;
  readonly trace: AssignmentTrace;
};

export type Routed =
  | { readonly kind: 'placed'; readonly placed: Placed }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] };

type Tried = AssignmentTrace['routes'][number];
type Found = Omit<Placed, 'trace' | 'accept' | 'routeId'> & {
  readonly how: AssignmentTrace['how'];
  readonly say: string;
};
type Looked =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'nobody'; readonly say: string }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] };

/** How a lead is accepted where no route says: the rep does, without a deadline. */
export const ACCEPT_BY_REP = { by: 'rep', within: null, maxOffers: 3 } as const satisfies Accept;

/** Finds the owner or the queue for one lead. Linear in routes and team members. */
export const routeLead = (request: RouteRequest): Routed => {
  const tried: Tried[] = [];
  const place = (found: Found, routeId: string | null, accept: Accept): Routed => {
    const { how, say, ...rest } = found;
    const trace: AssignmentTrace = { routes: tried, routeId, how, step: found.step, say };
    return { kind: 'placed', placed: { ...rest, routeId, accept, trace } };
  };
  if (request.target !== null) {
    const { id, to } = request.target;
    const looked = lookFor(request, to, null, null);
    if (looked.kind === 'needs') return looked;
    if (looked.kind === 'found') {
      tried.push({ routeId: id, verdict: 'met', say: looked.found.say });
      return place(looked.found, id, ACCEPT_BY_REP);
    }
    tried.push({ routeId: id, verdict: 'not-met', say: looked.say });
  }
  const { route: routes, fallback } = request.policy.document;
  for (const [index, route] of routes.entries()) {
    const matched = match(request, route);
    if (matched.verdict !== 'met') {
      tried.push({ routeId: route.id, ...matched });
      continue;
    }
    const looked = lookFor(request, route.to, route, index);
    if (looked.kind === 'needs') return looked;
    if (looked.kind === 'found') {
      tried.push({ routeId: route.id, verdict: 'met', say: looked.found.say });
      return place(looked.found, route.id, route.accept);
    }
    tried.push({ routeId: route.id, verdict: 'met', say: looked.say });
    // An owner who can't take it leaves the next route its chance; a team without anybody is the route's last word.
    if (route.to.kind === 'team') break;
  }
  const say = `nobody could be found, so it waits in ${fallback.queue}`;
  return place(queued(fallback.queue, fallback.tell, say), null, ACCEPT_BY_REP);
};

/** The fallback queue, for a lead that was offered often enough. */
export const placeInFallback = (policy: CompiledPolicy, say: string): Placed => {
  const { queue, tell } = policy.document.fallback;
  const { how, ...found } = queued(queue, tell, say);
  return { ...found, routeId: null, accept: ACCEPT_BY_REP, trace: { routes: [], routeId: null, how, step: null, say } };
};

const match = (request: RouteRequest, route: RouteRule): Pick<Tried, 'verdict' | 'say'> => {
  if (route.when === null) return { verdict: 'met', say: 'everyone' };
  const { verdict, trace } = testCondition(request.policy, route.when, request.view);
  return { verdict, say: trace.say };
};

const lookFor = (request: RouteRequest, to: RouteTarget, route: RouteRule | null, index: number | null): Looked => {
  switch (to.kind) {
    case 'company-owner':
      return lookForOwner(request, request.companyOwnerId, 'company-owner', route, index);
    case 'contact-owner':
      return lookForOwner(request, request.contactOwnerId, 'contact-owner', route, index);
    case 'team':
      return lookInTeam(request, to.team, route);
    case 'queue':
      return { kind: 'found', found: queued(to.queue, null, `it waits in ${to.queue}, as the route says`) };
    default:
      return assertNever(to);
  }
};

const OWNER_WORDS = { 'company-owner': 'the company’s owner', 'contact-owner': 'the contact’s owner' } as const;

const lookForOwner = (
  request: RouteRequest,
  ownerId: RepId | null,
  how: keyof typeof OWNER_WORDS,
  route: RouteRule | null,
  index: number | null,
): Looked => {
  const words = OWNER_WORDS[how];
  if (ownerId === null) return { kind: 'nobody', say: `${words} is nobody` };
  const rep = request.people.reps.get(ownerId);
  if (!canOwn(rep)) return { kind: 'nobody', say: `${words} is not active or does not sell` };
  if (request.refusers.declinedBy.includes(ownerId))
    return { kind: 'nobody', say: `${rep.name} handed this lead back` };
  const needs: Need[] =
    hasCaps(rep) && request.loadOf(ownerId) === undefined ? [{ kind: 'loads', reps: [ownerId] }] : [];
  let step: LedgerStep | null = null;
  if (route?.charge === 'team' && index !== null) {
    const charged = chargeTeam(request, ownerId, index);
    if (charged.kind === 'needs') return { kind: 'needs', needs: [...needs, ...charged.needs] };
    step = charged.step;
  }
  if (needs.length > 0) return { kind: 'needs', needs };
  const say = `${rep.name} is ${words}`;
  return {
    kind: 'found',
    found: { ownerId, queueId: null, tell: null, offeredTo: [], teamId: null, step, how, say },
  };
};

/** The team whose route would have won pays for a lead that goes to an owner past it. */
const chargeTeam = (
  request: RouteRequest,
  winner: RepId,
  index: number,
): { readonly kind: 'step'; readonly step: LedgerStep | null } | Extract<Looked, { kind: 'needs' }> => {
  const later = request.policy.document.route.slice(index + 1);
  const route = later.find((one) => one.to.kind === 'team' && match(request, one).verdict === 'met');
  if (route === undefined || route.to.kind !== 'team') return { kind: 'step', step: null };
  const team = request.people.teams.get(route.to.team);
  if (team === undefined) return { kind: 'step', step: null };
  const key = ledgerKey(team.id, request.intent);
  const needs = needsOf(request, key, team.members);
  const ledger = request.ledgerOf(key);
  if (needs.length > 0 || ledger === undefined) return { kind: 'needs', needs };
  const { eligible, excluded } = eligibleOf(request, team.members);
  return { kind: 'step', step: forceLead(ledger, winner, eligible, excluded, request.now) };
};

const lookInTeam = (request: RouteRequest, teamId: TeamId, route: RouteRule | null): Looked => {
  const team = request.people.teams.get(teamId);
  const looked: Looked =
    team === undefined
      ? { kind: 'nobody', say: `there is no team ${teamId}` }
      : lookAmong(request, teamId, team.members, route?.tellGroup === true);
  if (looked.kind !== 'nobody' || route?.widenTo == null || route.widenTo === teamId) return looked;
  const wider = request.people.teams.get(route.widenTo);
  if (wider === undefined) return looked;
  const widened = lookAmong(request, wider.id, wider.members, route.tellGroup);
  return widened.kind === 'nobody' ? { kind: 'nobody', say: `${looked.say}; ${widened.say}` } : widened;
};

const lookAmong = (
  request: RouteRequest,
  teamId: TeamId,
  members: readonly TeamMember[],
  tellGroup: boolean,
): Looked => {
  const key = ledgerKey(teamId, request.intent);
  const needs = needsOf(request, key, members);
  const ledger = request.ledgerOf(key);
  if (needs.length > 0 || ledger === undefined) return { kind: 'needs', needs };
  const { eligible, excluded } = eligibleOf(request, members);
  const team = request.people.teams.get(teamId)?.name ?? teamId;
  if (eligible.length === 0) {
    const why = excluded.map((one) => one.say).join('; ');
    return { kind: 'nobody', say: `nobody of ${team} can take it${why === '' ? '' : `: ${why}`}` };
  }
  if (tellGroup) {
    const offeredTo = eligible.map(({ repId }) => repId);
    const say = `offered to all of ${team}; the first to accept has it`;
    return { kind: 'found', found: { ...queued(teamId, null, say), offeredTo, teamId } };
  }
  const step = assignLead(ledger, eligible, excluded, request.now) as LedgerStep;
  const winner = step.winner as RepId;
  const name = request.people.reps.get(winner)?.name ?? `rep ${winner}`;
  const say = `${name}’s turn in ${team}, of ${eligible.length} who could take it`;
  return {
    kind: 'found',
    found: { ownerId: winner, queueId: null, tell: null, offeredTo: [], teamId, step, how: 'ledger', say },
  };
};

const queued = (queueId: QueueId, tell: string | null, say: string): Found => ({
  ownerId: null,
  queueId,
  tell,
  offeredTo: [],
  teamId: null,
  step: null,
  how: 'queue',
  say,
});

/** The one ledger of a team and an intent. */
export const ledgerKey = (teamId: TeamId, intent: Intent): LedgerKey => `${teamId}/${intent}`;

const eligibleOf = (request: RouteRequest, members: readonly TeamMember[]) => {
  const loads = new Map<RepId, RepLoad>();
  for (const { repId } of members) {
    const load = request.loadOf(repId);
    if (load !== undefined) loads.set(repId, load);
  }
  return findEligible(members, request.people, loads, request.refusers);
};

/** The ledger with its reps, and the loads of those with caps: whatever of it is not loaded yet. */
const needsOf = (request: RouteRequest, key: LedgerKey, members: readonly TeamMember[]): readonly Need[] => {
  const needs: Need[] = [];
  if (request.ledgerOf(key) === undefined) needs.push({ kind: 'ledger', key, reps: members.map(({ repId }) => repId) });
  const capped = members
    .map(({ repId }) => request.people.reps.get(repId))
    .filter((rep) => rep !== undefined && hasCaps(rep) && request.loadOf(rep.id) === undefined)
    .map((rep) => rep?.id as RepId);
  if (capped.length > 0) needs.push({ kind: 'loads', reps: capped });
  return needs;
};
