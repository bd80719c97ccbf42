import { nextAtOf } from '../../promise/ladder.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, ignore, needCompany, note, plainTrace, putHandoff } from '../draft.ts';
import type { Actor } from '../input.ts';
import { ownerOf } from '../ownerOf.ts';
import type { Clock, ContactState, OpenHandoff } from '../state.ts';
import { clocksOf, planClock, replaceClock } from '../steps/clocks.ts';
import { type Fired, fireSteps, type StepAct } from '../steps/fireSteps.ts';
import { firstTaskFor } from '../steps/firstTask.ts';
import { tellManager, tellOwner, tellQueue, watchersOf } from '../steps/notify.ts';
import { cover, lapse, open, reassign } from '../steps/relieve.ts';
import { sayOverdue, saySteps, triesMissing } from '../steps/sayPromise.ts';
import { withClock } from '../steps/withClock.ts';

const TIMER: Actor = { kind: 'timer' };

/**
 * A clock is to be looked at. What its ladder has planned until now is done, in order, each step once; several late ones
 * are each recorded as late and told of once. Looked at too early it answers `ignored` without effect.
 */
export const clockFired =
  (kind: Fired) =>
  (state: ContactState, context: Context): Decided => {
    const { handoff } = state;
    const clock = handoff === null ? undefined : clocksOf(handoff)[kind];
    if (handoff === null || clock === undefined)
      return ignore(state, TIMER, context, kind, `the ${kind} clock does not run any more`);
    if (context.now < nextAtOf(clock)) return ignore(state, TIMER, context, kind, 'nothing is due yet');
    const missing = needCompany(state, context);
    if (missing !== null) return missing;
    const draft = beginDraft(state, TIMER, context);
    const { acts, clock: moved } = fireSteps(draft, kind, handoff, clock);
    if (acts.size === 0) return lookLater(draft, kind, handoff, clock);
    const fired = withClock(handoff, kind, moved);
    const next = kind === 'response' && acts.has('breach') ? { ...fired, breached: true } : fired;
    putHandoff(draft, next);
    return carryOut(draft, kind, next, acts);
  };

/** Another policy or calendar is in force since it was planned, and plans its next step later. */
const lookLater = (draft: Draft, kind: Fired, handoff: OpenHandoff, clock: Clock): Decided => {
  const planned = planClock(draft, kind, handoff, clock);
  replaceClock(draft, handoff.id, kind, planned, ownerOf(handoff));
  putHandoff(draft, withClock(handoff, kind, planned));
  return finish(draft, 'replanned', plainTrace(kind, `the ${kind} clock is looked at later, as now planned`));
};

/** Tells and moves as the steps say, each at most once. What moves the lead comes last. */
const carryOut = (draft: Draft, kind: Fired, handoff: OpenHandoff, acts: ReadonlySet<StepAct>): Decided => {
  const say = saySteps(draft, kind, handoff, acts);
  note(draft, 'promise', say);
  if (acts.has('remind-task')) addReminder(draft, handoff);
  if (acts.has('remind') || acts.has('remind-task')) remind(draft, kind, handoff, say);
  const isShort = acts.has('count-tries') && triesMissing(draft, handoff) > 0;
  if (acts.has('tell-manager') || isShort) tellManager(draft, handoff, sayOverdue(draft, kind, handoff), say);
  if (acts.has('open')) return open(draft, handoff, say);
  if (acts.has('lapse')) return lapse(draft, handoff, say);
  if (acts.has('cover')) return cover(draft, handoff, say);
  if (acts.has('reassign')) return reassign(draft, handoff, say);
  return finish(draft, 'fired', plainTrace(kind, say));
};

const remind = (draft: Draft, kind: Fired, handoff: OpenHandoff, say: string): void => {
  const subject = sayOverdue(draft, kind, handoff);
  if (handoff.status === 'queued')
    tellQueue(draft, handoff, handoff.queueId, watchersOf(draft, handoff.queueId), say, subject);
  else tellOwner(draft, handoff, 'promise', { subject, body: `${handoff.reason}. ${say}` });
};

const addReminder = (draft: Draft, handoff: OpenHandoff): void => {
  if (handoff.status === 'queued') return;
  const { type, title } = firstTaskFor(draft, handoff);
  draft.changes.push({
    kind: 'task-created',
    handoffId: handoff.id,
    ownerId: handoff.ownerId,
    type,
    title: `Reminder: ${title}`,
    dueAt: draft.context.now,
  });
};
