import { evaluate } from '../../policy/evaluate.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { unchanged } from '../draft.ts';
import { metRules } from '../findEdge.ts';
import type { ContactState } from '../state.ts';
import { subjectOf } from '../subject.ts';

/**
 * A policy begins, `from now on`: the rules that a contact meets already are remembered and are no edge. To hand those off
 * too, the caller sends `facts-changed` instead, so many a day.
 */
export const policyPublished = (state: ContactState, context: Context): Decided => {
  if (state.handoff !== null || state.group !== null || state.hold !== null) return unchanged(state, context);
  const evaluation = evaluate(context.policy, subjectOf(state, context, null), context.now);
  return unchanged({ ...state, metBefore: metRules(evaluation) }, context);
};
