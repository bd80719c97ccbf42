import { listActivities, resolveActivity, sendActivities } from '@baton/contract/activities.ts';
import type { FastifyInstance } from 'fastify';
import type { ActivityReceipt } from '../../evidence/activity.ts';
import { takeActivity } from '../../evidence/takeActivity.ts';
import { dismissActivity, listActivities as list, resolveActivity as resolve } from '../../evidence/unmatched.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { ActDeps } from './actRoutes.ts';
import { callerName } from './caller.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { implement } from './implement.ts';

/** Registers what dialers and mailers send, and what people do with what nobody was found for. */
export const registerActivityRoutes = (app: FastifyInstance, deps: ActDeps): void => {
  const { pool, now } = deps;
  implement(app, deps, sendActivities, async ({ body, caller }) => {
    if (caller.kind !== 'key')
      throw new HttpProblem('forbidden', 'Activities are sent with a secret key, so that they have a source.');
    const nameless = body.activities.findIndex(({ userId, email, phone }) => !(userId ?? email ?? phone));
    if (nameless >= 0)
      throw new HttpProblem('invalid_field', `activities/${nameless}: say of whom by userId, email or phone.`, {
        at: `activities/${nameless}`,
      });
    const receipts: ActivityReceipt[] = [];
    // one after the other: two of one contact would wait for each other's lock anyway
    for (const { at, userId, email, phone, agent, note, ...one } of body.activities)
      receipts.push(
        await takeActivity(deps, {
          ...one,
          source: caller.holder.sourceName,
          at: at === undefined ? now() : Date.parse(at),
          who: { userId: userId ?? null, email: email ?? null, phone: phone ?? null },
          agent: agent ?? null,
          note: note ?? null,
        }),
      );
    return { receipts };
  });
  implement(app, deps, listActivities, async ({ query }) => {
    const rows = await list(pool, { state: query.state, after: idAfter(query.cursor, 0), limit: query.limit + 1 });
    return pageOfIds(rows, query.limit, ({ note: _, at, ...row }) => ({ ...row, at: iso(at) }));
  });
  implement(app, deps, resolveActivity, async ({ params, body, caller }) => {
    const by = callerName(caller);
    const { contactId } = body;
    if (contactId !== null && (await pool.query('select from contact where id = $1', [contactId])).rowCount === 0)
      throw new HttpProblem('invalid_field', `contactId: there is no contact ${contactId}.`, { at: 'contactId' });
    const resolved =
      contactId === null ? await dismissActivity(deps, params.id, by) : await resolve(deps, params.id, contactId, by);
    if (resolved.kind === 'not-found') throw new HttpProblem('not_found', `There is no activity ${params.id}.`);
    if (resolved.kind === 'settled')
      throw new HttpProblem(
        'conflict',
        `Activity ${params.id} is ${resolved.state} already.`,
        resolved.by === null ? {} : { by: resolved.by },
      );
    return resolved.receipt;
  });
};
