import type { Operation } from '@baton/contract/operation.ts';
import type { Pool } from 'pg';
import { type Caller, callerName } from './caller.ts';

/**
 * Writes down who has done something in a rep's name: the act itself stands under the rep, whom it counts for. For people;
 * what a key does under a name is that key's by its decision.
 */
export const auditOnBehalf = async (
  pool: Pool,
  operation: Operation,
  caller: Caller,
  params: unknown,
  body: unknown,
): Promise<void> => {
  const { as } = (body ?? {}) as { readonly as?: number };
  if (operation.method === 'GET' || caller.kind !== 'session' || as === undefined) return;
  if (as === caller.session.account.repId) return;
  await pool.query('insert into audit (by, action, subject, detail) values ($1, $2, $3, $4)', [
    callerName(caller),
    'acted-for-rep',
    `rep:${as}`,
    JSON.stringify({ operation: operation.id, ...(params as object) }),
  ]);
};
