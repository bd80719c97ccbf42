import { absenceAt } from '../../assignment/availability.ts';
import { coverFor } from '../../assignment/cover.ts';
import { canOwn, sayWhyAway } from '../../assignment/eligibility.ts';
import type { LeadStatus } from '../../lifecycle/stage.ts';
import { ALWAYS_OPEN, nextDayOpens } from '../../promise/clock.ts';
import { sayInstant } from '../../promise/sayInstant.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, ignore, nameOf, needCompany, note, plainTrace, putHandoff, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { membersFollow } from '../steps/accepted.ts';
import { endClocks, startClock } from '../steps/clocks.ts';
import { coverTrace } from '../steps/coverTrace.ts';
import { addFirstTask } from '../steps/firstTask.ts';
import { handOver } from '../steps/handOver.ts';
import { tellOwner } from '../steps/notify.ts';
import { reroute } from '../steps/reroute.ts';
import { baseOf } from '../steps/reshape.ts';
import { enterStatus } from '../steps/stages.ts';
import { wake } from '../steps/wake.ts';

/** Bad timing until a date: the promise ends as `parked` (neither kept nor broken), and the return is promised instead. */
export const park = (
  state: ContactState,
  by: Actor,
  act: Extract<RepAct, { do: 'park' }>,
  context: Context,
  status: LeadStatus = 'bad-timing',
): Decided => {
  const refusal = whyNot('park', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  if (handoff === null || (handoff.status !== 'offered' && handoff.status !== 'open' && handoff.status !== 'working'))
    return refuse('wrong-status', 'Bad timing until: nobody works on it');
  if (act.until <= context.now) return refuse('date-in-the-past', 'Bad timing until: the date must lie ahead');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  endClocks(draft, handoff, 'parked');
  draft.changes.push({ kind: 'task-closed', handoffId: handoff.id, how: 'dropped' });
  const parked: OpenHandoff = {
    ...baseOf(handoff),
    status: 'parked',
    ownerId: handoff.ownerId,
    acceptedAt: handoff.status === 'offered' ? null : handoff.acceptedAt,
    contactedAt: handoff.status === 'working' ? handoff.contactedAt : null,
    parkedAt: context.now,
    returnAt: act.until,
  };
  putHandoff(draft, parked);
  startClock(draft, parked.id, 'return', { startedAt: context.now, dueAt: act.until }, parked.ownerId);
  enterStatus(draft, status, 'parked');
  const before = handoff.status === 'working' ? '' : ' before any contact';
  const say = `parked${before} until ${sayInstant(act.until)}`;
  note(draft, 'parked', say);
  membersFollow(draft, parked);
  return finish(draft, 'parked', plainTrace('park', say));
};

/** The date has come: it returns to its owner as new, with a new clock; to another where that owner is gone. */
export const returnFromPark = (state: ContactState, context: Context): Decided => {
  const timer: Actor = { kind: 'timer' };
  const { handoff } = state;
  if (handoff?.status !== 'parked') return ignore(state, timer, context, 'return', 'it is not parked any more');
  if (context.now < handoff.returnAt) return ignore(state, timer, context, 'return', 'its date has not come yet');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, timer, context);
  const say = 'its date has come';
  draft.changes.push({
    kind: 'clock-fired',
    handoffId: handoff.id,
    clock: 'return',
    step: 1,
    act: 'return',
    plannedAt: handoff.returnAt,
    at: context.now,
    nextAt: nextDayOpens(ALWAYS_OPEN, context.now),
  });
  if (!canOwn(context.people.reps.get(handoff.ownerId))) {
    const leaving = { declinedBy: handoff.ownerId, reverses: false, say: `${say}, and its owner is gone` };
    const moved = reroute(draft, handoff, leaving);
    if (moved.kind === 'needs') return moved;
    return finish(draft, 'rerouted', { ...plainTrace('return', leaving.say), assignment: moved.trace });
  }
  const awake = wake(draft, handoff, say);
  const absence = absenceAt(context.people.reps.get(handoff.ownerId) ?? {}, context.now);
  const cover = absence === null ? null : coverFor(context.people, handoff.ownerId, context.now);
  const isCovered = absence !== null && cover !== null && (absence.to ?? awake.response.dueAt) >= awake.response.dueAt;
  if (isCovered) {
    const words = `${say}; ${nameOf(draft, handoff.ownerId)} is away, ${cover.name} covers`;
    const covered = handOver(draft, awake, cover.id, words);
    if (covered.status === 'open') addFirstTask(draft, covered);
    const assignment = coverTrace(draft, handoff, cover.id, sayWhyAway(absence));
    return finish(draft, 'assigned', { ...plainTrace('return', words), assignment });
  }
  putHandoff(draft, awake);
  if (awake.status === 'open') addFirstTask(draft, awake);
  tellOwner(draft, awake, 'parked');
  membersFollow(draft, awake);
  return finish(draft, 'assigned', plainTrace('return', `${say}: back to its owner as new`));
};
