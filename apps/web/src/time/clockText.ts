import { DAY_MS, HOUR_MS, MINUTE_MS } from '@baton/domain/kernel/time.ts';

const MINUS = '−';

/** `0:42`, `23:05`; from one day on `2 d 4 h`. Rounded down, so that nothing looks longer than it is. Input in ms, >= 0. */
export const spanText = (ms: number): string => {
  if (ms >= DAY_MS) {
    const days = Math.floor(ms / DAY_MS);
    const hours = Math.floor((ms % DAY_MS) / HOUR_MS);
    return days < 10 && hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  }
  const minutes = Math.floor(ms / MINUTE_MS);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
};

/** What is left until `dueMs`, with a true minus once it is over: `0:42`, `−0:18`. */
export const leftText = (dueMs: number, nowMs: number): string =>
  nowMs > dueMs ? `${MINUS}${spanText(nowMs - dueMs)}` : spanText(dueMs - nowMs);

/** The same for people who listen: `42 minutes left`, `18 minutes late`. */
export const leftSpoken = (dueMs: number, nowMs: number): string => {
  const ms = Math.abs(dueMs - nowMs);
  const [count, unit] =
    ms >= 2 * DAY_MS
      ? [Math.floor(ms / DAY_MS), 'day']
      : ms >= 2 * HOUR_MS
        ? [Math.floor(ms / HOUR_MS), 'hour']
        : [Math.floor(ms / MINUTE_MS), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'} ${nowMs > dueMs ? 'late' : 'left'}`;
};

/** A promise's length in words that fit: `4 h`, `30 min`, `2 d`. */
export const lengthText = (ms: number): string => {
  if (ms >= DAY_MS && ms % DAY_MS === 0) return `${ms / DAY_MS} d`;
  if (ms % HOUR_MS === 0) return `${ms / HOUR_MS} h`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${spanText(ms)} h`.replace(' h h', ' h');
};
