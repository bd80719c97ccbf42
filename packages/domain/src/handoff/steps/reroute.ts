import type { Refusers } from '../../assignment/eligibility.ts';
import { ACCEPT_BY_REP, type Placed, placeInFallback } from '../../assignment/route.ts';
import type { QueueId, RepId } from '../../kernel/ids.ts';
import type { ClockKind, Decided } from '../decision.ts';
import { type Draft, nameOf, need, note, putHandoff } from '../draft.ts';
import type { Clock, HandoffBase, OpenHandoff } from '../state.ts';
import type { AssignmentTrace } from '../trace.ts';
import { enterHandoff, membersFollow } from './accepted.ts';
import { clocksOf, endClock, passResponse, startClock, waitFor } from './clocks.ts';
import { legOf, legRoute } from './leg.ts';
import { tellOwner, tellQueue, tellRep } from './notify.ts';
import { bookPlace, findPlace, needsToReverse, reversePlace } from './place.ts';
import { acceptClock, asOffered, asOpen, asQueued, baseOf, responseClock } from './reshape.ts';

/** Why a lead looks for another owner, and what becomes of the step that gave it to the last one. */
export type Leaving = {
  /** Who does not get it again; null: nobody declined it. */
  readonly declinedBy: RepId | null;
  /** Who let it lie, and does not get it again either; absent: nobody. */
  readonly lapsedBy?: RepId;
  /** True: nobody is looked for, it goes to the fallback queue. */
  readonly toQueue?: boolean;
  /** True: an accepted decline, the ledger step is undone. */
  readonly reverses: boolean;
  readonly say: string;
};

/**
 * Gives an open handoff to somebody else by the routes. The response clock keeps running, since it is the customer who
 * waits; a lead that was contacted already gets a new one. Offered often enough, it goes to the fallback queue. Answers
 * how it was assigned, or what must be loaded first (then nothing was changed).
 */
export const reroute = (
  draft: Draft,
  handoff: OpenHandoff,
  leaving: Leaving,
): { readonly kind: 'placed'; readonly trace: AssignmentTrace } | Extract<Decided, { kind: 'needs' }> => {
  const missing = leaving.reverses ? needsToReverse(draft, handoff) : [];
  if (missing.length > 0) return need(...missing) as Extract<Decided, { kind: 'needs' }>;
  const declinedBy =
    leaving.declinedBy === null ? handoff.declinedBy : [...new Set([...handoff.declinedBy, leaving.declinedBy])];
  const refusers = { declinedBy, ...lapsedWith(handoff, leaving.lapsedBy) };
  const placed = findNext(draft, handoff, refusers, leaving);
  if ('kind' in placed) return placed;

  const response = passResponseOn(draft, handoff, placed);
  endOtherClocks(draft, handoff);
  draft.changes.push({ kind: 'task-closed', handoffId: handoff.id, how: 'dropped' });
  note(draft, 'rerouted', leaving.say);
  const { coversFor: _, ...kept } = baseOf(handoff);
  const base: HandoffBase = {
    ...kept,
    ...(placed.coversFor === undefined ? {} : { coversFor: placed.coversFor }),
    ...refusers,
    routeId: placed.routeId,
    teamId: placed.teamId,
    credit: bookPlace(draft, handoff.id, placed),
  };
  if (placed.ownerId === null) {
    const queued = asQueued(base, placed.queueId as QueueId, response, placed.offeredTo);
    putHandoff(draft, queued);
    note(draft, 'queued', placed.trace.say);
    tellQueue(draft, queued, queued.queueId, placed.tell, `${leaving.say}; ${placed.trace.say}`);
    for (const repId of placed.offeredTo) tellRep(draft, repId, queued, 'queued', {});
  } else if (handoff.offers === 0 && placed.accept.by === 'policy') {
    // Nobody had it before, so that the route's word about accepting holds as it would have at first.
    const open = asOpen({ ...base, offers: 1 }, placed.ownerId, draft.context.now, response);
    note(draft, 'assigned', `given to ${nameOf(draft, placed.ownerId)}: ${placed.trace.say}`);
    tellOwner(draft, enterHandoff(draft, open, 'accepted'), 'assigned');
  } else {
    const accept = acceptClock(draft, { ...base, ownerId: placed.ownerId }, placed.accept);
    const offered = asOffered({ ...base, offers: handoff.offers + 1 }, placed.ownerId, accept, response);
    putHandoff(draft, offered);
    if (accept !== null) startClock(draft, offered.id, 'accept', accept, placed.ownerId);
    note(draft, 'assigned', `offered to ${nameOf(draft, placed.ownerId)}: ${placed.trace.say}`);
    tellOwner(draft, offered, 'assigned');
  }
  if (draft.state.handoff !== null) membersFollow(draft, draft.state.handoff);
  return { kind: 'placed', trace: placed.trace };
};

