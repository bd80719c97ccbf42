import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, ignore, nameOf, needCompany, note, plainTrace, putHandoff } from '../draft.ts';
import type { Actor, Input } from '../input.ts';
import type { ContactState } from '../state.ts';
import { passClocks } from '../steps/clocks.ts';
import { tellOwner } from '../steps/notify.ts';
import { bookPlace, findPlace } from '../steps/place.ts';
import { reroute } from '../steps/reroute.ts';
import { writeOwner } from '../steps/stages.ts';

/** The owner was switched off: the handoff finds another one, parked ones and deals too. */
export const ownerGone = (
  state: ContactState,
  { repId, change }: Extract<Input, { kind: 'availability-changed' }>,
  context: Context,
): Decided => {
  const by: Actor = { kind: 'policy' };
  const { handoff } = state;
  if (change !== 'deactivated') return ignore(state, by, context, 'availability', `${change}: cover does not act yet`);
  if (handoff === null || handoff.status === 'queued' || handoff.ownerId !== repId)
    return ignore(state, by, context, 'availability', 'the handoff is not theirs');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const say = `${nameOf(draft, repId)} is not active any more`;
  if (handoff.status !== 'deal') {
    const moved = reroute(draft, handoff, { declinedBy: repId, reverses: false, say });
    if (moved.kind === 'needs') return moved;
    return finish(draft, 'rerouted', { ...plainTrace('owner-gone', say), assignment: moved.trace });
  }
  const routed = findPlace(draft, { intent: handoff.intent, target: null, declinedBy: [repId] });
  if (routed.kind === 'needs') return routed;
  const { ownerId } = routed.placed;
  if (ownerId === null)
    return ignore(state, by, context, 'owner-gone', `${say}, and nobody can take the deal: assign it by hand`);
  const next = { ...passClocks(draft, handoff, ownerId), ownerId, credit: bookPlace(draft, handoff.id, routed.placed) };
  putHandoff(draft, next);
  writeOwner(draft, ownerId);
  note(draft, 'rerouted', `${say}; the deal goes to ${nameOf(draft, ownerId)}`);
  tellOwner(draft, next, 'rerouted');
  return finish(draft, 'rerouted', { ...plainTrace('owner-gone', say), assignment: routed.placed.trace });
};
