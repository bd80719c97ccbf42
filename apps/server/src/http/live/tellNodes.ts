import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { FEED_CHANNEL } from './feedReader.ts';

/** At most so often, however much is committed: a page is not faster than an eye. */
const EVERY_MS = 100;

/** How a node tells the others that there is something new in the feed. */
export type NodeTeller = {
  /** Tells them soon; what is asked meanwhile is told with it. */
  readonly tell: () => void;
  readonly stop: () => Promise<void>;
};

/**
 * Tells by NOTIFY, after the commit and beside it: notifying transactions commit one after the other, which the groups of the
 * intake are not to wait for. Nothing hangs on it, since every reader looks by itself each second; so it is not flushed either.
 */
export const startNodeTeller = (pool: Pool, onError: (error: unknown) => void): NodeTeller => {
  let toldAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let telling: Promise<void> = Promise.resolve();
  let stopped = false;
  const send = (): void => {
    timer = null;
    toldAt = performance.now();
    telling = pool
      .query(`select set_config('synchronous_commit', 'off', true), pg_notify($1, '')`, [FEED_CHANNEL])
      .then(() => undefined, onError);
  };
  return {
    tell: () => {
      if (stopped || timer !== null) return;
      timer = setTimeout(send, Math.max(0, toldAt + EVERY_MS - performance.now()));
      timer.unref();
    },
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await telling;
    },
  };
};
