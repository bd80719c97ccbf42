import type { People } from '../../assignment/assignment.ts';
import { assertNever } from '../../kernel/assertNever.ts';
import type { HandoffId, QueueId, RepId, TeamId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Duration } from '../../policy/document.ts';
import { ALWAYS_OPEN, type Calendar, dueOn } from '../../promise/clock.ts';
import { type Ladder, nextAtOf, plan } from '../../promise/ladder.ts';
import { acceptLadder, ladderOf, promiseFor } from '../../promise/promises.ts';
import type { ClockKind } from '../decision.ts';
import type { Draft } from '../draft.ts';
import type { CalendarRef, Clock, OpenHandoff } from '../state.ts';
import { routeOf } from './leg.ts';

/** The clocks that a handoff's status has running: handoff.md, "One clock per open status". */
export const clocksOf = (handoff: OpenHandoff): { readonly [kind in ClockKind]?: Clock } => {
  switch (handoff.status) {
    case 'offered':
      return { response: handoff.response, ...(handoff.accept === null ? {} : { accept: handoff.accept }) };
    case 'queued':
    case 'open':
      return { response: handoff.response };
    case 'working':
      return { 'next-step': handoff.nextStep, outcome: handoff.outcome };
    case 'parked':
      return { return: { startedAt: handoff.parkedAt, dueAt: handoff.returnAt } };
    case 'deal':
      return { close: handoff.close };
    default:
      return assertNever(handoff);
  }
};

/** What a clock hangs on: the policy's rule, the route's accept, and whose working time counts. */
export type Lead = {
  readonly intent: string;
  readonly routeId: string | null;
  readonly teamId: TeamId | null;
  readonly ownerId?: RepId | null;
  readonly queueId?: QueueId | null;
};

/**
 * Whose working time a lead's clocks run on: its route's team's, else the team's of its queue, else that of the owner's
 * first team, else the owner's own. Undefined where none of them has a calendar: then every hour counts.
 */
export const calendarFor = (people: People, { teamId, queueId, ownerId }: Lead): CalendarRef | undefined => {
  const has = (id: TeamId | null | undefined): id is TeamId =>
    id !== null && id !== undefined && people.teams.get(id)?.calendar !== undefined;
  if (has(teamId)) return `team/${teamId}`;
  if (has(queueId)) return `team/${queueId}`;
  if (ownerId === null || ownerId === undefined) return undefined;
  for (const { id, calendar, members } of people.teams.values())
    if (calendar !== undefined && members.some(({ repId }) => repId === ownerId)) return `team/${id}`;
  return people.reps.get(ownerId)?.calendar === undefined ? undefined : `rep/${ownerId}`;
};

/** The calendar of that name as it is now; always open where there is none any more. */
export const calendarOf = (people: People, on: CalendarRef | undefined): Calendar => {
  if (on === undefined) return ALWAYS_OPEN;
  const id = on.slice(on.indexOf('/') + 1);
  const calendar = on.startsWith('team/') ? people.teams.get(id)?.calendar : people.reps.get(Number(id))?.calendar;
  return calendar ?? ALWAYS_OPEN;
};

/** What happens while this clock of a lead runs and nobody acts. */
export const ladderFor = (draft: Pick<Draft, 'context'>, kind: ClockKind, lead: Lead): Ladder => {
  const { document } = draft.context.policy;
  if (kind !== 'accept') return ladderOf(kind, promiseFor(document, lead.intent));
  return acceptLadder(routeOf(document, lead.routeId));
};

/** The clock with its next look, as the policy in force and the calendars say. */
export const planClock = (draft: Pick<Draft, 'context'>, kind: ClockKind, lead: Lead, clock: Clock): Clock =>
  plan(calendarOf(draft.context.people, clock.on), ladderFor(draft, kind, lead), clock);

/** A clock that begins now and is owed within this time. */
export const clockWithin = (draft: Pick<Draft, 'context'>, kind: ClockKind, lead: Lead, within: Duration): Clock => {
  const { now, people } = draft.context;
  const on = within.kind === 'elapsed' ? undefined : calendarFor(people, lead);
  const dueAt = dueOn(calendarOf(people, on), now, within);
  return planClock(draft, kind, lead, { startedAt: now, dueAt, within, ...(on === undefined ? {} : { on }) });
};

