import { checkLeaks, listLeakChecks, listLeaks, mendLeak } from '@baton/contract/leaks.ts';
import type { FastifyInstance } from 'fastify';
import { type MendDeps, type MendError, mendLeak as mend } from '../../leaks/mendLeak.ts';
import { type CheckState, type Leak, lastCleared, readChecks, readLeaks } from '../../leaks/readLeaks.ts';
import type { LeakWatch } from '../../leaks/watchLeaks.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { type ApiDeps, implement } from './implement.ts';

export type LeakRouteDeps = ApiDeps & Omit<MendDeps, 'pool'> & { readonly watch: Pick<LeakWatch, 'checkNow'> };

/** Registers what the leaks screen, the command line and monitors read, and the one step that mends each leak. */
export const registerLeakRoutes = (app: FastifyInstance, deps: LeakRouteDeps): void => {
  const { pool } = deps;
  implement(app, deps, listLeaks, async ({ query }) => {
    const rows = await readLeaks(pool, {
      after: idAfter(query.cursor, 0),
      limit: query.limit + 1,
      checkId: query.check,
    });
    return pageOfIds(rows, query.limit, toRow);
  });
  const state = async () => {
    const checks = await readChecks(pool);
    const closed = await lastCleared(pool);
    return {
      leaks: checks.reduce((sum, check) => sum + check.found, 0),
      lastClosedAt: closed === null ? null : iso(closed),
      checks: checks.map(toCheck),
    };
  };
  implement(app, deps, listLeakChecks, state);
  implement(app, deps, checkLeaks, async () => {
    const change = await deps.watch.checkNow();
    if (change === null) throw new HttpProblem('conflict', 'Another node is looking at this moment; read its look.');
    return state();
  });
  implement(app, deps, mendLeak, async ({ params, caller }) => {
    const done = await mend(deps, params.id, callerName(caller));
    if (!done.ok) throw new HttpProblem(PROBLEMS[done.error.code], done.error.say);
    return { id: params.id, did: done.value.did };
  });
};

const PROBLEMS = {
  'leak-unknown': 'not_found',
  'leak-closed': 'conflict',
  'no-mend': 'illegal_transition',
  'mend-refused': 'illegal_transition',
} as const satisfies Record<MendError['code'], string>;

const toRow = (leak: Leak) => ({
  id: leak.id,
  check: leak.checkId,
  subject: leak.subject,
  contactId: leak.contactId,
  handoffId: leak.handoffId,
  who: leak.who,
  cause: leak.cause,
  since: iso(leak.since),
  foundAt: iso(leak.foundAt),
  mend: leak.mend,
  mendSays: leak.mendSays,
});

const toCheck = (check: CheckState) => ({
  id: check.id,
  title: check.title,
  promise: check.promise,
  leaks: check.found,
  rowsChecked: check.looksAt,
  checkedAt: check.checkedAt === null ? null : iso(check.checkedAt),
  error: check.error,
  sql: check.sql,
});
