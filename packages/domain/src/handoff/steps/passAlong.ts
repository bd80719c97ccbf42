import type { Placed } from '../../assignment/route.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { LegRule } from '../../policy/document.ts';
import type { Decided } from '../decision.ts';
import { type Draft, nameOf, note, putHandoff } from '../draft.ts';
import type { Clock } from '../state.ts';
import type { AssignmentTrace } from '../trace.ts';
import { enterHandoff, membersFollow } from './accepted.ts';
import { endClocks, passResponse, startClock } from './clocks.ts';
import { legRoute, rememberLeg } from './leg.ts';
import { tellOwner } from './notify.ts';
import { bookPlace, findPlace } from './place.ts';
import { placeByHand } from './placeByHand.ts';
import { acceptClock, asOffered, asOpen, baseOf, type HandoffIn, responseClock } from './reshape.ts';

export type PassedOn =
  | { readonly kind: 'passed'; readonly trace: AssignmentTrace; readonly say: string }
  | { readonly kind: 'nobody'; readonly say: string }
  | Extract<Decided, { kind: 'needs' }>;

/**
 * Passes an accepted lead on inside sales: by the leg's own route, with accept and response clocks of its own. Before any
 * contact the response clock runs on, since it is the customer who waits. Where nobody can take it, it stays where it is,
 * and nothing was changed. `to`: whom a person named.
 */
export const passAlong = (
  draft: Draft,
  handoff: HandoffIn<'open' | 'working' | 'deal'>,
  leg: Pick<LegRule, 'id' | 'accept' | 'contactWithin'> & Partial<Pick<LegRule, 'to'>>,
  to: RepId | null,
): PassedOn => {
  const found = findNext(draft, handoff, leg, to);
  if ('kind' in found) return found;
  const { ownerId } = found;
  if (ownerId === null) return { kind: 'nobody', say: found.trace.say };
  const { now } = draft.context;
  const { coversFor: _, ...kept } = baseOf(handoff);
  const lead = { intent: handoff.intent, routeId: leg.id, teamId: found.teamId, ownerId };
  const response = clockOf(draft, handoff, lead, leg);
  draft.changes.push({ kind: 'task-closed', handoffId: handoff.id, how: 'done' });
  const base = {
    ...kept,
    ...(handoff.status === 'deal' ? { dealCloseAt: handoff.close.dueAt } : {}),
    leg: rememberLeg(handoff, leg.id, now),
    routeId: leg.id,
    teamId: found.teamId,
    credit: bookPlace(draft, handoff.id, found),
    offers: handoff.offers + 1,
  };
  const say = `${nameOf(draft, handoff.ownerId)} passed it on to ${nameOf(draft, ownerId)}: ${found.trace.say}`;
  note(draft, 'rerouted', say);
  if (found.accept.by === 'policy') {
    const open = enterHandoff(draft, asOpen(base, ownerId, now, response), 'accepted');
    tellOwner(draft, open, 'assigned');
  } else {
    const accept = acceptClock(draft, lead, found.accept);
    const offered = asOffered(base, ownerId, accept, response);
    putHandoff(draft, offered);
    if (accept !== null) startClock(draft, offered.id, 'accept', accept, ownerId);
    tellOwner(draft, offered, 'assigned');
    membersFollow(draft, offered);
  }
  return { kind: 'passed', trace: { ...found.trace, routeId: leg.id, how: 'leg' }, say };
};

const findNext = (
  draft: Draft,
  handoff: HandoffIn<'open' | 'working' | 'deal'>,
  leg: Parameters<typeof passAlong>[2],
  to: RepId | null,
): Placed | Extract<Decided, { kind: 'needs' }> => {
  if (to !== null) return placeByHand(to, `${nameOf(draft, to)} was named`, leg.accept);
  if (leg.to === undefined) throw new Error(`the leg ${leg.id} leads nowhere, and nobody was named`);
  const routed = findPlace(draft, {
    intent: handoff.intent,
    target: null,
    routes: [legRoute({ ...leg, to: leg.to, when: 'by-hand', dealOwner: null })],
    declinedBy: handoff.declinedBy,
    ...(handoff.lapsedBy === undefined ? {} : { lapsedBy: handoff.lapsedBy }),
    passedBy: [handoff.ownerId],
  });
  return routed.kind === 'needs' ? routed : routed.placed;
};

/** The clock of the customer, who waits for the first contact, or for the next owner's. */
const clockOf = (
  draft: Draft,
  handoff: HandoffIn<'open' | 'working' | 'deal'>,
  lead: Parameters<typeof responseClock>[1] & { readonly ownerId: RepId },
  leg: Pick<LegRule, 'contactWithin'>,
): Clock => {
  if (handoff.status === 'open')
    return passResponse(draft, { ...lead, id: handoff.id, response: handoff.response }, lead.ownerId);
  endClocks(draft, handoff, 'closed');
  const fresh = responseClock(draft, lead, leg.contactWithin ?? undefined);
  startClock(draft, handoff.id, 'response', fresh, lead.ownerId);
  return fresh;
};
