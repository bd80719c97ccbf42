import { countHandoffs, listHandoffs, readHandoff } from '@baton/contract/handoffs.ts';
import type { FastifyInstance } from 'fastify';
import { countHandoffs as count } from '../../records/handoffs/countHandoffs.ts';
import { type HandoffCursor, listHandoffs as list } from '../../records/handoffs/listHandoffs.ts';
import { readHandoff as read } from '../../records/handoffs/readHandoff.ts';
import { type ApiDeps, implement } from '../api/implement.ts';
import { HttpProblem } from '../httpProblem.ts';

/** Registers reading of handoffs: the list, its counts, and one in full. */
export const registerHandoffRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, listHandoffs, async ({ query }) => {
    const { next, ...page } = await list(deps.pool, {
      view: query.view,
      repId: query.rep,
      teamId: query.team,
      search: query.search,
      ids: query.ids?.split(',').map(Number),
      after: query.cursor === undefined ? undefined : readCursor(query.cursor),
      limit: query.limit,
    });
    return { ...page, nextCursor: next === null ? null : writeCursor(next) };
  });
  implement(
    app,
    deps,
    countHandoffs,
    shareFor(COUNT_MS, () => count(deps.pool)),
  );
  implement(app, deps, readHandoff, async ({ params }) => {
    const detail = await read(deps.pool, params.id);
    if (detail === null) throw new HttpProblem('not_found', `There is no handoff ${params.id}.`);
    return detail;
  });
};

/** Counting reads every handoff; however many pages ask, it is done once a second. */
const COUNT_MS = 1_000;

/** Answers everybody who asks within `ms` of a call's start with that call. A call that failed is not shared further. */
const shareFor = <T>(ms: number, call: () => Promise<T>): (() => Promise<T>) => {
  let shared: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    if (shared !== null && performance.now() - shared.at < ms) return shared.answer;
    const made = { at: performance.now(), answer: call() };
    shared = made;
    made.answer.catch(() => {
      if (shared === made) shared = null;
    });
    return made.answer;
  };
};

/** Opaque to callers, so that what it holds may change. */
const writeCursor = ({ qualifiedAt, id }: HandoffCursor): string =>
  Buffer.from(`h${qualifiedAt}.${id}`).toString('base64url');

const readCursor = (cursor: string): HandoffCursor => {
  const match = /^h(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) {
    throw new HttpProblem('invalid_cursor', 'Send the nextCursor of the page before, unchanged.', { at: 'cursor' });
  }
  return { qualifiedAt: Number(match[1]), id: Number(match[2]) };
};
