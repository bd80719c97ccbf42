import type { Instant } from '../../kernel/time.ts';
import { type Draft, putHandoff } from '../draft.ts';
import type { HandoffBase, HandoffLeg, OpenHandoff } from '../state.ts';
import { membersFollow } from './accepted.ts';
import { clockUntil, endClock, endClocks, passResponse, startClock } from './clocks.ts';
import { CLOSE_IN_MS } from './deal.ts';
import { addFirstTask } from './firstTask.ts';
import { giveLegDealBack } from './legDeal.ts';
import { addLoad } from './place.ts';
import { asDeal, asOpen, baseOf, type HandoffIn, responseClock, workingClocks } from './reshape.ts';
import { writeOwner } from './stages.ts';

/** What had become a deal before it was passed on is that deal again, once the next owner has made contact. False: no deal. */
export const backToDeal = (draft: Draft, open: HandoffIn<'open'>, contactedAt: Instant): boolean => {
  const dealCreatedAt = open.leg?.first.dealCreatedAt ?? null;
  const { dealId, ownerId, acceptedAt } = open;
  if (dealCreatedAt === null || dealId === null) return false;
  const close = closeClock(draft, { ...open, ownerId });
  const deal = asDeal(open, { ownerId, acceptedAt, contactedAt, dealId, dealCreatedAt, close });
  putHandoff(draft, deal);
  membersFollow(draft, deal);
  return true;
};

type OnLeg = HandoffIn<'offered' | 'open' | 'working' | 'parked'>;

/**
 * Handed back: the lead is again what it was with whoever passed it on. Its clocks begin anew, but the one of a customer who
 * still waits for the first contact runs on. The turn that it cost in the first team stands as it did.
 */
export const bringBack = (draft: Draft, handoff: OnLeg, leg: HandoffLeg): OpenHandoff => {
  const { first, fromId } = leg;
  const { leg: _, coversFor: __, ...kept } = baseOf(handoff);
  const { routeId, teamId, credit } = first;
  draft.changes.push({ kind: 'task-closed', handoffId: handoff.id, how: 'dropped' });
  addLoad(draft, fromId);
  giveLegDealBack(draft, handoff);
  const back = restore(draft, handoff, { ...kept, routeId, teamId, credit }, leg);
  putHandoff(draft, back);
  writeOwner(draft, fromId);
  if (back.status === 'open') addFirstTask(draft, back);
  membersFollow(draft, back);
  return back;
};

const restore = (draft: Draft, handoff: OnLeg, base: HandoffBase, { first, fromId }: HandoffLeg): OpenHandoff => {
  const { acceptedAt, attempts, dealCreatedAt } = first;
  const lead = { ...base, ownerId: fromId };
  const isWaiting = dealCreatedAt === null && first.contactedAt === null && 'response' in handoff;
  if (isWaiting) {
    if (handoff.status === 'offered' && handoff.accept !== null) endClock(draft, handoff.id, 'accept', 'replaced');
    return asOpen(base, fromId, acceptedAt, passResponse(draft, { ...lead, response: handoff.response }, fromId));
  }
  endClocks(draft, handoff, 'closed');
  const contactedAt = first.contactedAt ?? ('contactedAt' in handoff ? handoff.contactedAt : null);
  if (dealCreatedAt !== null && base.dealId !== null) {
    const { dealId } = base;
    const close = closeClock(draft, lead);
    return asDeal(base, { ownerId: fromId, acceptedAt, contactedAt, dealId, dealCreatedAt, close });
  }
  if (contactedAt === null) {
    const response = responseClock(draft, lead);
    startClock(draft, base.id, 'response', response, fromId);
    return asOpen(base, fromId, acceptedAt, response);
  }
  const clocks = workingClocks(draft, lead);
  startClock(draft, base.id, 'next-step', clocks.nextStep, fromId);
  startClock(draft, base.id, 'outcome', clocks.outcome, fromId);
  return { ...base, status: 'working', ownerId: fromId, acceptedAt, contactedAt, attempts, ...clocks };
};

/** The clock of a deal that runs to its close date again. */
const closeClock = (draft: Draft, lead: HandoffBase & { readonly ownerId: number }) => {
  const { now } = draft.context;
  const close = clockUntil(draft, 'close', lead, Math.max(now, lead.dealCloseAt ?? now + CLOSE_IN_MS));
  startClock(draft, lead.id, 'close', close, lead.ownerId);
  return close;
};
