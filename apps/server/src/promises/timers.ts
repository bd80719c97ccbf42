import { isPassing } from '../database/isPassing.ts';
import { type FireDeps, fireDueClocks, tidyClockFaults } from './fireClocks.ts';

/** A node's timer: fires what is due, then sleeps to the next due instant. */
export type Timers = {
  /** Something was committed that may be due sooner than what it sleeps for: look now. */
  readonly wake: () => void;
  /** Answers when the round that runs now is over; begins none after it. */
  readonly stop: () => Promise<void>;
};

/** The longest sleep: what another node wrote meanwhile is seen at the latest then. */
const SLEEP_MAX_MS = 1_000;
/** While something due is held by somebody else: look again soon, and less often the longer it lasts. */
const HELD_MS = 50;
const TIDY_EVERY_MS = 60_000;

// The smallest instant of the index is all that is read, however many clocks wait. Both instants are the database's.
const NEXT = `
with clock as materialized (select now_ms() as now)
select
  (select min(k.next_at) from handoff_clock k where k.stopped_at is null and k.next_at > clock.now) - clock.now as sleep,
  exists (select from handoff_clock k where k.stopped_at is null and k.next_at <= clock.now
    and not exists (select from clock_fault f where f.clock_id = k.id and f.retry_at > clock.now)) as due
from clock`;

/**
 * Starts the node's timer. An error that passes by itself is told, and the next round tries again. The process's own
 * clock is never asked what is due: the database says how long to sleep.
 */
export function startTimers(deps: FireDeps, choice: { readonly onError: (error: unknown) => void }): Timers {
  let stopped = false;
  let woken = false;
  let sleeper: { readonly timer: ReturnType<typeof setTimeout>; readonly end: () => void } | null = null;
  let heldMs = HELD_MS;
  let tidyAt = performance.now() + TIDY_EVERY_MS;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        sleeper = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      sleeper = { timer, end };
    });

  const round = async (): Promise<number> => {
    const { rows } = await deps.pool.query<{ sleep: number | null; due: boolean }>({ name: 'next-clock', text: NEXT });
    const next = rows[0] ?? { sleep: null, due: false };
    if (performance.now() >= tidyAt) {
      tidyAt = performance.now() + TIDY_EVERY_MS;
      await tidyClockFaults(deps);
    }
    if (!next.due) heldMs = HELD_MS;
    if (!next.due) return Math.min(SLEEP_MAX_MS, Math.max(1, next.sleep ?? SLEEP_MAX_MS));
    const fired = await fireDueClocks(deps);
    heldMs = fired > 0 ? HELD_MS : Math.min(SLEEP_MAX_MS, heldMs * 2);
    return fired > 0 ? 0 : heldMs;
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      const pause = await round().catch((error: unknown) => {
        if (!stopped || !isPassing(error)) choice.onError(error);
        return SLEEP_MAX_MS;
      });
      if (pause > 0 && !stopped && !woken) await sleep(pause);
    }
  };
  const running = run();
  return {
    wake: () => {
      woken = true;
      sleeper?.end();
    },
    stop: async () => {
      stopped = true;
      sleeper?.end();
      await running;
    },
  };
}
