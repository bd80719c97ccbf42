/**
 * A handoff in another status. Each shape is built from what all have in common plus what only it may have, so that no
 * field of the old status is carried along.
 */
import type { DealId, QueueId, RepId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Accept, Duration } from '../../policy/document.ts';
import { promiseFor } from '../../promise/promises.ts';
import type { Draft } from '../draft.ts';
import type { Clock, HandoffBase, OpenHandoff } from '../state.ts';
import { clockWithin, type Lead } from './clocks.ts';
import { routeOf } from './leg.ts';

/** An open handoff in one of these statuses, with the fields that only they have. */
export type HandoffIn<S extends OpenHandoff['status']> = Extract<OpenHandoff, { status: S }>;

/** What a handoff keeps in every status. */
export const baseOf = (handoff: HandoffBase): HandoffBase => ({
  id: handoff.id,
  episode: handoff.episode,
  kind: handoff.kind,
  intent: handoff.intent,
  ruleId: handoff.ruleId,
  reason: handoff.reason,
  policyHash: handoff.policyHash,
  qualifiedAt: handoff.qualifiedAt,
  raisedAt: handoff.raisedAt,
  groupId: handoff.groupId,
  companyId: handoff.companyId,
  routeId: handoff.routeId,
  teamId: handoff.teamId,
  dealId: handoff.dealId,
  dealUntouched: handoff.dealUntouched,
  credit: handoff.credit,
  declinedBy: handoff.declinedBy,
  ...(handoff.lapsedBy === undefined ? {} : { lapsedBy: handoff.lapsedBy }),
  ...(handoff.coversFor === undefined ? {} : { coversFor: handoff.coversFor }),
  ...(handoff.leg === undefined ? {} : { leg: handoff.leg }),
  ...(handoff.triedBy === undefined ? {} : { triedBy: handoff.triedBy }),
  ...(handoff.dealCloseAt === undefined ? {} : { dealCloseAt: handoff.dealCloseAt }),
  offers: handoff.offers,
  breached: handoff.breached,
});

/** Named to a rep who has not answered yet. `accept`: null where the route sets no time. */
export const asOffered = (
  base: HandoffBase,
  ownerId: RepId,
  accept: Clock | null,
  response: Clock,
): HandoffIn<'offered'> => ({
  ...baseOf(base),
  status: 'offered',
  ownerId,
  accept,
  response,
});

/** In a queue. `offeredTo`: the group whose first to accept has it. */
export const asQueued = (
  base: HandoffBase,
  queueId: QueueId,
  response: Clock,
  offeredTo: readonly RepId[] = [],
): HandoffIn<'queued'> => ({
  ...baseOf(base),
  status: 'queued',
  queueId,
  response,
  ...(offeredTo.length === 0 ? {} : { offeredTo }),
});

/** Accepted, and nobody has tried to reach the contact yet. */
export const asOpen = (base: HandoffBase, ownerId: RepId, acceptedAt: Instant, response: Clock): HandoffIn<'open'> => ({
  ...baseOf(base),
  status: 'open',
  ownerId,
  acceptedAt,
  response,
});

/** Become a deal that a person works on; none that policy made and nobody touched. */
export const asDeal = (
  base: HandoffBase,
  deal: {
    readonly ownerId: RepId;
    readonly acceptedAt: Instant;
    readonly contactedAt: Instant | null;
    readonly dealId: DealId;
    readonly dealCreatedAt: Instant;
    readonly close: Clock;
  },
): HandoffIn<'deal'> => ({ ...baseOf(base), dealUntouched: false, status: 'deal', ...deal });

/** The response clock of a lead that begins to wait now. `within`: what a leg promises instead of the intent. */
export const responseClock = (
  draft: Pick<Draft, 'context'>,
  lead: Lead,
  within: Duration = promiseFor(draft.context.policy.document, lead.intent).contactWithin,
): Clock => clockWithin(draft, 'response', lead, within);

/** The accept clock, where the route sets one. */
export const acceptClock = (draft: Pick<Draft, 'context'>, lead: Lead, accept: Accept): Clock | null =>
  accept.by === 'rep' && accept.within !== null ? clockWithin(draft, 'accept', lead, accept.within) : null;

/** The accept clock of a lead that its rep is asked for again, where the route by which they have it sets one. */
export const acceptAnew = (draft: Pick<Draft, 'context'>, lead: Lead): Clock | null => {
  const route = routeOf(draft.context.policy.document, lead.routeId);
  return route === undefined ? null : acceptClock(draft, lead, route.accept);
};

/** The next-step and outcome clocks of a lead that somebody works on from now. */
export const workingClocks = (draft: Pick<Draft, 'context'>, lead: Lead) => {
  const { nextStepWithin, outcomeWithin } = promiseFor(draft.context.policy.document, lead.intent);
  return {
    nextStep: clockWithin(draft, 'next-step', lead, nextStepWithin),
    outcome: clockWithin(draft, 'outcome', lead, outcomeWithin),
  };
};
