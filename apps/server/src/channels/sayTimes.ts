import type { HandoffRow } from '@baton/contract/handoffs.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(timeZone, format);
  }
  return format;
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }) !== null;
  } catch {
    return false;
  }
};

/** An instant where somebody is: `Tue 24 Nov, 14:20 CET`. A time zone that nobody knows is told as UTC. */
export const sayLocal = (at: Instant, timeZone: string): string => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts['weekday']} ${parts['day']} ${parts['month']}, ${parts['hour']}:${parts['minute']} ${parts['timeZoneName']}`;
};

/** A span in words, rounded down: `3 min`, `2 h 5 min`, `4 days`. */
export const saySpan = (ms: number): string => {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
};

const CLOCK_SAYS: { readonly [kind in NonNullable<HandoffRow['clock']>['kind']]: string } = {
  accept: 'Accept by',
  response: 'First contact by',
  'next-step': 'Next step by',
  outcome: 'Outcome by',
  return: 'Returns',
  close: 'Deal closes by',
};

/**
 * What is owed now and by when, as labels and instants: of an offer the acceptance first, then what the customer waits for.
 * Empty where no clock runs.
 */
export const allDue = ({
  acceptBy,
  clock,
}: HandoffRow): readonly { readonly label: string; readonly at: Instant }[] => [
  ...(acceptBy === null || clock?.kind === 'accept'
    ? []
    : [{ label: CLOCK_SAYS.accept, at: Date.parse(acceptBy.dueAt) }]),
  ...(clock === null || clock.stoppedAt !== null
    ? []
    : [{ label: CLOCK_SAYS[clock.kind], at: Date.parse(clock.dueAt) }]),
];
