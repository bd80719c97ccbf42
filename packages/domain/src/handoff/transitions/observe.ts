import { observe as foldEvent } from '../../facts/observe.ts';
import { evaluate } from '../../policy/evaluate.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { unchanged } from '../draft.ts';
import type { Prompt } from '../findEdge.ts';
import { keepMet, metRules } from '../findEdge.ts';
import { isCleared } from '../gate.ts';
import type { Input } from '../input.ts';
import type { ContactState } from '../state.ts';
import { subjectOf } from '../subject.ts';
import { releaseHold } from './hold.ts';
import { qualify } from './qualify.ts';
import { raise } from './raise.ts';

/** An event: it is folded into what is known, and may make the contact qualify, or raise what is open. */
export const observe = (
  state: ContactState,
  { event }: Extract<Input, { kind: 'event-observed' }>,
  context: Context,
): Decided => {
  const next = foldEvent(state, event, context.policy.collectors);
  // Company facts were folded before, so claims about the company count as news although the contact stays as it was.
  if (next === state && !event.claims.some(({ path }) => path.startsWith('company.'))) return unchanged(next, context);
  return look(next, context, { eventKey: event.key, timeOnly: false });
};

/** Looks whether what is known now makes a difference: the one way to qualify, whatever was new. */
export const look = (state: ContactState, context: Context, prompt: Prompt): Decided => {
  if (!context.handsOff) return rememberMet(state, context);
  if (state.handoff !== null) return raise(state, context, prompt);
  if (state.hold !== null && isCleared(state.hold.exceptionId, state.facts))
    return releaseHold(state, context, state.hold, { kind: 'policy' });
  if (state.hold !== null || state.group !== null || state.suppressed !== null) return unchanged(state, context);
  return qualify(state, context, prompt);
};

/** What an import as history leaves behind: the rules that are met already, so that none of them is an edge tomorrow. */
const rememberMet = (state: ContactState, context: Context): Decided => {
  const evaluation = evaluate(context.policy, subjectOf(state, context, null), context.now);
  const metBefore = [...new Set([...keepMet(state.metBefore, evaluation), ...metRules(evaluation)])];
  return unchanged({ ...state, metBefore }, context);
};
