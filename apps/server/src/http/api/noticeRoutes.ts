import { listNotices, readNotices } from '@baton/contract/notices.ts';
import type { FastifyInstance } from 'fastify';
import {
  countUnread,
  markRead,
  type NoticePlace,
  pageOfNotices,
  type WhichNotices,
} from '../../channels/notices/notices.ts';
import { HttpProblem } from '../httpProblem.ts';
import { actorOf } from './actorOf.ts';
import type { Caller } from './caller.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type ApiDeps, implement } from './implement.ts';

/** Registers the notices in the app: a rep's list, what is unread, and marking it read. */
export const registerNoticeRoutes = (app: FastifyInstance, deps: ApiDeps & { readonly onRead: () => void }): void => {
  const { pool } = deps;
  const repOf = async (caller: Caller, as: number | undefined): Promise<number | null> => {
    const actor = await actorOf(pool, caller, as);
    return actor.kind === 'rep' ? actor.id : null;
  };
  implement(app, deps, listNotices, async ({ query, caller }) => {
    const repId = await repOf(caller, query.as);
    // who is no rep is told nothing in person
    if (repId === null) return { rows: [], unread: 0, nextCursor: null };
    const [at = 0, decisionId = 0, index = 0] = query.cursor === undefined ? [] : readCursor('n', 3, query.cursor);
    const after: NoticePlace | null = query.cursor === undefined ? null : [at, decisionId, index];
    const page = await pageOfNotices(pool, repId, { unreadOnly: query.unread === 'true', after, limit: query.limit });
    return {
      rows: page.rows,
      unread: await countUnread(pool, repId),
      nextCursor: page.next === null ? null : writeCursor('n', page.next),
    };
  });
  implement(app, deps, readNotices, async ({ body, caller }) => {
    const given = [body.ids, body.handoffId, body.all].filter((one) => one !== undefined);
    if (given.length !== 1)
      throw new HttpProblem('invalid_field', 'ids: say which, by one of ids, handoffId and all.', { at: 'ids' });
    const repId = await repOf(caller, body.as);
    if (repId === null) throw new HttpProblem('invalid_field', 'as: say whose; you are no rep.', { at: 'as' });
    const which: WhichNotices =
      body.ids !== undefined
        ? { ids: body.ids }
        : body.handoffId !== undefined
          ? { handoffId: body.handoffId }
          : { all: true };
    const read = await markRead(pool, repId, which);
    if (read > 0) deps.onRead();
    return { read, unread: await countUnread(pool, repId) };
  });
};
