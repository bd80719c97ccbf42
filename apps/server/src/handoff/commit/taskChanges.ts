import type { ChangeWriters } from './about.ts';

export const taskChanges: ChangeWriters<'task-created' | 'task-closed' | 'task-moved'> = {
  'task-created': (rows, change, { decision }) => {
    const tasks = rows.tasks.get(change.handoffId) ?? [];
    tasks.push({
      handoffId: change.handoffId,
      contactId: decision.contactId,
      decisionId: decision.id,
      createdAt: decision.at,
      type: change.type,
      title: change.title,
      ownerId: change.ownerId,
      dueAt: change.dueAt,
      end: null,
    });
    rows.tasks.set(change.handoffId, tasks);
  },
  'task-closed': (rows, change, { decision, by }) => {
    const { contactId } = decision;
    for (const task of rows.tasks.get(change.handoffId) ?? [])
      if (task.contactId === contactId) task.end ??= { at: decision.at, how: change.how };
    const { handoffId, how } = change;
    rows.updates.taskCloses.push({ handoffId, contactId, at: decision.at, how, by, decisionId: decision.id });
  },
  'task-moved': (rows, change, { decision }) => {
    const { contactId } = decision;
    for (const task of rows.tasks.get(change.handoffId) ?? [])
      if (task.end === null && task.contactId === contactId) {
        task.ownerId = change.ownerId;
        task.dueAt = change.dueAt;
      }
    const { handoffId, ownerId, dueAt } = change;
    rows.updates.taskMoves.push({ handoffId, contactId, ownerId, dueAt });
  },
};
