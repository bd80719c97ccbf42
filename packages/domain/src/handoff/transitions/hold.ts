import { evaluate } from '../../policy/evaluate.ts';
import { sayReason } from '../../policy/sayReason.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, ignore, needCompany, note, plainTrace } from '../draft.ts';
import type { Passage } from '../gate.ts';
import type { Actor } from '../input.ts';
import type { ContactState, Hold } from '../state.ts';
import { placeLead } from '../steps/placeLead.ts';
import { type Qualified, traceOf } from '../steps/qualified.ts';
import { subjectOf } from '../subject.ts';
import { canJoin, join } from './join.ts';

/** Somebody qualified but is held back: in a queue, until an instant, with what happens then. */
export const beginHold = (draft: Draft, qualified: Qualified, passage: Extract<Passage, { kind: 'hold' }>): Decided => {
  const { context } = draft;
  const hold: Hold = {
    exceptionId: passage.exceptionId,
    ruleId: qualified.ruleId,
    queueId: passage.hold.queue,
    since: context.now,
    until: context.now + passage.hold.ms,
    then: passage.hold.after === 'drop' ? 'drop' : 'release',
  };
  draft.state = { ...draft.state, hold };
  const reason = `${qualified.reason}, but ${passage.say}`;
  draft.changes.push({
    kind: 'qualified',
    ruleId: qualified.ruleId,
    intent: qualified.intent,
    teamId: null,
    handoffId: null,
    exceptionId: hold.exceptionId,
  });
  draft.changes.push({ kind: 'held', hold, reason });
  note(draft, 'held', `held in ${hold.queueId} (${hold.exceptionId}): ${reason}`);
  return finish(draft, 'held', { ...traceOf(draft, qualified, null), transition: 'hold', say: reason });
};

/** A hold's time is over: dropped, so that only something new brings it back, or released to sales. */
export const endHold = (state: ContactState, context: Context): Decided => {
  const { hold } = state;
  if (hold === null) return ignore(state, TIMER, context, 'hold-ends', 'nothing is held any more');
  if (context.now < hold.until) return ignore(state, TIMER, context, 'hold-ends', 'the hold is not over yet');
  if (hold.then === 'drop') {
    const draft = beginDraft(state, TIMER, context);
    dropHold(draft, hold, 'dropped');
    note(draft, 'closed', `the hold ${hold.exceptionId} is over: dropped, as the policy says`);
    return finish(draft, 'observed', plainTrace('hold-ends', `${hold.exceptionId}: dropped after its time`));
  }
  return releaseHold(state, context, hold);
};

/** Ends a hold and keeps its rule from being an edge at once. */
export const dropHold = (draft: Draft, hold: Hold, how: 'dropped' | 'withdrawn'): void => {
  const metBefore = [...new Set([...draft.state.metBefore, hold.ruleId])];
  draft.state = { ...draft.state, hold: null, metBefore };
  draft.changes.push({ kind: 'hold-ended', exceptionId: hold.exceptionId, how });
};

const TIMER = { kind: 'timer' } as const;

/** Ends a hold with a handoff: its time is over, or what it was held for turned out not to be so. */
export const releaseHold = (state: ContactState, context: Context, hold: Hold, by: Actor = TIMER): Decided => {
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  draft.state = { ...state, hold: null };
  draft.changes.push({ kind: 'hold-ended', exceptionId: hold.exceptionId, how: 'released' });
  const evaluation = evaluate(context.policy, subjectOf(draft.state, context, draft.company), context.now);
  const rule = evaluation.rules.find(({ id }) => id === hold.ruleId);
  const qualified: Qualified = {
    kind: 'inbound',
    intent: rule?.intent ?? 'standard',
    ruleId: hold.ruleId,
    reason: `${rule === undefined ? hold.ruleId : sayReason(context.policy.document, rule)} (released from ${hold.exceptionId})`,
    evaluation,
  };
  return canJoin(draft) ? join(draft, qualified) : placeLead(draft, qualified, null);
};
