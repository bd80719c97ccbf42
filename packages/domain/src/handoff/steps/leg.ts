/** What the policy says of a second leg, and what a handoff remembers of its first. */
import { PLAIN_ROUTE } from '../../assignment/route.ts';
import type { LegRule, LegTrigger, PolicyDocument, RouteRule } from '../../policy/document.ts';
import type { HandoffBase, HandoffLeg } from '../state.ts';
import type { HandoffIn } from './reshape.ts';

/** The leg that begins by itself when this happens, where the policy has one. */
export const legFor = (document: Pick<PolicyDocument, 'legs'>, when: LegTrigger): LegRule | undefined =>
  document.legs.find((leg) => leg.when === when);

/** The policy's rule of the leg that a handoff is on; undefined: it is on none, or on one made by hand. */
export const legOf = (
  document: Pick<PolicyDocument, 'legs'>,
  { leg }: Pick<HandoffBase, 'leg'>,
): LegRule | undefined => (leg === undefined ? undefined : document.legs.find(({ id }) => id === leg.id));

/** The route by which a lead came to where it is, its leg's own included; undefined: by hand, or the policy has it no more. */
export const routeOf = (
  document: Pick<PolicyDocument, 'route' | 'legs'>,
  routeId: string | null,
): RouteRule | undefined => {
  const leg = document.legs.find(({ id }) => id === routeId);
  return document.route.find(({ id }) => id === routeId) ?? (leg === undefined ? undefined : legRoute(leg));
};

/** A leg as the one route by which its next owner is found. */
export const legRoute = ({ id, to, accept }: LegRule): RouteRule => ({ ...PLAIN_ROUTE, id, to, accept });

/** What a handoff remembers of its first leg. */
export const rememberLeg = (
  handoff: HandoffIn<'open' | 'working' | 'deal'>,
  id: string,
  passedAt: number,
): HandoffLeg => ({
  id,
  fromId: handoff.ownerId,
  passedAt,
  offersBefore: handoff.offers,
  first: {
    routeId: handoff.routeId,
    teamId: handoff.teamId,
    credit: handoff.credit,
    acceptedAt: handoff.acceptedAt,
    contactedAt: 'contactedAt' in handoff ? handoff.contactedAt : null,
    attempts: handoff.status === 'working' ? handoff.attempts : 0,
    dealCreatedAt: handoff.status === 'deal' ? handoff.dealCreatedAt : null,
  },
});
