import type { Clock } from '../handoff/state.ts';
import type { Instant } from '../kernel/time.ts';
import type { Duration, LadderAct } from '../policy/document.ts';
import { type Calendar, dueOn, elapsed, nextDayOpens } from './clock.ts';

/**
 * What a rung does. Besides what a policy may ask for: `lapse` (an offer that nobody accepted goes on), `cover` (the
 * stand-in has it), `count-tries` (enough attempts, or the manager hears of it), `return` (a parked one is back).
 */
export type RungAct = LadderAct | 'lapse' | 'cover' | 'count-tries' | 'return';

/** A rung of a ladder: at a share of the time that counts, or after a time of its own. */
export type Rung = {
  readonly at: { readonly percent: number } | { readonly after: Duration };
  readonly do: readonly RungAct[];
};

/** What happens while a clock runs and nobody acts. `breaks`: whether missing it is a breach. Rungs ascend. */
export type Ladder = { readonly rungs: readonly Rung[]; readonly breaks: boolean };

/** One thing that a clock does next. `open`: whoever it waits for opens. After breach and last rung, each working day. */
export type LadderStep =
  | { readonly kind: 'open'; readonly plannedAt: Instant }
  | { readonly kind: 'breach'; readonly plannedAt: Instant }
  | { readonly kind: 'rung'; readonly do: readonly RungAct[]; readonly plannedAt: Instant }
  | { readonly kind: 'daily'; readonly plannedAt: Instant };

/**
 * The next step of a running clock. Percents are of the working time between start and due, at 100 % the due instant
 * itself, beyond it working time goes on. A breach is never put off; a rung waits for a grace. Linear in the rungs.
 */
export const nextStep = (calendar: Calendar, ladder: Ladder, clock: Clock): LadderStep => {
  const rung = ladder.rungs[clock.rung ?? 0];
  const isBroken = !ladder.breaks || clock.breachedAt !== undefined;
  const plannedAt = rung === undefined ? null : Math.max(instantOf(calendar, clock, rung), clock.graceUntil ?? 0);
  const isBreach = !isBroken && (plannedAt === null || clock.dueAt <= plannedAt);
  const nextAt = isBreach ? clock.dueAt : (plannedAt ?? nextAtOf(clock));
  if (clock.opensAt !== undefined && clock.opensAt <= nextAt) return { kind: 'open', plannedAt: clock.opensAt };
  if (isBreach) return { kind: 'breach', plannedAt: clock.dueAt };
  if (rung !== undefined && plannedAt !== null) return { kind: 'rung', do: rung.do, plannedAt };
  return { kind: 'daily', plannedAt: Math.max(nextAtOf(clock), clock.graceUntil ?? 0) };
};

/** When a clock must be looked at next. */
export const nextAtOf = (clock: Clock): Instant => clock.nextAt ?? clock.dueAt;

/** The clock with its next look as its ladder plans it. */
export const plan = (calendar: Calendar, ladder: Ladder, clock: Clock): Clock =>
  lookAt(clock, nextStep(calendar, ladder, clock).plannedAt);

/** The clock as it stands once a step was fired at `now`. */
export const afterStep = (calendar: Calendar, ladder: Ladder, clock: Clock, step: LadderStep, now: Instant): Clock => {
  const { opensAt, ...rest } = clock;
  const fired: Clock = {
    ...rest,
    ...(opensAt === undefined || step.kind === 'open' ? {} : { opensAt }),
    fired: (clock.fired ?? 0) + 1,
    ...(step.kind === 'breach' ? { breachedAt: now } : {}),
    ...(step.kind === 'rung' ? { rung: (clock.rung ?? 0) + 1 } : {}),
  };
  const next = nextStep(calendar, ladder, fired);
  return lookAt(fired, next.kind === 'daily' ? nextDayOpens(calendar, now) : next.plannedAt);
};

/** The same clock, looked at at this instant; at `dueAt` goes without saying. */
const lookAt = (clock: Clock, at: Instant): Clock => {
  const { nextAt: _, ...rest } = clock;
  return at === clock.dueAt ? rest : { ...rest, nextAt: at };
};

const instantOf = (calendar: Calendar, clock: Clock, { at }: Rung): Instant => {
  const since = clock.since ?? clock.startedAt;
  if ('after' in at) return dueOn(calendar, since, at.after);
  if (at.percent === 100) return clock.dueAt;
  const ms = Math.floor((elapsed(calendar, since, clock.dueAt) * at.percent) / 100);
  const instant = dueOn(calendar, since, { kind: 'working', ms });
  return at.percent < 100 ? Math.min(instant, clock.dueAt) : Math.max(instant, clock.dueAt);
};
