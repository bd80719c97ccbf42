import type { LiveNotices } from '@baton/contract/notices.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { countUnread, noticesBetween } from '../../channels/notices/notices.ts';
import type { FeedPlace } from './feedReader.ts';

/** One stream's notices. */
export type NoticeTeller = {
  /** Says how many are unread as the stream begins. */
  readonly begin: () => void;
  /**
   * Says what was written after `from` up to `to`, then `changes`, whose ids let a client that comes back begin there:
   * what it may have missed comes again, and each notice has its id.
   */
  readonly tell: (from: FeedPlace, to: FeedPlace, changes: string, countAgain: boolean) => void;
  readonly stop: () => void;
};

/** Tells one rep's notices on a stream, in order, each range of the feed after the one before. */
export const tellNotices = (
  pool: Pool,
  repId: RepId,
  to: {
    readonly write: (text: string) => void;
    readonly say: (data: LiveNotices) => string;
    readonly onError: (error: unknown) => void;
  },
): NoticeTeller => {
  let stopped = false;
  let chain: Promise<void> = Promise.resolve();
  const waiting = new Set<ReturnType<typeof setTimeout>>();
  const inTurn = (work: () => Promise<void>): void => {
    chain = chain.then(async () => {
      if (!stopped) await work();
    });
    chain = chain.catch((error: unknown) => {
      if (!stopped) to.onError(error);
    });
  };
  /** What can still be undone is told at its instant, if it is there then. */
  const laterOf = (at: number, from: bigint, upTo: bigint): void => {
    const timer = setTimeout(
      () => {
        waiting.delete(timer);
        inTurn(() => tellBetween(from, upTo, '', false));
      },
      Math.max(0, at - Date.now()) + 100,
    );
    waiting.add(timer);
  };
  const tellBetween = async (from: bigint, upTo: bigint, changes: string, countAgain: boolean): Promise<void> => {
    const { rows, later } = await noticesBetween(pool, repId, from, upTo);
    if (later !== null) laterOf(later, from, upTo);
    const news = rows.length > 0 || countAgain ? to.say({ unread: await countUnread(pool, repId), rows }) : '';
    if (!stopped) to.write(news + changes);
  };
  return {
    begin: () => inTurn(async () => to.write(to.say({ unread: await countUnread(pool, repId), rows: [] }))),
    tell: (from, upTo, changes, countAgain) => inTurn(() => tellBetween(from.tx, upTo.tx, changes, countAgain)),
    stop: () => {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
    },
  };
};
