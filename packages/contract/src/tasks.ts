import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '@baton/domain/handoff/input.ts';
import { z } from 'zod/mini';
import { ContactActed } from './contactActs.ts';
import { ACT_ERRORS } from './handoffActs.ts';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const id = z.int().check(z.positive());
const instant = z.iso.datetime();

/** One thing that a rep has to do. */
export const TaskRow = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  dueAt: instant,
  owner: z.object({ id: z.int(), name: z.string() }),
  contactId: z.int(),
  handoffId: z.nullable(z.int()),
});
export type TaskRow = z.output<typeof TaskRow>;

export const listTasks = operation({
  id: 'list-tasks',
  method: 'GET',
  path: '/api/v1/tasks',
  say: 'List open tasks in the order of their ids, all or one rep\u2019s',
  access: 'handoffs:read',
  permission: 'handoffs.read',
  query: z.strictObject({ ...pageQuery, rep: z.optional(z.coerce.number().check(z.int(), z.positive())) }),
  reply: pageOf(TaskRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

/** With `channel` and `outcome` doing it was a contact, which is logged with it and stops the clocks that it answers. */
export const completeTask = operation({
  id: 'complete-task',
  method: 'POST',
  path: '/api/v1/tasks/:id/done',
  say: 'Complete a task, and log the contact that doing it was',
  access: 'handoffs:write',
  permission: 'handoffs.work',
  about: 'task',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  body: z.optional(
    z.object({
      as: z.optional(id),
      contact: z.optional(
        z.object({
          channel: z.enum(CONTACT_CHANNELS),
          outcome: z.enum(CONTACT_OUTCOMES),
          note: z.optional(z.nullable(z.string().check(z.maxLength(4_000)))),
        }),
      ),
    }),
  ),
  reply: ContactActed,
  status: 200,
  errors: ACT_ERRORS,
});
