import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState } from '../state.ts';
import { reroute } from '../steps/reroute.ts';
import { isAcceptedDecline } from './reject.ts';

/** The owner hands it back: re-routed to the next; a reason that the policy accepts costs no turn, any other does. */
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
  const leaving = { declinedBy: handoff.ownerId, reverses, say: `handed back: ${act.reason}` };
  const moved = reroute(draft, handoff, leaving);
  if (moved.kind === 'needs') return moved;
  return finish(draft, 'rerouted', { ...plainTrace('hand-back', leaving.say), assignment: moved.trace });
};
