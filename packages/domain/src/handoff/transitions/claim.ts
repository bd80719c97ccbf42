import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, nameOf, needCompany, note, refuse } from '../draft.ts';
import type { Actor } from '../input.ts';
import type { ContactState } from '../state.ts';
import { enterHandoff } from '../steps/accepted.ts';
import { passResponse } from '../steps/clocks.ts';
import { tellOwner } from '../steps/notify.ts';
import { addLoad } from '../steps/place.ts';
import { asOpen } from '../steps/reshape.ts';
import { tellGroup } from '../steps/tellGroup.ts';

/** A rep takes a handoff out of a queue. It costs no turn; the response clock goes on as it was. */
export const claim = (state: ContactState, by: Actor, context: Context): Decided => {
  const refusal = whyNot('claim', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (state.handoff?.status !== 'queued' || by.kind !== 'rep')
    return refuse('wrong-status', 'Claim: it is in no queue');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const { handoff } = state;
  addLoad(draft, by.id);
  const response = passResponse(draft, handoff, by.id);
  const claimed = asOpen({ ...handoff, offers: handoff.offers + 1 }, by.id, context.now, response);
  const say = `claimed from ${handoff.queueId} by ${nameOf(draft, by.id)}`;
  note(draft, 'accepted', say);
  const open = enterHandoff(draft, claimed, 'accepted');
  tellOwner(draft, open, 'accepted');
  tellGroup(draft, handoff, by.id, open);
  const assignment = { routes: [], routeId: handoff.routeId, how: 'claimed' as const, step: null, say };
  return finish(draft, 'accepted', { evaluation: null, assignment, transition: 'claim', say, otherwise: [] });
};
