import type { Need } from '../handoff/context.ts';
import type { RepId } from '../kernel/ids.ts';
import type { LedgerStep } from './assignment.ts';
import { forceLead } from './ledger.ts';
import { askedBy, eligibleOf, ledgerKey, needsOf } from './lookInTeam.ts';
import { matchRoute } from './matchRoute.ts';
import type { RouteRequest } from './route.ts';

/**
 * Charges a lead that goes to `winner` past the turns to the team whose route would have won: the first that matches of
 * the routes behind `after` (null: of all). Null where no team's route matches. Linear in routes and members.
 */
export const chargeTeam = (
  request: RouteRequest,
  winner: RepId,
  after: string | null,
):
  | { readonly kind: 'step'; readonly step: LedgerStep | null }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] } => {
  const routes = request.routes ?? request.policy.document.route;
  const later = routes.slice(routes.findIndex(({ id }) => id === after) + 1);
  const route = later.find((one) => one.to.kind === 'team' && matchRoute(request, one).verdict === 'met');
  const team = route?.to.kind === 'team' ? request.people.teams.get(route.to.team) : undefined;
  if (route === undefined || team === undefined) return { kind: 'step', step: null };
  const key = ledgerKey(team.id, request.intent);
  const needs = needsOf(request, key, team.members);
  const ledger = request.ledgerOf(key);
  if (needs.length > 0 || ledger === undefined) return { kind: 'needs', needs };
  const { eligible, excluded } = eligibleOf(request, team, askedBy(team, route, request.now));
  return { kind: 'step', step: forceLead(ledger, winner, eligible, excluded, request.now) };
};