/** A clock that begins now and is owed at an instant. */
export const clockUntil = (draft: Pick<Draft, 'context'>, kind: ClockKind, lead: Lead, dueAt: Instant): Clock => {
  const { now, people } = draft.context;
  const on = calendarFor(people, lead);
  return planClock(draft, kind, lead, { startedAt: now, dueAt, ...(on === undefined ? {} : { on }) });
};

/** The response clock of a lead that waits in a queue until somebody opens, to look for an owner then. */
export const waitFor = (
  draft: Pick<Draft, 'context'>,
  lead: Lead,
  { opensAt: _, ...response }: Clock,
  opensAt: Instant | undefined,
): Clock => (opensAt === undefined ? response : planClock(draft, 'response', lead, { ...response, opensAt }));

/** Records a clock that begins. */
export const startClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  times: Clock,
  ownerId: RepId | null,
): void => {
  const { startedAt, dueAt } = times;
  const nextAt = nextAtOf(times);
  draft.changes.push({ kind: 'clock-started', handoffId, clock, startedAt, dueAt, nextAt, ownerId });
};

/** Records a clock that an act stopped: kept when it was in time, broken when not. Answers whether it was kept. */
export const answerClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  times: Clock,
  at: Instant,
  evidence: string,
): boolean => {
  const isKept = at <= times.dueAt;
  draft.changes.push({ kind: 'clock-stopped', handoffId, clock, at, how: isKept ? 'kept' : 'broken', evidence });
  return isKept;
};

/** Records that a clock ends now without an act that would have answered it. */
export const endClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  how: 'broken' | 'parked' | 'closed' | 'replaced',
  evidence: string | null = null,
): void => {
  draft.changes.push({ kind: 'clock-stopped', handoffId, clock, at: draft.context.now, how, evidence });
};

/** Records that every clock of a handoff ends without an act that would have answered it. */
export const endClocks = (draft: Draft, handoff: OpenHandoff, how: 'parked' | 'closed' | 'replaced'): void => {
  for (const clock of Object.keys(clocksOf(handoff)) as ClockKind[]) endClock(draft, handoff.id, clock, how);
};

/** Records that a clock runs on in the row it had, as if it had never stopped. */
export const reopenClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  { startedAt, dueAt }: Clock,
  ownerId: RepId | null,
): void => {
  draft.changes.push({ kind: 'clock-reopened', handoffId, clock, startedAt, dueAt, ownerId });
};

/** Records that a clock runs on in a row of its own: with another owner, or another due instant. */
export const replaceClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  times: Clock,
  ownerId: RepId | null,
): void => {
  endClock(draft, handoffId, clock, 'replaced');
  startClock(draft, handoffId, clock, times, ownerId);
};

/**
 * The running response clock is somebody else's from now, with the due instant it had, since it is the customer who waits.
 * Answers it with the new owner's grace, in which no rung of its ladder is reached. `opensAt`: it waits for that instant.
 */
export const passResponse = (
  draft: Draft,
  handoff: Lead & { readonly id: HandoffId; readonly response: Clock },
  ownerId: RepId | null,
  opensAt?: Instant,
): Clock => {
  const { policy, people, now } = draft.context;
  const grace = ownerId === null ? null : promiseFor(policy.document, handoff.intent).graceAfterReassign;
  const response = waitFor(draft, handoff, handoff.response, opensAt);
  const until = grace === null ? 0 : dueOn(calendarOf(people, response.on), now, grace);
  const graced = until > (response.graceUntil ?? 0) ? { ...response, graceUntil: until } : response;
  const passed = planClock(draft, 'response', handoff, graced);
  replaceClock(draft, handoff.id, 'response', passed, ownerId);
  return passed;
};

/** Every clock of a handoff runs on for its new owner, in rows of its own; answers the handoff with them. */
export const passClocks = <H extends OpenHandoff>(draft: Draft, handoff: H, ownerId: RepId): H => {
  if ('response' in handoff) return { ...handoff, response: passResponse(draft, handoff, ownerId) };
  for (const [kind, clock] of Object.entries(clocksOf(handoff)) as [ClockKind, Clock][])
    replaceClock(draft, handoff.id, kind, clock, ownerId);
  return handoff;
};
