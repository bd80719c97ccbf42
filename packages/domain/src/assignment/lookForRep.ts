import type { Need } from '../handoff/context.ts';
import type { AssignmentTrace } from '../handoff/trace.ts';
import type { RepId } from '../kernel/ids.ts';
import type { RouteRule } from '../policy/document.ts';
import type { LedgerStep, Rep } from './assignment.ts';
import { absenceAt, firstThere, isOpenAt } from './availability.ts';
import { chargeTeam } from './chargeTeam.ts';
import { coverFor } from './cover.ts';
import { canOwn, hasCaps, sayAbsence } from './eligibility.ts';
import type { Looked, RouteRequest } from './route.ts';

/** By which claim a rep is looked for. */
export type Claim = { readonly how: AssignmentTrace['how']; readonly words: string };

export const OWNERS = {
  'company-owner': { how: 'company-owner', words: 'the company’s owner' },
  'contact-owner': { how: 'contact-owner', words: 'the contact’s owner' },
} as const satisfies { readonly [kind: string]: Claim };

/**
 * Gives a lead to the one rep whose it is, past the turns of a team; while that rep is away, to their cover or as the route
 * says; outside their hours as the route says. Asks for the rep's load where caps are to be counted, and for a ledger
 * where the route charges one.
 */
export const lookForRep = (request: RouteRequest, route: RouteRule, repId: RepId | null, claim: Claim): Looked => {
  const { people, now, refusers } = request;
  const { how, words } = claim;
  if (repId === null) return { kind: 'nobody', say: `${words} is nobody` };
  const rep = people.reps.get(repId);
  if (!canOwn(rep)) return { kind: 'nobody', say: `${words} is not active or does not sell` };
  if (refusers.declinedBy.includes(repId)) return { kind: 'nobody', say: `${rep.name} handed this lead back` };
  if (refusers.passedBy?.includes(repId)) return { kind: 'nobody', say: `${rep.name} passed this lead on` };
  const lapsed = refusers.lapsedBy?.includes(repId) ?? false;
  const absence = absenceAt(rep, now);
  if (!lapsed && (absence === null || route.ifAway === 'keep')) {
    const waits = outsideHours(request, route, rep);
    return waits ?? give(request, route, rep, { how, say: `${rep.name} is ${words}` });
  }
  const why = absence === null ? `${rep.name} did not accept this lead in time` : sayAbsence(rep, absence);
  if (!lapsed && route.ifAway === 'queue') return { kind: 'queue', say: `${words}: ${why}, and the route says queue` };
  const cover = coverFor(people, repId, now);
  const canCover = cover !== null && !isRefused(refusers, cover.id);
  if (!canCover) return { kind: 'nobody', say: `${words}: ${why}, and nobody covers for them` };
  const say = `${rep.name} is ${words}; ${why}, so ${cover.name} covers`;
  return give(request, route, cover, { how: 'cover', say, coversFor: repId });
};

const isRefused = ({ declinedBy, lapsedBy, passedBy }: RouteRequest['refusers'], repId: RepId): boolean =>
  declinedBy.includes(repId) || (lapsedBy?.includes(repId) ?? false) || (passedBy?.includes(repId) ?? false);

/** What the route says where the rep does not work at this hour; null: they do, or it does not matter. */
const outsideHours = ({ now }: RouteRequest, route: RouteRule, rep: Rep): Looked | null => {
  if (route.outsideHours === 'assign-now' || isOpenAt(rep.calendar, now)) return null;
  const say = `${rep.name} does not work at this hour`;
  if (route.outsideHours === 'queue') return { kind: 'queue', say: `${say}, and outside hours the route says queue` };
  return { kind: 'waits', opensAt: firstThere(undefined, rep, now), say };
};

const give = (
  request: RouteRequest,
  route: RouteRule,
  rep: Rep,
  given: Pick<Claim, 'how'> & { readonly say: string; readonly coversFor?: RepId },
): Looked => {
  const needs: Need[] = hasCaps(rep) && request.loadOf(rep.id) === undefined ? [{ kind: 'loads', reps: [rep.id] }] : [];
  let step: LedgerStep | null = null;
  if (route.charge === 'team') {
    const charged = chargeTeam(request, rep.id, route.id);
    if (charged.kind === 'needs') return { kind: 'needs', needs: [...needs, ...charged.needs] };
    step = charged.step;
  }
  if (needs.length > 0) return { kind: 'needs', needs };
  return {
    kind: 'found',
    found: { ownerId: rep.id, queueId: null, tell: null, offeredTo: [], teamId: null, step, ...given },
  };
};
