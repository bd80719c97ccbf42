import { isPassing } from '../database/isPassing.ts';
import { type FireDeps, fireDueClocks, tidyClockFaults } from './fireClocks.ts';

/** A node's timer: fires what is due, then sleeps to the next due instant. */
export type Timers = {
  /** Answers when the round that runs now is over; begins none after it. */
  readonly stop: () => Promise<void>;
};

/** The longest sleep: what another node wrote meanwhile is seen at the latest then. */
const SLEEP_MAX_MS = 1_000;
/** While something due is held by somebody else: look again soon, and less often the longer it lasts. */
const HELD_MS = 50;
const TIDY_EVERY_MS = 60_000;

// The smallest instant of the index is all that is read, however many clocks wait: in its order and up to the first. Asked
// as `exists` a planner that knows a million rows would rather read them all. Both instants are the database's.
const NEXT = `
select k.next_at - now_ms() as sleep from handoff_clock k
where k.stopped_at is null
  and not exists (select from clock_fault f where f.clock_id = k.id and f.retry_at > (select now_ms()))
order by k.next_at limit 1`;

/**
 * Starts the node's timer. An error that passes by itself is told, and the next round tries again. The process's own
 * clock is never asked what is due: the database says how long to sleep.
 */
export function startTimers(deps: FireDeps, choice: { readonly onError: (error: unknown) => void }): Timers {
  let stopped = false;
  let wake: (() => void) | null = null;
  let heldMs = HELD_MS;
  let tidyAt = performance.now() + TIDY_EVERY_MS;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const round = async (): Promise<number> => {
    const { rows } = await deps.pool.query<{ sleep: number }>({ name: 'next-clock', text: NEXT });
    const sleepMs = Math.min(SLEEP_MAX_MS, rows[0]?.sleep ?? SLEEP_MAX_MS);
    if (performance.now() >= tidyAt) {
      tidyAt = performance.now() + TIDY_EVERY_MS;
      await tidyClockFaults(deps);
    }
    if (sleepMs > 0) {
      heldMs = HELD_MS;
      return sleepMs;
    }
    const fired = await fireDueClocks({ ...deps, isStopping: () => stopped });
    heldMs = fired > 0 ? HELD_MS : Math.min(SLEEP_MAX_MS, heldMs * 2);
    return fired > 0 ? 0 : heldMs;
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      const pause = await round().catch((error: unknown) => {
        if (!stopped || !isPassing(error)) choice.onError(error);
        return SLEEP_MAX_MS;
      });
      if (pause > 0 && !stopped) await sleep(pause);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
    },
  };
}
