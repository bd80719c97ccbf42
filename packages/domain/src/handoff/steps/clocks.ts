import { assertNever } from '../../kernel/assertNever.ts';
import type { HandoffId, RepId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { ClockKind } from '../decision.ts';
import type { Draft } from '../draft.ts';
import type { Clock, OpenHandoff } from '../state.ts';

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
      return {};
    default:
      return assertNever(handoff);
  }
};

/** Records a clock that begins. */
export const startClock = (
  draft: Draft,
  handoffId: HandoffId,
  clock: ClockKind,
  times: Clock,
  ownerId: RepId | null,
): void => {
  const { startedAt, dueAt, nextAt = dueAt } = times;
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

/** Records that every clock of a handoff ends without an act that would have answered it. */
export const endClocks = (draft: Draft, handoff: OpenHandoff, how: 'parked' | 'closed' | 'replaced'): void => {
  for (const clock of Object.keys(clocksOf(handoff)) as ClockKind[])
    draft.changes.push({
      kind: 'clock-stopped',
      handoffId: handoff.id,
      clock,
      at: draft.context.now,
      how,
      evidence: null,
    });
};

/** The running response clock is somebody else's from now, with the due instant it had: it is the customer who waits. */
export const passResponse = (draft: Draft, handoffId: HandoffId, response: Clock, ownerId: RepId | null): void => {
  draft.changes.push({
    kind: 'clock-stopped',
    handoffId,
    clock: 'response',
    at: draft.context.now,
    how: 'replaced',
    evidence: null,
  });
  startClock(draft, handoffId, 'response', response, ownerId);
};
