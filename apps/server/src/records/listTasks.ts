import type { Instant } from '@baton/domain/kernel/time.ts';
import { type Sight, taskSight } from '../access/sight.ts';
import type { Queryable } from '../database/queryable.ts';

/** One thing that a rep has to do. */
export type OpenTask = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly dueAt: Instant;
  readonly ownerId: number;
  readonly owner: string;
  readonly contactId: number;
  readonly contact: string | null;
  readonly handoffId: number | null;
};

/** Open tasks in the order of their ids, all or one rep's. */
export const listTasks = async (
  client: Queryable,
  asked: { readonly repId: number | undefined; readonly after: number; readonly limit: number; readonly sight?: Sight },
): Promise<readonly OpenTask[]> =>
  (
    await client.query<OpenTask>(
      `select t.id, t.type, t.title, t.due_at as "dueAt", t.owner_id as "ownerId", r.name as owner,
         t.contact_id as "contactId", coalesce(c.name, c.email) as contact, t.handoff_id as "handoffId"
       from task t join rep r on r.id = t.owner_id join contact c on c.id = t.contact_id
       where t.closed_at is null and t.id > $1 and ($2::int8 is null or t.owner_id = $2)
         and ${taskSight('t', '$4')} order by t.id limit $3`,
      [asked.after, asked.repId ?? null, asked.limit, asked.sight ?? null],
    )
  ).rows;
