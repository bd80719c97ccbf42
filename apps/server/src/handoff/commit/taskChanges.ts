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
  'task-closed': (rows, change, { decision }) => {
    for (const task of rows.tasks.get(change.handoffId) ?? []) task.end ??= { at: decision.at, how: change.how };
    rows.updates.taskCloses.push({ handoffId: change.handoffId, at: decision.at, how: change.how });
  },
  'task-moved': (rows, change) => {
    for (const task of rows.tasks.get(change.handoffId) ?? [])
      if (task.end === null) {
        task.ownerId = change.ownerId;
        task.dueAt = change.dueAt;
      }
    rows.updates.taskMoves.push({ handoffId: change.handoffId, ownerId: change.ownerId, dueAt: change.dueAt });
  },
};
