import type { Clock, HandoffRow } from '@baton/contract/handoffs.ts';
import { assertNever } from '@baton/domain/kernel/assertNever.ts';
import { HOUR_MS } from '@baton/domain/kernel/time.ts';
import { leftSpoken, leftText } from '../time/clockText.ts';
import { whenText } from '../time/dateText.ts';
import type { RingState } from '../ui/Ring.tsx';

export type ClockTone = 'plain' | 'warn' | 'breach' | 'quiet';

/** A clock as the page shows it everywhere: ring, time left, when, and one sentence for people who listen. */
export type ClockLook = {
  readonly ring: RingState;
  /** The part that is left, 0 to 1. */
  readonly left: number;
  readonly remaining: string;
  readonly when: string;
  readonly tone: ClockTone;
  readonly spoken: string;
};

const DUE_WORD = {
  accept: 'accept by',
  response: 'due',
  'next-step': 'next by',
  outcome: 'outcome by',
  return: 'till',
  close: 'close by',
} as const;
const KEPT_WORD = {
  accept: 'accepted',
  response: 'reached',
  'next-step': 'done',
  outcome: 'closed',
  return: 'back',
  close: 'closed',
} as const;

const NONE: ClockLook = {
  ring: 'none',
  left: 0,
  remaining: '',
  when: 'no clock',
  tone: 'quiet',
  spoken: 'No clock runs',
};

const running = (clock: Clock, now: number): ClockLook => {
  const due = Date.parse(clock.dueAt);
  const whole = Math.max(1, due - Date.parse(clock.startedAt));
  const ms = due - now;
  const when = `${DUE_WORD[clock.kind]} ${whenText(due, now)}`;
  const spoken = `${leftSpoken(due, now)}, ${when}`;
  const look = { remaining: leftText(due, now), when, spoken, left: Math.min(1, Math.max(0, ms / whole)) };
  if (clock.kind === 'return') return { ...look, ring: 'parked', tone: 'quiet', remaining: 'parked' };
  if (ms < 0) return { ...look, ring: 'breach', tone: 'breach' };
  // The last quarter, or the last hour of a promise that is longer than that.
  const close = ms < whole / 4 || (ms < HOUR_MS && whole > 2 * HOUR_MS);
  return close ? { ...look, ring: 'warn', tone: 'warn' } : { ...look, ring: 'run', tone: 'plain' };
};

const stopped = (clock: Clock, how: NonNullable<Clock['how']>, now: number): ClockLook => {
  const at = whenText(Date.parse(clock.stoppedAt ?? clock.dueAt), now);
  switch (how) {
    case 'kept':
      return {
        ring: 'kept',
        left: 0,
        remaining: 'kept',
        when: `${KEPT_WORD[clock.kind]} ${at}`,
        tone: 'quiet',
        spoken: `Promise kept, ${at}`,
      };
    case 'broken':
      return {
        ring: 'late',
        left: 0,
        remaining: 'late',
        when: `${KEPT_WORD[clock.kind]} ${at}`,
        tone: 'breach',
        spoken: `Promise missed, ${at}`,
      };
    case 'parked':
      return { ring: 'parked', left: 0, remaining: 'parked', when: at, tone: 'quiet', spoken: `Parked, ${at}` };
    case 'closed':
    case 'replaced':
      return { ring: 'none', left: 0, remaining: '', when: at, tone: 'quiet', spoken: `Ended ${at}` };
    default:
      return assertNever(how);
  }
};

/** How one clock looks at `now` (epoch ms by the server's clock). */
export const lookOfClock = (clock: Clock | null, now: number): ClockLook => {
  if (clock === null) return NONE;
  return clock.how === null ? running(clock, now) : stopped(clock, clock.how, now);
};

/** The running accept clock of an offer as a clock; null where none runs. */
export const acceptClockOf = ({ acceptBy }: Pick<HandoffRow, 'acceptBy'>): Clock | null =>
  acceptBy === null
    ? null
    : { kind: 'accept', startedAt: acceptBy.startedAt, dueAt: acceptBy.dueAt, stoppedAt: null, how: null };

/** The clock of a row of the list: of an offer the acceptance, where it is owed before the first contact. */
export const lookOfRow = (row: Pick<HandoffRow, 'clock' | 'acceptBy'>, now: number): ClockLook => {
  const accept = acceptClockOf(row);
  const look = lookOfClock(row.clock, now);
  if (accept === null || (row.clock !== null && row.clock.dueAt < accept.dueAt)) return look;
  const first = lookOfClock(accept, now);
  return { ...first, spoken: `${first.spoken}; first contact: ${look.spoken}` };
};

export const TONE_CLASS: Record<ClockTone, string> = {
  plain: 'text-text',
  warn: 'text-warn',
  breach: 'text-breach',
  quiet: 'text-text2',
};
