import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, note, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState } from '../state.ts';
import { contacted, OUTCOME_MEANS } from './logContact.ts';

/**
 * A task is done. By itself that stops no clock: a promise is answered by a contact, which the act may log with it.
 * That the task is open is the caller's to check, under the contact's lock.
 */
export const completeTask = (
  state: ContactState,
  by: Actor,
  { task, contact }: Extract<RepAct, { do: 'complete-task' }>,
  context: Context,
): Decided => {
  const refusal = whyNot('complete-task', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (by.kind === 'rep' && task.ownerId !== by.id) {
    const owner = context.people.reps.get(task.ownerId)?.name ?? `rep ${task.ownerId}`;
    return refuse('not-yours', `Complete the task: it is ${owner}’s`, task.ownerId);
  }
  if (contact !== null && (state.handoff === null || state.handoff.status === 'queued'))
    return refuse('wrong-status', 'Complete the task: nobody has the handoff, so no contact can be logged with it');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const say = `task done: ${task.type}`;
  draft.changes.push({ kind: 'task-done', taskId: task.id });
  note(draft, 'note', say);
  const means = contact === null ? 'nothing' : OUTCOME_MEANS[contact.outcome];
  if (contact === null || means === 'nothing') {
    if (contact !== null) note(draft, 'contact', `${contact.channel}: ${contact.outcome}; reached nobody`);
    return finish(draft, 'worked', plainTrace('complete-task', say));
  }
  const evidence = `${contact.channel}: ${contact.outcome}`;
  return contacted(draft, { means, at: context.now, evidence, status: null });
};
