/** Whether somebody is there: the one truth that eligibility, owner routes and caps read. */
import { DAY_MS, HOUR_MS, type Instant } from '../kernel/time.ts';
import type { Calendar, Interval } from '../promise/clock.ts';
import type { Absence, Rep, TeamMember } from './assignment.ts';

/** The absence that keeps the rep away at this instant, or null. Linear in the rep's absences. */
export const absenceAt = (rep: Pick<Rep, 'absences'>, now: Instant): Absence | null =>
  rep.absences?.find(({ from, to }) => from <= now && (to === null || now < to)) ?? null;

/** True where no calendar is known, or it is open. Logarithmic in its intervals. */
export const isOpenAt = (calendar: Calendar | undefined, now: Instant): boolean =>
  calendar === undefined || calendar.kind === 'always-open' || indexAt(calendar.open, now) >= 0;

/** The first instant, `from` or later, at which the calendar is open; null where it ends before. Logarithmic. */
export const nextOpening = (calendar: Calendar | undefined, from: Instant): Instant | null => {
  if (calendar === undefined || calendar.kind === 'always-open') return from;
  const last = lastBegun(calendar.open, from);
  const current = calendar.open[last];
  if (current !== undefined && from < current.to) return from;
  return calendar.open[last + 1]?.from ?? null;
};

/** How often two calendars and the absences may take turns in being closed before nobody is expected any more. */
const OPENINGS_MAX = 1_000;

/** The first instant at which team and rep work at once and the rep is not away; null: none is in sight. */
export const firstThere = (
  team: Calendar | undefined,
  rep: Pick<Rep, 'calendar' | 'absences'>,
  from: Instant,
): Instant | null => {
  let at: Instant = from;
  for (let turn = 0; turn < OPENINGS_MAX; turn++) {
    const absence = absenceAt(rep, at);
    if (absence !== null) {
      if (absence.to === null) return null;
      at = absence.to;
      continue;
    }
    const ofTeam = nextOpening(team, at);
    const ofRep = ofTeam === null ? null : nextOpening(rep.calendar, ofTeam);
    if (ofRep === null) return null;
    if (ofRep === at) return at;
    at = ofRep;
  }
  return null;
};

/** A member's weight now: of the last step of the ramp that has begun, else as the team says. */
export const weightAt = (member: TeamMember, now: Instant): number => {
  if (member.ramp === undefined) return member.weight;
  return member.ramp.findLast(({ from }) => from <= now)?.weight ?? member.weight;
};

/** From when a cap counts: the begin of the rep's day, and of their week. */
export type CapSpan = { readonly dayFrom: Instant; readonly weekFrom: Instant };

/**
 * The day and the week in which a rep's caps count now: local midnights of the rep's own calendar, days off run together
 * into one; without a calendar (or outside its span) UTC days. Weeks begin on Monday. Logarithmic in the calendar's days.
 */
export const capSpan = (calendar: Calendar | undefined, now: Instant): CapSpan => {
  const days = calendar?.kind === 'intervals' ? calendar.days : [];
  const last = lastBegun(days, now);
  const day = days[last];
  if (day === undefined || last === days.length - 1) return utcSpan(now);
  const dayFrom = now < day.to ? day.from : day.to;
  let first: Interval = day;
  const monday = mondayOf(day.from);
  // A day off in front has no midnight of its own here: the week's own begin is told from its first working day.
  for (let i = last - 1; i >= 0 && mondayOf((days[i] as Interval).from) === monday; i--) first = days[i] as Interval;
  const begins = mondayOf(dayFrom) === monday ? first.from - DAY_MS * weekday(first.from) : dayFrom;
  return { dayFrom, weekFrom: begins };
};

const utcSpan = (now: Instant): CapSpan => {
  const dayFrom = now - (now % DAY_MS);
  return { dayFrom, weekFrom: dayFrom - DAY_MS * weekday(dayFrom) };
};

/** Of a local midnight: 0 for Monday. Zones reach from 11 hours behind UTC to 13 before it. */
const weekday = (midnight: Instant): number => {
  const since = midnight % DAY_MS;
  const day = Math.floor(midnight / DAY_MS) + (since <= 10 * HOUR_MS ? 0 : 1);
  // 1970-01-01 was a Thursday.
  return (day + 3) % 7;
};

/** Which week a local midnight belongs to. */
const mondayOf = (midnight: Instant): number => {
  const since = midnight % DAY_MS;
  return Math.floor((Math.floor(midnight / DAY_MS) + (since <= 10 * HOUR_MS ? 0 : 1) + 3) / 7);
};

const indexAt = (intervals: readonly Interval[], at: Instant): number => {
  const last = lastBegun(intervals, at);
  const interval = intervals[last];
  return interval !== undefined && at < interval.to ? last : -1;
};

/** The index of the last interval that has begun, -1 for none. */
const lastBegun = (intervals: readonly Interval[], at: Instant): number => {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).from <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
