/**
 * A handoff in another status. Each shape is built from what all have in common plus what only it may have, so that no
 * field of the old status is carried along.
 */
import type { DealId, QueueId, RepId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Accept, PolicyDocument } from '../../policy/document.ts';
import { dueOn, promiseFor, TEAM_CALENDAR } from '../../promise/promises.ts';
import type { Clock, HandoffBase, OpenHandoff } from '../state.ts';

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
  offers: handoff.offers,
  breached: handoff.breached,
});

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

export const asQueued = (base: HandoffBase, queueId: QueueId, response: Clock): HandoffIn<'queued'> => ({
  ...baseOf(base),
  status: 'queued',
  queueId,
  response,
});

export const asOpen = (base: HandoffBase, ownerId: RepId, acceptedAt: Instant, response: Clock): HandoffIn<'open'> => ({
  ...baseOf(base),
  status: 'open',
  ownerId,
  acceptedAt,
  response,
});

export const asDeal = (
  base: HandoffBase,
  deal: {
    readonly ownerId: RepId;
    readonly acceptedAt: Instant;
    readonly contactedAt: Instant | null;
    readonly dealId: DealId;
    readonly dealCreatedAt: Instant;
  },
): HandoffIn<'deal'> => ({ ...baseOf(base), dealUntouched: false, status: 'deal', ...deal });

/** The response clock of a lead of this intent that begins to wait now. */
export const responseClock = (document: PolicyDocument, intent: string, now: Instant): Clock => ({
  startedAt: now,
  dueAt: dueOn(TEAM_CALENDAR, now, promiseFor(document, intent).contactWithin),
});

/** The accept clock, where the route sets one. */
export const acceptClock = (accept: Accept, now: Instant): Clock | null =>
  accept.by === 'rep' && accept.within !== null
    ? { startedAt: now, dueAt: dueOn(TEAM_CALENDAR, now, accept.within) }
    : null;

/** The next-step and outcome clocks of a lead that somebody works on from now. */
export const workingClocks = (document: PolicyDocument, intent: string, now: Instant) => {
  const promised = promiseFor(document, intent);
  return {
    nextStep: { startedAt: now, dueAt: dueOn(TEAM_CALENDAR, now, promised.nextStepWithin) },
    outcome: { startedAt: now, dueAt: dueOn(TEAM_CALENDAR, now, promised.outcomeWithin) },
  };
};
