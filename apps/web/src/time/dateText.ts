import { DAY_MS } from '@baton/domain/kernel/time.ts';

const hourMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const hourMinuteSecond = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const dayKeyParts = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

/** `2026-11-19`: the local day that an instant falls on. */
export const dayKey = (ms: number): string => dayKeyParts.format(ms);

const isSameYear = (a: number, b: number): boolean => dayKey(a).slice(0, 4) === dayKey(b).slice(0, 4);

/** How many local days `ms` lies after `nowMs`; negative before. */
const daysApart = (ms: number, nowMs: number): number =>
  Math.round((Date.parse(dayKey(ms)) - Date.parse(dayKey(nowMs))) / DAY_MS);

/** `14:20` today, `Mon 09:00` within six days, `5 Nov` this year, else `5 Nov 2025`. */
export const whenText = (ms: number, nowMs: number): string => {
  const days = daysApart(ms, nowMs);
  if (days === 0) return hourMinute.format(ms);
  if (Math.abs(days) < 7) return `${weekday.format(ms)} ${hourMinute.format(ms)}`;
  return (isSameYear(ms, nowMs) ? dayMonth : dayMonthYear).format(ms);
};

/** `Tomorrow`, `Today`, `Yesterday`, `Thu 19 Nov`, in another year `5 Nov 2025`: the head over a day's rows. */
export const dayText = (ms: number, nowMs: number): string => {
  const days = daysApart(ms, nowMs);
  if (days === 0) return 'Today';
  if (days === 1) return 'Tomorrow';
  if (days === -1) return 'Yesterday';
  if (!isSameYear(ms, nowMs)) return dayMonthYear.format(ms);
  return `${weekday.format(ms)} ${dayMonth.format(ms)}`;
};

export const timeText = (ms: number): string => hourMinute.format(ms);
export const preciseTimeText = (ms: number): string => hourMinuteSecond.format(ms);

/** Everything that is known of an instant, for titles: day, date, time and zone. */
export const fullText = (ms: number): string => full.format(ms);
