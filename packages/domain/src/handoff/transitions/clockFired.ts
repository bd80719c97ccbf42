import { coverFor } from '../../assignment/cover.ts';
import { MINUTE_MS } from '../../kernel/time.ts';
import { kindOfStatus } from '../../lifecycle/leadStatus.ts';
import type { Duration } from '../../policy/document.ts';
import { type Calendar, dueOn } from '../../promise/clock.ts';
import { afterStep, type Ladder, type LadderStep, nextAtOf, nextStep, type RungAct } from '../../promise/ladder.ts';
import { promiseFor } from '../../promise/promises.ts';
import { sayInstant } from '../../promise/sayInstant.ts';
import type { Context } from '../context.ts';
import type { ClockKind, Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, ignore, nameOf, needCompany, note, plainTrace, putHandoff } from '../draft.ts';
import type { Actor } from '../input.ts';
import type { Clock, ContactState, OpenHandoff } from '../state.ts';
import { calendarOf, clocksOf, endClock, ladderFor, planClock, replaceClock } from '../steps/clocks.ts';
import { firstTaskFor } from '../steps/firstTask.ts';
import { handOver } from '../steps/handOver.ts';
import { tellManager, tellOwner, tellQueue } from '../steps/notify.ts';
import { type Leaving, reroute } from '../steps/reroute.ts';
import { contactName } from '../words.ts';

const TIMER: Actor = { kind: 'timer' };

/** A step this much later than planned is late by our own fault: then nobody loses a lead before they could act again. */
const LATE_MS = MINUTE_MS;

/** How long a relief waits after an outage where the route gives no time to accept. */
const ACCEPT_PERIOD: Duration = { kind: 'working', ms: 30 * MINUTE_MS };

/** What a step does, in the words of its row; `wait`: somebody would lose the lead, but time is given first. */
type Act = RungAct | 'breach' | 'wait' | 'open';

/** Acts by which somebody else may come to have the lead. */
const MOVES: ReadonlySet<Act> = new Set<Act>(['reassign', 'lapse', 'cover']);

/** The clocks that fire by a ladder; a parked one's return is a transition of its own. */
type Fired = Exclude<ClockKind, 'return'>;

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
  replaceClock(draft, handoff.id, kind, planned, handoff.status === 'queued' ? null : handoff.ownerId);
  putHandoff(draft, withClock(handoff, kind, planned));
  return finish(draft, 'replanned', plainTrace(kind, `the ${kind} clock is looked at later, as now planned`));
};

