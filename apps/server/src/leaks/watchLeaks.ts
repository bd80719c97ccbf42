import type { Pool } from 'pg';
import type { ReferenceCache } from '../handoff/references.ts';
import { checkLeaks, type LeakChange } from './checkLeaks.ts';
import { recount } from './recount.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export type LeakWatch = {
  /** Asks everything now, the recount too. Null while another node is at it. */
  readonly checkNow: () => Promise<LeakChange | null>;
  readonly stop: () => Promise<void>;
};

export type LeakWatchChoice = {
  readonly onError: (error: unknown) => void;
  /** Called after each look, with what changed; told once, by the node that looked. */
  readonly onLooked?: (change: LeakChange) => Promise<void>;
  /** Between two looks; a minute when left out. */
  readonly everyMs?: number;
};

/**
 * Looks for leaks every minute and recounts every hour. On several nodes whoever comes first looks, and the others leave
 * it at that: a look that is younger than half the interval is not repeated.
 */
export const watchLeaks = (pool: Pool, references: ReferenceCache, choice: LeakWatchChoice): LeakWatch => {
  const everyMs = choice.everyMs ?? MINUTE_MS;
  let running: Promise<unknown> | null = null;
  let stopped = false;

  const checkNow = async (): Promise<LeakChange | null> => {
    // two hours back: what came during the last recount, or while no node ran, is counted too
    const since = await databaseClock(pool, -2 * HOUR_MS);
    return told(await checkLeaks(pool, [() => recount(pool, references, since)]));
  };
  const told = async (change: LeakChange | null): Promise<LeakChange | null> => {
    if (change !== null) await choice.onLooked?.(change);
    return change;
  };
  const round = async (): Promise<void> => {
    const { minutely, recounted } = await ages(pool);
    if (minutely < everyMs / 2) return;
    if (recounted >= HOUR_MS) await checkNow();
    else await told(await checkLeaks(pool));
  };
  const timer = setInterval(() => {
    if (stopped || running !== null) return;
    running = round()
      .catch(choice.onError)
      .finally(() => {
        running = null;
      });
  }, everyMs);
  timer.unref();
  return {
    checkNow,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
};

const databaseClock = async (pool: Pool, offset: number): Promise<number> => {
  const { rows } = await pool.query<{ at: number }>('select now_ms() + $1::int8 as at', [offset]);
  return rows[0]?.at ?? 0;
};

/** How long ago, in milliseconds, the checks and the recount looked; infinity: never. */
const ages = async (pool: Pool): Promise<{ readonly minutely: number; readonly recounted: number }> => {
  const { rows } = await pool.query<{ minutely: number | null; recounted: number | null }>(
    `select now_ms() - max(checked_at) filter (where check_id <> 'missed-edge') as minutely,
       now_ms() - max(checked_at) filter (where check_id = 'missed-edge') as recounted
     from leak_check`,
  );
  const { minutely = null, recounted = null } = rows[0] ?? {};
  return {
    minutely: minutely ?? Number.POSITIVE_INFINITY,
    recounted: recounted ?? Number.POSITIVE_INFINITY,
  };
};
