import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, nameOf, needCompany, plainTrace, refuse } from '../draft.ts';
import type { Actor } from '../input.ts';
import type { ContactState } from '../state.ts';
import { acceptOffered } from '../steps/accepted.ts';
import { claim } from './claim.ts';

/** The owner takes an offered handoff. From a queue, taking is claiming: one wins, the others see who. */
export const accept = (state: ContactState, by: Actor, context: Context): Decided => {
  if (state.handoff?.status === 'queued') return claim(state, by, context);
  const refusal = whyNot('accept', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (state.handoff?.status !== 'offered') return refuse('wrong-status', 'Accept: it is not offered');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const open = acceptOffered(draft, state.handoff, by.kind === 'policy' ? 'policy' : 'accepted');
  return finish(draft, 'accepted', plainTrace('accept', `accepted by ${nameOf(draft, open.ownerId)}`));
};
