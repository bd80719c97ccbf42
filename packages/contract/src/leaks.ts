import { z } from 'zod/mini';
import { operation } from './operation.ts';
import { pageOf, pageQuery } from './paging.ts';

const Id = z.object({ id: z.coerce.number().check(z.int(), z.positive()) });

/** Something that nobody holds: what, since when, why as far as rows tell, and the one step that mends it. */
export const LeakRow = z.object({
  id: z.int(),
  check: z.string(),
  subject: z.string(),
  contactId: z.nullable(z.int()),
  handoffId: z.nullable(z.int()),
  who: z.nullable(z.string()),
  cause: z.string(),
  since: z.iso.datetime(),
  foundAt: z.iso.datetime(),
  /** The step's name; null where a person has to look. */
  mend: z.nullable(z.string()),
  mendSays: z.string(),
});

/** One promise, and the latest look at it. `checkedAt` null: not yet. `error`: why it could not be looked at. */
export const LeakCheck = z.object({
  id: z.string(),
  title: z.string(),
  promise: z.string(),
  leaks: z.int(),
  rowsChecked: z.int(),
  checkedAt: z.nullable(z.iso.datetime()),
  error: z.nullable(z.string()),
  sql: z.string(),
});

export const listLeaks = operation({
  id: 'list-leaks',
  method: 'GET',
  path: '/api/v1/leaks',
  say: 'List what an independent look at the database found that nobody holds',
  access: 'handoffs:read',
  permission: 'leaks.read',
  query: z.strictObject({ ...pageQuery, check: z.optional(z.string().check(z.maxLength(64))) }),
  reply: pageOf(LeakRow),
  status: 200,
  errors: ['invalid_parameter', 'invalid_cursor'],
});

const Checks = z.object({ leaks: z.int(), lastClosedAt: z.nullable(z.iso.datetime()), checks: z.array(LeakCheck) });

export const listLeakChecks = operation({
  id: 'list-leak-checks',
  method: 'GET',
  path: '/api/v1/leaks/checks',
  say: 'List the promises that are watched, each with its latest look and the query that proves it',
  access: 'handoffs:read',
  permission: 'leaks.read',
  reply: Checks,
  status: 200,
  errors: [],
});

export const checkLeaks = operation({
  id: 'check-leaks',
  method: 'POST',
  path: '/api/v1/leaks/check',
  say: 'Look now: ask every check and recount',
  access: 'handoffs:write',
  permission: 'leaks.read',
  reply: Checks,
  status: 200,
  errors: ['conflict'],
});

export const mendLeak = operation({
  id: 'mend-leak',
  method: 'POST',
  path: '/api/v1/leaks/:id/mend',
  say: 'Mend a leak by its one step',
  access: 'handoffs:write',
  permission: 'leaks.mend',
  params: Id,
  reply: z.object({ id: z.int(), did: z.string() }),
  status: 200,
  errors: ['not_found', 'conflict', 'illegal_transition'],
});
