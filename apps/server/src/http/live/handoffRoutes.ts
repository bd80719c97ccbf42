import { countHandoffs, listHandoffs, readHandoff } from '@baton/contract/handoffs.ts';
import type { FastifyInstance } from 'fastify';
import type { PolicyLoader } from '../../agreement/activePolicy.ts';
import { countHandoffs as count } from '../../records/handoffs/countHandoffs.ts';
import { type HandoffCursor, listHandoffs as list } from '../../records/handoffs/listHandoffs.ts';
import { readActions } from '../../records/handoffs/readActions.ts';
import { readHandoff as read } from '../../records/handoffs/readHandoff.ts';
import { readRejectReasons } from '../../records/handoffs/readRejectReasons.ts';
import { actorOf } from '../api/actorOf.ts';
import { readCursor, writeCursor } from '../api/cursor.ts';
import { type ApiDeps, implement } from '../api/implement.ts';
import { sightOf } from '../api/sightOf.ts';
import { withinRoles } from '../api/withinRoles.ts';
import { HttpProblem } from '../httpProblem.ts';

export type HandoffRouteDeps = ApiDeps & Pick<PolicyLoader, 'loadActivePolicy'>;

/** Registers reading of handoffs: the list, its counts, and one in full. */
export const registerHandoffRoutes = (app: FastifyInstance, deps: HandoffRouteDeps): void => {
  implement(app, deps, listHandoffs, async ({ query, caller }) => {
    const { next, ...page } = await list(deps.pool, {
      view: query.view,
      repId: query.rep,
      teamId: query.team,
      search: query.search,
      ids: query.ids?.split(',').map(Number),
      after: query.cursor === undefined ? undefined : readPlace(query.cursor),
      limit: query.limit,
      sight: sightOf(caller),
    });
    return { ...page, nextCursor: next === null ? null : writeCursor('h', [next.qualifiedAt, next.id]) };
  });
  const countAll = oneAtATime(() => count(deps.pool));
  implement(app, deps, countHandoffs, ({ caller }) => {
    const sight = sightOf(caller);
    return sight === null ? countAll() : count(deps.pool, sight);
  });
  implement(app, deps, readHandoff, async ({ params, caller }) => {
    const detail = await read(deps.pool, params.id);
    if (detail === null) throw new HttpProblem('not_found', `There is no handoff ${params.id}.`);
    const actor = await actorOf(deps.pool, caller, undefined);
    const { row } = detail;
    const actions = withinRoles(await readActions(deps.pool, row.contact.id, row, actor), caller);
    const mayReject = actions.some((action) => action.do === 'reject' && action.allowed);
    const policy = mayReject ? await deps.loadActivePolicy(deps.pool) : null;
    const reasons = policy?.compiled.document.feedback.reject ?? [];
    return { ...detail, actions, rejectReasons: await readRejectReasons(deps.pool, row.contact.id, reasons) };
  });
};

/**
 * Counting reads every handoff, so at most one count runs at a time. Whoever asks meanwhile shares the next one, which
 * begins after they asked: nobody gets an answer older than their question.
 */
const oneAtATime = <T>(call: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<unknown> | null = null;
  let next: Promise<T> | null = null;
  const run = (): Promise<T> => {
    const made = call();
    const done = made.then(
      () => undefined,
      () => undefined,
    );
    running = done;
    done.then(() => {
      if (running === done) running = null;
    });
    return made;
  };
  return () => {
    if (running === null) return run();
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  };
};

const readPlace = (cursor: string): HandoffCursor => {
  const [qualifiedAt = 0, id = 0] = readCursor('h', 2, cursor);
  return { qualifiedAt, id };
};
