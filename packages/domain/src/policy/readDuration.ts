import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/time.ts';
import type { Duration } from './document.ts';
import { type At, type Read, report } from './reader.ts';

const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;
/** Ten years: longer than any promise or memory, short enough that sums stay exact. */
const LONGEST_MS = 3_650 * DAY_MS;
const ELAPSED = /^([1-9]\d{0,8})(s|m|h|d)$/;
const WORKING = /^([1-9]\d{0,8})(m|h|wd)$/;

const bad = (at: At, mend: string): undefined => {
  const text = at.node.kind === 'scalar' ? `“${at.node.text.slice(0, 40)}”` : 'this';
  return report(at, 'invalid-duration', `${text} is not a duration`, mend);
};

const textOf = (at: At): string =>
  at.node.kind === 'scalar' && typeof at.node.value === 'string' ? at.node.value : '';

/** An elapsed duration such as 90s, 30m, 12h or 7d, in milliseconds. Above zero, at most 3650d. */
export const readElapsed: Read<number> = (at) =>
  parseElapsed(textOf(at)) ?? bad(at, 'write a whole number above 0 with s, m, h or d, e.g. 7d, at most 3650d');

/** The elapsed time a text such as `7d` writes, in milliseconds; undefined where it writes none. */
export const parseElapsed = (text: string): number | undefined => {
  const [, count, unit] = ELAPSED.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const ms = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return ms <= LONGEST_MS ? ms : undefined;
};

/** A promise's duration: 30m and 4h are working time, 2wd working days, `4h elapsed` is elapsed. */
export const readDuration: Read<Duration> = (at) => {
  const parsed = parseDuration(textOf(at));
  return parsed ?? bad(at, 'write working time as 30m, 4h or 2wd, or elapsed time as `4h elapsed` or `2d elapsed`');
};

/** The duration a text writes; undefined where it writes none. */
export const parseDuration = (text: string): Duration | undefined => {
  if (text.endsWith(' elapsed')) {
    const ms = parseElapsed(text.slice(0, -' elapsed'.length));
    return ms === undefined ? undefined : { kind: 'elapsed', ms };
  }
  const working = WORKING.exec(text);
  if (working === null) return undefined;
  const count = Number(working[1]);
  if (working[2] === 'wd') return count <= 2_600 ? { kind: 'working-days', days: count } : undefined;
  const ms = count * UNIT_MS[working[2] as 'm' | 'h'];
  return ms <= LONGEST_MS ? { kind: 'working', ms } : undefined;
};
