import type { Draft } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';

/** The open task goes with the handoff: to its owner, due with the first contact or the next step. Else there is none. */
export const moveTask = (draft: Draft, handoff: OpenHandoff): void => {
  if (handoff.status !== 'open' && handoff.status !== 'working') return;
  const { dueAt } = handoff.status === 'open' ? handoff.response : handoff.nextStep;
  draft.changes.push({ kind: 'task-moved', handoffId: handoff.id, ownerId: handoff.ownerId, dueAt });
};
