import type { Pool } from 'pg';
import { type FetchCalendar, refreshCalendars } from './outOfOffice.ts';
import { wakeAvailability } from './wakeAvailability.ts';

/** What a server does about people besides its work. */
export type PeopleWatch = { readonly stop: () => Promise<void> };

/**
 * Asks out-of-office calendars that are due and looks every `everyMs` whose absence began or ended; tells `onWoken` that there is something to decide. Safe on several
 * nodes at once; an error is told and the next round tries again.
 */
export const watchPeople = (
  pool: Pool,
  choice: {
    readonly everyMs: number;
    readonly fetchCalendar: FetchCalendar;
    readonly onWoken: () => void;
    readonly onError: (error: unknown) => void;
  },
): PeopleWatch => {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= refreshCalendars(pool, choice.fetchCalendar)
      .then(() => wakeAvailability(pool))
      .then((woken) => {
        if (woken > 0) choice.onWoken();
      }, choice.onError)
      .finally(() => {
        running = null;
      });
  }, choice.everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