const lapsedWith = (handoff: OpenHandoff, repId: RepId | undefined): Pick<OpenHandoff, 'lapsedBy'> => {
  if (repId !== undefined) return { lapsedBy: [...new Set([...(handoff.lapsedBy ?? []), repId])] };
  return handoff.lapsedBy === undefined ? {} : { lapsedBy: handoff.lapsedBy };
};

/** The next place. An accepted decline is undone first, so that the new step counts as if that lead had not been offered. */
const findNext = (
  draft: Draft,
  handoff: OpenHandoff,
  refusers: Refusers,
  { reverses, toQueue, say }: Leaving,
): Placed | Extract<Decided, { kind: 'needs' }> => {
  const { policy } = draft.context;
  const leg = legOf(policy.document, handoff);
  const route = leg ?? policy.document.route.find(({ id }) => id === handoff.routeId);
  const accept = route?.accept ?? ACCEPT_BY_REP;
  const offersMax = accept.by === 'rep' ? accept.maxOffers : ACCEPT_BY_REP.maxOffers;
  const offers = handoff.offers - (handoff.leg?.offersBefore ?? 0);
  const isSpent = offers >= offersMax;
  // The first look is only to learn what must be loaded; nothing is written until all is there.
  const own = handoff.leg === undefined ? {} : { passedBy: [handoff.leg.fromId] };
  const lead = {
    intent: handoff.intent,
    target: null,
    ...refusers,
    ...own,
    ...(leg === undefined ? {} : { routes: [legRoute(leg)] }),
  };
  const look = isSpent || toQueue ? null : findPlace(draft, lead);
  if (look?.kind === 'needs') return look;
  if (reverses) reversePlace(draft, handoff);
  if (toQueue) return placeInFallback(policy, say);
  if (isSpent) return placeInFallback(policy, `offered ${offers} times, at most ${offersMax} by its route`);
  const routed = reverses ? findPlace(draft, lead) : look;
  if (routed === null || routed.kind === 'needs') throw new Error('what a place needs was loaded a moment ago');
  return routed.placed;
};

/** The clock of the waiting customer, passed on: the running one, or a new one where somebody had answered already. */
const passResponseOn = (draft: Draft, handoff: OpenHandoff, placed: Placed): Clock => {
  const { routeId, teamId, ownerId, queueId, opensAt } = placed;
  if ('response' in handoff) return passResponse(draft, handoff, ownerId, opensAt);
  const lead = { intent: handoff.intent, routeId, teamId, ownerId, queueId };
  const fresh = waitFor(draft, lead, responseClock(draft, lead), opensAt);
  startClock(draft, handoff.id, 'response', fresh, ownerId);
  return fresh;
};

const endOtherClocks = (draft: Draft, handoff: OpenHandoff): void => {
  for (const clock of Object.keys(clocksOf(handoff)) as ClockKind[])
    if (clock !== 'response') endClock(draft, handoff.id, clock, 'replaced');
};
