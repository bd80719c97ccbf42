import { MINUTE_MS } from '../../kernel/time.ts';
import type { Duration } from '../../policy/document.ts';
import { type Calendar, dueOn } from '../../promise/clock.ts';
import { afterStep, type Ladder, type LadderStep, nextAtOf, nextStep, type RungAct } from '../../promise/ladder.ts';
import type { ClockKind } from '../decision.ts';
import type { Draft } from '../draft.ts';
import type { Clock, OpenHandoff } from '../state.ts';
import { calendarOf, ladderFor } from './clocks.ts';
import { routeOf } from './leg.ts';

/** The clocks that fire by a ladder; a parked one's return is a transition of its own. */
export type Fired = Exclude<ClockKind, 'return'>;

/** What a step does, in the words of its row; `wait`: somebody would lose the lead, but time is given first. */
export type StepAct = RungAct | 'breach' | 'wait' | 'open';

/** A step this much later than planned is late by our own fault: then nobody loses a lead before they could act again. */
const LATE_MS = MINUTE_MS;

/** How long a relief waits after an outage where the route gives no time to accept. */
const ACCEPT_PERIOD: Duration = { kind: 'working', ms: 30 * MINUTE_MS };

/** Acts by which somebody else may come to have the lead. */
const MOVES: ReadonlySet<StepAct> = new Set<StepAct>(['reassign', 'lapse', 'cover']);

/** Records every step that is due, and answers what they do together and the clock after them. */
export const fireSteps = (
  draft: Draft,
  kind: Fired,
  handoff: OpenHandoff,
  clock: Clock,
): { readonly acts: ReadonlySet<StepAct>; readonly clock: Clock } => {
  const { now, people } = draft.context;
  const calendar = calendarOf(people, clock.on);
  const ladder = ladderFor(draft, kind, handoff);
  const acts = new Set<StepAct>();
  let running = clock;
  for (let step = nextStep(calendar, ladder, running); step.plannedAt <= now; ) {
    const does = DOES[step.kind](step, kind);
    const isLate = now - step.plannedAt > LATE_MS;
    const waits = isLate && does.some((act) => MOVES.has(act));
    running = waits
      ? waitOneOffer(draft, calendar, ladder, handoff, running)
      : afterStep(calendar, ladder, running, step, now);
    const done: readonly StepAct[] = waits ? ['wait'] : does;
    for (const act of done) acts.add(act);
    draft.changes.push({
      kind: 'clock-fired',
      handoffId: handoff.id,
      clock: kind,
      step: running.fired ?? 1,
      act: done.join(', '),
      plannedAt: step.plannedAt,
      at: now,
      nextAt: nextAtOf(running),
    });
    step = nextStep(calendar, ladder, running);
  }
  return { acts, clock: running };
};

const DOES: { readonly [kind in LadderStep['kind']]: (step: LadderStep, clock: Fired) => readonly StepAct[] } = {
  open: () => ['open'],
  breach: () => ['breach'],
  rung: (step) => (step.kind === 'rung' ? step.do : []),
  // Of an offer that waits the manager hears by its response clock.
  daily: (_, clock) => (clock === 'accept' ? ['remind'] : ['tell-manager']),
};

/** After an outage of ours nobody loses a lead at once: they have as long as an offer takes. */
const waitOneOffer = (draft: Draft, calendar: Calendar, ladder: Ladder, handoff: OpenHandoff, clock: Clock): Clock => {
  const { now, policy } = draft.context;
  const route = routeOf(policy.document, handoff.routeId);
  const within = route?.accept.by === 'rep' ? (route.accept.within ?? ACCEPT_PERIOD) : ACCEPT_PERIOD;
  const waiting: Clock = { ...clock, fired: (clock.fired ?? 0) + 1, graceUntil: dueOn(calendar, now, within) };
  const { plannedAt } = nextStep(calendar, ladder, waiting);
  return { ...waiting, nextAt: plannedAt };
};