/** Records every step that is due, and answers what they do together and the clock after them. */
const fireSteps = (
  draft: Draft,
  kind: Fired,
  handoff: OpenHandoff,
  clock: Clock,
): { readonly acts: ReadonlySet<Act>; readonly clock: Clock } => {
  const { now, people } = draft.context;
  const calendar = calendarOf(people, clock.on);
  const ladder = ladderFor(draft, kind, handoff);
  const acts = new Set<Act>();
  let running = clock;
  for (let step = nextStep(calendar, ladder, running); step.plannedAt <= now; ) {
    const does = DOES[step.kind](step);
    const isLate = now - step.plannedAt > LATE_MS;
    const waits = isLate && does.some((act) => MOVES.has(act));
    running = waits
      ? waitOneOffer(draft, calendar, ladder, handoff, running)
      : afterStep(calendar, ladder, running, step, now);
    const done: readonly Act[] = waits ? ['wait'] : does;
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

const DOES: { readonly [kind in LadderStep['kind']]: (step: LadderStep) => readonly Act[] } = {
  open: () => ['open'],
  breach: () => ['breach'],
  rung: (step) => (step.kind === 'rung' ? step.do : []),
  daily: () => ['tell-manager'],
};

/** After an outage of ours nobody loses a lead at once: they have as long as an offer takes. */
const waitOneOffer = (draft: Draft, calendar: Calendar, ladder: Ladder, handoff: OpenHandoff, clock: Clock): Clock => {
  const { now, policy } = draft.context;
  const route = policy.document.route.find(({ id }) => id === handoff.routeId);
  const within = route?.accept.by === 'rep' ? (route.accept.within ?? ACCEPT_PERIOD) : ACCEPT_PERIOD;
  const waiting: Clock = { ...clock, fired: (clock.fired ?? 0) + 1, graceUntil: dueOn(calendar, now, within) };
  const { plannedAt } = nextStep(calendar, ladder, waiting);
  return { ...waiting, nextAt: plannedAt };
};

/** The handoff with one of its clocks as it stands now. */
const withClock = (handoff: OpenHandoff, kind: Fired, clock: Clock): OpenHandoff =>
  ({ ...handoff, [CLOCK_FIELDS[kind]]: clock }) as OpenHandoff;

const CLOCK_FIELDS = {
  accept: 'accept',
  response: 'response',
  'next-step': 'nextStep',
  outcome: 'outcome',
  close: 'close',
} as const satisfies { readonly [kind in Fired]: string };

/** Tells and moves as the steps say, each at most once. What moves the lead comes last. */
const carryOut = (draft: Draft, kind: Fired, handoff: OpenHandoff, acts: ReadonlySet<Act>): Decided => {
  const say = saySteps(draft, kind, handoff, acts);
  note(draft, 'promise', say);
  if (acts.has('remind-task')) addReminder(draft, handoff);
  if (acts.has('remind') || acts.has('remind-task')) remind(draft, kind, handoff, say);
  const isShort = acts.has('count-tries') && triesMissing(draft, handoff) > 0;
  if (acts.has('tell-manager') || isShort) tellManager(draft, handoff, subjectOf(draft, kind, handoff), say);
  if (acts.has('open')) return move(draft, handoff, { say: 'its hours have come' }, say);
  if (acts.has('lapse')) return lapse(draft, handoff, say);
  if (acts.has('cover')) return cover(draft, handoff, say);
  if (acts.has('reassign')) return reassign(draft, handoff, say);
  return finish(draft, 'fired', plainTrace(kind, say));
};

const WHAT: { readonly [kind in Fired]: string } = {
  accept: 'accepted',
  response: 'contacted',
  'next-step': 'worked on',
  outcome: 'decided',
  close: 'closed',
};

/** One sentence for the timeline. It names reps and never the contact. */
const saySteps = (draft: Draft, kind: Fired, handoff: OpenHandoff, acts: ReadonlySet<Act>): string => {
  const who = handoff.status === 'queued' ? 'in the queue' : `with ${nameOf(draft, handoff.ownerId)}`;
  const dueAt = clocksOf(handoff)[kind]?.dueAt ?? draft.context.now;
  const isOver = draft.context.now >= dueAt;
  const promised = isOver
    ? `not ${WHAT[kind]} by ${sayInstant(dueAt)}, ${who}`
    : `to be ${WHAT[kind]} by ${sayInstant(dueAt)}, ${who}`;
  const words = [...acts].flatMap((act) => SAYS[act](draft, handoff));
  return [promised, ...words].join('; ');
};

const SAYS: { readonly [act in Act]: (draft: Draft, handoff: OpenHandoff) => readonly string[] } = {
  open: () => ['it looks for an owner'],
  breach: () => ['the promise is broken'],
  wait: () => ['late by our own fault, so time is given before anybody else has it'],
  remind: () => ['reminded'],
  'remind-task': () => ['reminded with a task'],
  'tell-manager': () => ['the manager is told'],
  reassign: () => ['to be relieved'],
  lapse: () => ['the offer has lapsed'],
  cover: () => ['whoever covers is asked'],
  'count-tries': (draft, handoff) => {
    const missing = triesMissing(draft, handoff);
    return missing > 0 ? [`${missing} tries short, the manager is told`] : ['tried often enough'];
  },
  return: () => [],
};

const subjectOf = (draft: Draft, kind: Fired, handoff: OpenHandoff): string => {
  const who = contactName(draft.state.facts) ?? 'A contact';
  const dueAt = clocksOf(handoff)[kind]?.dueAt ?? draft.context.now;
  return draft.context.now >= dueAt
    ? `Overdue: ${who} was to be ${WHAT[kind]} by ${sayInstant(dueAt)}`
    : `${who} is to be ${WHAT[kind]} by ${sayInstant(dueAt)}`;
};

const remind = (draft: Draft, kind: Fired, handoff: OpenHandoff, say: string): void => {
  const subject = subjectOf(draft, kind, handoff);
  if (handoff.status === 'queued') tellQueue(draft, handoff, handoff.queueId, null, say, subject);
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

const TALKED: ReadonlySet<string | null> = new Set(['connected', 'in-progress', 'open-deal']);

/** How many attempts are missing of those the policy asks for, before anybody was reached. */
const triesMissing = (draft: Draft, handoff: OpenHandoff): number => {
  const { document } = draft.context.policy;
  const { tries } = promiseFor(document, handoff.intent);
  if (tries === null || handoff.status !== 'working') return 0;
  const { leadStatus } = draft.state;
  const hasTalked = leadStatus !== null && TALKED.has(kindOfStatus(leadStatus, document.statuses));
  return hasTalked ? 0 : Math.max(0, tries.count - handoff.attempts);
};

/** Gives it to somebody else by the routes. */
const move = (
  draft: Draft,
  handoff: OpenHandoff,
  leaving: Partial<Leaving> & Pick<Leaving, 'say'>,
  say: string,
): Decided => {
  const moved = reroute(draft, handoff, { declinedBy: null, reverses: false, ...leaving });
  if (moved.kind === 'needs') return moved;
  return finish(draft, 'rerouted', { ...plainTrace('clock', `${leaving.say}; ${say}`), assignment: moved.trace });
};

/** An offer that nobody accepted counts as a decline of this lead; the turn that it cost stands. */
const lapse = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  if (handoff.status !== 'offered') return finish(draft, 'fired', plainTrace('accept', say));
  endClock(draft, handoff.id, 'accept', 'broken', 'not accepted in time');
  const words = `${nameOf(draft, handoff.ownerId)} did not accept in time`;
  return move(draft, { ...handoff, accept: null }, { lapsedBy: handoff.ownerId, say: words }, say);
};

/** An account's own offer goes to whoever covers; where nobody does, the manager decides. */
const cover = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  const { people, now } = draft.context;
  const rep = handoff.status === 'queued' ? null : coverFor(people, handoff.ownerId, now);
  if (rep === null || handoff.status === 'queued' || handoff.declinedBy.includes(rep.id)) {
    tellManager(draft, handoff, subjectOf(draft, 'accept', handoff), `${say}; nobody covers`);
    return finish(draft, 'fired', plainTrace('accept', `${say}; nobody covers`));
  }
  const words = `${nameOf(draft, handoff.ownerId)} did not accept in time; ${rep.name} covers`;
  const lapsedBy = [...new Set([...(handoff.lapsedBy ?? []), handoff.ownerId])];
  handOver(draft, { ...handoff, lapsedBy }, rep.id, words);
  return finish(draft, 'rerouted', plainTrace('accept', `${words}; ${say}`));
};

/** Relieves the owner: nobody who logged an attempt without the manager. From a queue the routes are asked once more. */
const reassign = (draft: Draft, handoff: OpenHandoff, say: string): Decided => {
  if (handoff.status === 'queued') return move(draft, handoff, { say: 'asked once more whose it is' }, say);
  if (handoff.triedBy === handoff.ownerId) {
    const words = `${nameOf(draft, handoff.ownerId)} tried before: the manager decides who goes on`;
    tellManager(draft, handoff, subjectOf(draft, 'response', handoff), words);
    return finish(draft, 'fired', plainTrace('response', `${say}; ${words}`));
  }
  const words = `${nameOf(draft, handoff.ownerId)} is relieved: nobody was contacted in time`;
  return move(draft, handoff, { lapsedBy: handoff.ownerId, say: words }, say);
};
