import type { People } from '../../assignment/assignment.ts';
import { dueOn } from '../../promise/clock.ts';
import { nextAtOf } from '../../promise/ladder.ts';
import type { Context } from '../context.ts';
import type { ClockKind, Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, needCompany, plainTrace, putHandoff, unchanged } from '../draft.ts';
import type { Actor } from '../input.ts';
import { ownerOf } from '../ownerOf.ts';
import type { CalendarRef, Clock, ContactState, OpenHandoff } from '../state.ts';
import { calendarFor, calendarOf, clocksOf, planClock, replaceClock } from '../steps/clocks.ts';
import type { Fired } from '../steps/fireSteps.ts';
import { moveTask } from '../steps/moveTask.ts';
import { withClock } from '../steps/withClock.ts';

const POLICY: Actor = { kind: 'policy' };

/**
 * Working time was edited: what is owed is told anew, from when it began. What is broken stays as it was, dates stay dates,
 * and an edit breaks nothing: what would have been due before now is due as soon as it is open.
 */
export const calendarChanged = (state: ContactState, context: Context): Decided => {
  const { handoff } = state;
  if (handoff === null || handoff.status === 'parked') return unchanged(state, context);
  const moved = (Object.entries(clocksOf(handoff)) as [Fired, Clock][]).flatMap(([kind, clock]) => {
    const anew = tellAnew({ context }, kind, handoff, clock);
    return isSame(clock, anew) ? [] : [[kind, anew] as const];
  });
  if (moved.length === 0) return unchanged(state, context);
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, POLICY, context);
  for (const [kind, clock] of moved) replaceClock(draft, handoff.id, kind, clock, ownerOf(handoff));
  const next = moved.reduce<OpenHandoff>((one, [kind, clock]) => withClock(one, kind, clock), handoff);
  putHandoff(draft, next);
  if (next.status === 'open' && next.response.dueAt !== (handoff as typeof next).response.dueAt) moveTask(draft, next);
  return finish(draft, 'replanned', plainTrace('calendar', 'working time was edited; what is owed is told anew'));
};

const tellAnew = (draft: Pick<Draft, 'context'>, kind: ClockKind, handoff: OpenHandoff, clock: Clock): Clock => {
  const { now, people } = draft.context;
  const { within } = clock;
  if (within === undefined || within.kind === 'elapsed' || clock.breachedAt !== undefined || clock.dueAt <= now)
    return clock;
  const on = calendarNow(people, handoff, clock);
  const calendar = calendarOf(people, on);
  const told = dueOn(calendar, clock.since ?? clock.startedAt, within);
  const dueAt = told > now ? told : dueOn(calendar, now, { kind: 'working', ms: 1 });
  return planClock(draft, kind, handoff, { ...clock, dueAt, ...(on === undefined ? {} : { on }) });
};

/**
 * The calendar that a clock began on, as a rule. One that began without any takes what there is now, and one on a rep's own
 * hours, since the team had said none, the team's as soon as it says them.
 */
const calendarNow = (people: People, handoff: OpenHandoff, { on }: Clock): CalendarRef | undefined => {
  if (on === undefined) return calendarFor(people, handoff);
  return on.startsWith('rep/') ? (calendarFor(people, { ...handoff, ownerId: null }) ?? on) : on;
};

const isSame = (one: Clock, other: Clock): boolean =>
  one.dueAt === other.dueAt && one.on === other.on && nextAtOf(one) === nextAtOf(other);
