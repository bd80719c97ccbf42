import { completeTask, listTasks } from '@baton/contract/tasks.ts';
import type { FastifyInstance } from 'fastify';
import { makeCompleteTask } from '../../handoff/completeTask.ts';
import { iso } from '../../records/iso.ts';
import { listTasks as list } from '../../records/listTasks.ts';
import { contactActed } from './actOutcome.ts';
import { actorOf } from './actorOf.ts';
import type { ActDeps } from './actRoutes.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { implement } from './implement.ts';
import { sightOf } from './sightOf.ts';

/** Registers reading and completing of tasks. */
export const registerTaskRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { acts, pool } = deps;
  implement(app, deps, listTasks, async ({ query, caller }) => {
    const after = idAfter(query.cursor, 0);
    const rows = await list(pool, { repId: query.rep, after, limit: query.limit + 1, sight: sightOf(caller) });
    return pageOfIds(rows, query.limit, (task) => ({
      id: task.id,
      type: task.type,
      title: task.title,
      dueAt: iso(task.dueAt),
      owner: { id: task.ownerId, name: task.owner },
      contactId: task.contactId,
      handoffId: task.handoffId,
    }));
  });
  const complete = makeCompleteTask(pool, acts);
  implement(app, deps, completeTask, async ({ params, body, caller }) => {
    const by = await actorOf(pool, caller, body?.as);
    const contact = body?.contact === undefined ? null : { ...body.contact, note: body.contact.note ?? null };
    return contactActed(pool, await complete(params.id, by, contact));
  });
};
