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
import { sayInstant } from '../promise/sayInstant.ts';
import type { Ledger, LedgerKey, LedgerStep, People, RepLoad } from './assignment.ts';
import type { Refusers } from './eligibility.ts';
import { lookForRep, OWNERS } from './lookForRep.ts';
import { lookInTeam } from './lookInTeam.ts';
import { matchRoute } from './matchRoute.ts';
import { findTerritory } from './territory.ts';

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
  /** Instead of the policy's routes: a leg has its own. */
  readonly routes?: readonly RouteRule[];
};

/**
 * Where a lead goes. Exactly one of owner and queue. `offeredTo`: all who may claim it, where the route tells a whole team.
 * `opensAt`: it waits in the queue for that instant, and then looks for an owner once more. `coversFor`: whose lead it is
 * that the owner has while they are away.
 */
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
  readonly opensAt?: Instant;
  readonly coversFor?: RepId;
};

/** Where the routes put a lead, or what must be locked and loaded before they can say. */
export type Routed =
  | { readonly kind: 'placed'; readonly placed: Placed }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] };

type Tried = AssignmentTrace['routes'][number];
type Nobody = NonNullable<AssignmentTrace['nobody']>[number];

/** A place that a route's target came to. */
export type Found = Omit<Placed, 'trace' | 'accept' | 'routeId'> & {
  readonly how: AssignmentTrace['how'];
  readonly say: string;
};

/** What looking at one target came to. `waits`: somebody would have it, were it not for the hour. */
export type Looked =
  | { readonly kind: 'found'; readonly found: Found; readonly nobody?: readonly Nobody[] }
  | { readonly kind: 'nobody'; readonly say: string; readonly nobody?: readonly Nobody[] }
  | {
      readonly kind: 'waits';
      readonly opensAt: Instant | null;
      readonly say: string;
      readonly nobody?: readonly Nobody[];
    }
  | { readonly kind: 'queue'; readonly say: string }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] };

/** How a lead is accepted where no route says: the rep does, without a deadline. */
export const ACCEPT_BY_REP = { by: 'rep', within: null, maxOffers: 3 } as const satisfies Accept;

/** What a target means where no route says more about it: an exception's, a leg's. */
export const PLAIN_ROUTE = {
  when: null,
  ifAway: 'cover',
  outsideHours: 'assign-now',
  tellGroup: false,
  widenTo: null,
  charge: 'none',
} as const satisfies Partial<RouteRule>;

/** Finds the owner or the queue for one lead. Linear in routes and team members. */
export const routeLead = (request: RouteRequest): Routed => {
  const { policy, target } = request;
  const { fallback } = policy.document;
  const tried: Tried[] = [];
  const nobody: Nobody[] = [];
  const place = ({ how, say, ...rest }: Found, routeId: string | null, accept: Accept): Routed => {
    const without = nobody.length === 0 ? {} : { nobody };
    const trace: AssignmentTrace = { routes: tried, routeId, how, step: rest.step, say, ...without };
    return { kind: 'placed', placed: { ...rest, routeId, accept, trace } };
  };
  const own: readonly RouteRule[] =
    target === null ? [] : [{ ...PLAIN_ROUTE, id: target.id, to: target.to, accept: ACCEPT_BY_REP }];
  const routes = request.routes ?? policy.document.route;
  for (const route of [...own, ...routes]) {
    const matched = matchRoute(request, route);
    if (matched.verdict !== 'met') {
      tried.push({ routeId: route.id, ...matched });
      continue;
    }
    const looked = lookFor(request, route);
    if (looked.kind === 'needs') return looked;
    if ('nobody' in looked && looked.nobody !== undefined) nobody.push(...looked.nobody);
    if (looked.kind === 'found') {
      tried.push({ routeId: route.id, verdict: 'met', say: looked.found.say });
      return place(looked.found, route.id, route.accept);
    }
    tried.push({
      routeId: route.id,
      verdict: looked.kind === 'nobody' && isOf(own, route) ? 'not-met' : 'met',
      say: looked.say,
    });
    if (looked.kind === 'queue')
      return place(queued(fallback.queue, fallback.tell, looked.say), route.id, route.accept);
    if (looked.kind === 'waits') return place(held(request, route, looked), route.id, route.accept);
    // An owner who can't take it leaves the next route its chance; a team without anybody is the route's last word.
    if (route.to.kind === 'team' && !isOf(own, route)) break;
  }
  const say = `nobody could be found, so it waits in ${fallback.queue}`;
  return place(queued(fallback.queue, fallback.tell, say), null, ACCEPT_BY_REP);
};

const isOf = (routes: readonly RouteRule[], route: RouteRule): boolean => routes.includes(route);

/** The fallback queue, for a lead that was offered often enough. */
export const placeInFallback = (policy: CompiledPolicy, say: string): Placed => {
  const { queue, tell } = policy.document.fallback;
  const { how, ...found } = queued(queue, tell, say);
  return { ...found, routeId: null, accept: ACCEPT_BY_REP, trace: { routes: [], routeId: null, how, step: null, say } };
};

const lookFor = (request: RouteRequest, route: RouteRule): Looked => {
  const { to } = route;
  switch (to.kind) {
    case 'company-owner':
      return lookForRep(request, route, request.companyOwnerId, OWNERS[to.kind]);
    case 'contact-owner':
      return lookForRep(request, route, request.contactOwnerId, OWNERS[to.kind]);
    case 'territory':
      return lookInTerritory(request, route);
    case 'team':
      return lookInTeam(request, to.team, route);
    case 'queue':
      return { kind: 'found', found: queued(to.queue, null, `it waits in ${to.queue}, as the route says`) };
    default:
      return assertNever(to);
  }
};

const lookInTerritory = (request: RouteRequest, route: RouteRule): Looked => {
  const row = findTerritory(request.people.territories ?? [], request.view, request.now);
  if (row === null) return { kind: 'nobody', say: 'it is in no territory' };
  return row.to.kind === 'team'
    ? lookInTeam(request, row.to.team, route)
    : lookForRep(request, route, row.to.repId, { how: 'territory', words: `the territory ${row.id}’s owner` });
};

/** Held until somebody opens: in the team's own queue, where it can be claimed before. Without an hour in sight it waits like any other. */
const held = (request: RouteRequest, route: RouteRule, waits: Extract<Looked, { kind: 'waits' }>): Found => {
  const { fallback } = request.policy.document;
  const { opensAt, say } = waits;
  if (opensAt === null)
    return queued(
      fallback.queue,
      fallback.tell,
      `${say}, and no opening is in sight, so it waits in ${fallback.queue}`,
    );
  const teamId = route.to.kind === 'team' ? route.to.team : null;
  const queueId = teamId ?? fallback.queue;
  return {
    ...queued(queueId, null, `${say}; it waits in ${queueId} until ${sayInstant(opensAt)}`),
    how: 'held',
    teamId,
    opensAt,
  };
};

/** A queue as a place. */
export const queued = (queueId: QueueId, tell: string | null, say: string): Found => ({
  ownerId: null,
  queueId,
  tell,
  offeredTo: [],
  teamId: null,
  step: null,
  how: 'queue',
  say,
});
