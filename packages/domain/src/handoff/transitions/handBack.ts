import { canOwn } from '../../assignment/eligibility.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, nameOf, need, needCompany, note, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState, HandoffLeg } from '../state.ts';
import { bringBack } from '../steps/bringBack.ts';
import { tellOwner } from '../steps/notify.ts';
import { needsToReverse, reversePlace } from '../steps/place.ts';
import { reroute } from '../steps/reroute.ts';
import { isAcceptedDecline } from './reject.ts';

/**
 * The owner hands it back: what was passed on goes back to whoever did, everything else is re-routed to the next. A
 * reason that the policy accepts costs no turn, any other does.
 */
export const handBack = (
  state: ContactState,
  by: Actor,
  act: Extract<RepAct, { do: 'hand-back' }>,
  context: Context,
): Decided => {
  const refusal = whyNot('hand-back', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  if (handoff === null || handoff.status === 'queued') return refuse('wrong-status', 'Hand back: nobody has it');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const known = context.policy.document.feedback.reject.find(({ id }) => id === act.reason);
  const reverses = isAcceptedDecline(known ?? { id: act.reason, reroute: false, merge: false });
  if (handoff.leg !== undefined && handoff.status !== 'deal' && canOwn(context.people.reps.get(handoff.leg.fromId)))
    return handLegBack(draft, handoff, handoff.leg, { reason: act.reason, reverses });
  const leaving = { declinedBy: handoff.ownerId, reverses, say: `handed back: ${act.reason}` };
  const moved = reroute(draft, handoff, leaving);
  if (moved.kind === 'needs') return moved;
  return finish(draft, 'rerouted', { ...plainTrace('hand-back', leaving.say), assignment: moved.trace });
};

const handLegBack = (
  draft: Draft,
  handoff: Parameters<typeof bringBack>[1],
  leg: HandoffLeg,
  { reason, reverses }: { readonly reason: string; readonly reverses: boolean },
): Decided => {
  const needs = reverses ? needsToReverse(draft, handoff) : [];
  if (needs.length > 0) return need(...needs);
  if (reverses) reversePlace(draft, handoff);
  const say = `handed back to ${nameOf(draft, leg.fromId)} by ${nameOf(draft, handoff.ownerId)}: ${reason}`;
  const declinedBy = [...new Set([...handoff.declinedBy, handoff.ownerId])];
  note(draft, 'rerouted', say);
  const back = bringBack(draft, { ...handoff, declinedBy }, leg);
  tellOwner(draft, back, 'rerouted', { subject: say });
  const assignment = { routes: [], routeId: leg.id, how: 'by-hand' as const, step: null, say };
  return finish(draft, 'rerouted', { ...plainTrace('hand-back', say), assignment });
};
