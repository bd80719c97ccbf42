import type { Actor, RepAct } from '@baton/domain/handoff/input.ts';
import type { TaskId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { type ActOutcome, ActRefused, type Acts } from './act.ts';

/** The contact that doing a task was, if it was one. */
export type TaskContact = Extract<RepAct, { do: 'complete-task' }>['contact'];

export type CompleteTask = (id: TaskId, by: Actor, contact: TaskContact) => Promise<ActOutcome>;

type StoredTask = { owner_id: number; type: string; how: string | null; closed_by: string | null };

/** Completes a task, and logs the contact that it was. Of two at once one wins, and the other learns who closed it. */
export const makeCompleteTask =
  (pool: Pool, acts: Acts): CompleteTask =>
  async (id, by, contact) => {
    const found = await pool.query<{ contact_id: number }>('select contact_id from task where id = $1', [id]);
    const contactId = found.rows[0]?.contact_id;
    if (contactId === undefined) return { kind: 'not-found' };
    return acts.act({ contactId }, async (client) => {
      const { rows } = await client.query<StoredTask>('select owner_id, type, how, closed_by from task where id = $1', [
        id,
      ]);
      const task = rows[0];
      if (task === undefined) throw new ActRefused('task-gone', 'Complete the task: it is gone.');
      if (task.how !== null) throw await closedAlready(client, task);
      return {
        kind: 'rep-acted',
        by,
        act: { do: 'complete-task', task: { id, ownerId: task.owner_id, type: task.type }, contact },
      };
    });
  };

const closedAlready = async (client: Pick<Pool, 'query'>, task: StoredTask): Promise<ActRefused> => {
  const repId = task.closed_by?.startsWith('rep:') === true ? Number(task.closed_by.slice('rep:'.length)) : null;
  const named = await client.query<{ name: string }>('select name from rep where id = $1', [repId]);
  const who = named.rows[0]?.name ?? task.closed_by?.replace(/^\w+:/, '') ?? null;
  const how = task.how === 'done' ? 'done' : 'dropped';
  return new ActRefused(
    'task-closed',
    `Complete the task: it is ${how} already${who === null ? '' : ` (${who})`}.`,
    repId,
  );
};
