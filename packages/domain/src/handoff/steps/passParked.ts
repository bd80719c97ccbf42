import type { RouteRule } from '../../policy/document.ts';
import { sayInstant } from '../../promise/sayInstant.ts';
import type { Decided } from '../decision.ts';
import { type Draft, nameOf, note, putHandoff } from '../draft.ts';
import type { AssignmentTrace } from '../trace.ts';
import { contactName } from '../words.ts';
import { membersFollow } from './accepted.ts';
import { passClocks } from './clocks.ts';
import { legOf, legRoute } from './leg.ts';
import { tellOwner } from './notify.ts';
import { bookPlace, findPlace } from './place.ts';
import { baseOf, type HandoffIn } from './reshape.ts';

/**
 * A parked lead of somebody who is switched off finds its next owner now and stays parked: the date was agreed with the
 * contact, and the `return` clock runs on in a row of the new owner's. They are asked to accept when it comes back, since
 * they have not. Null: the routes find nobody, and nothing was changed. `say`: why it leaves its owner.
 */
export const passParked = (
  draft: Draft,
  handoff: HandoffIn<'parked'>,
  say: string,
): { readonly say: string; readonly assignment: AssignmentTrace } | Extract<Decided, { kind: 'needs' }> | null => {
  const declinedBy = [...new Set([...handoff.declinedBy, handoff.ownerId])];
  const routed = findPlace(draft, {
    intent: handoff.intent,
    target: null,
    routes: routesOf(draft, handoff),
    declinedBy,
    ...(handoff.lapsedBy === undefined ? {} : { lapsedBy: handoff.lapsedBy }),
    ...(handoff.leg === undefined ? {} : { passedBy: [handoff.leg.fromId] }),
  });
  if (routed.kind === 'needs') return routed;
  const { placed } = routed;
  if (placed.ownerId === null) return null;
  const { contactedAt, parkedAt, returnAt } = passClocks(draft, handoff, placed.ownerId);
  const { coversFor: _, ...kept } = baseOf(handoff);
  const next: HandoffIn<'parked'> = {
    ...kept,
    ...(placed.coversFor === undefined ? {} : { coversFor: placed.coversFor }),
    declinedBy,
    routeId: placed.routeId,
    teamId: placed.teamId,
    credit: bookPlace(draft, handoff.id, placed),
    offers: handoff.offers + 1,
    status: 'parked',
    ownerId: placed.ownerId,
    acceptedAt: null,
    contactedAt,
    parkedAt,
    returnAt,
  };
  putHandoff(draft, next);
  const words = tellParked(draft, next, say);
  membersFollow(draft, next);
  return { say: words, assignment: placed.trace };
};

/** Tells whose a parked lead is now and that its date stands; answers the sentence. */
export const tellParked = (draft: Draft, next: HandoffIn<'parked'>, say: string): string => {
  const date = sayInstant(next.returnAt);
  const words = `${say}; ${nameOf(draft, next.ownerId)} has it, parked until ${date} as was agreed`;
  note(draft, 'rerouted', words);
  tellOwner(draft, next, 'rerouted', {
    subject: `Yours, parked until ${date}: ${contactName(draft.state.facts) ?? 'A contact'}`,
    body: `${next.reason}. ${say}; it comes back to you on ${date}, as was agreed with the contact`,
  });
  return words;
};

/** Whoever is to have it on a day to come need not be at work at this hour, and nobody has to claim it now. */
const routesOf = ({ context }: Draft, handoff: HandoffIn<'parked'>): readonly RouteRule[] => {
  const { document } = context.policy;
  const leg = legOf(document, handoff);
  const routes = leg === undefined ? document.route : [legRoute(leg)];
  return routes.map((route) => ({ ...route, outsideHours: 'assign-now', tellGroup: false }));
};
