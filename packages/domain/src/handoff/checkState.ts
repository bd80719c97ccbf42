import { nextAtOf } from '../promise/ladder.ts';
import type { ContactState, OpenHandoff } from './state.ts';
import { clocksOf } from './steps/clocks.ts';

/** Which clocks each status has, always; `accept` only where the route asks. */
const CLOCKS: { readonly [status in OpenHandoff['status']]: readonly string[] } = {
  offered: ['response'],
  queued: ['response'],
  open: ['response'],
  working: ['next-step', 'outcome'],
  parked: ['return'],
  deal: ['close'],
};

/**
 * What is wrong with a contact's state, as sentences; none for every state that `decide` makes. Asked by tests and by
 * whoever doubts a row: an open handoff has an owner or a queue and exactly the clocks of its status (O1), and a contact is
 * in at most one of handoff, group and hold.
 */
export const checkState = (state: ContactState): readonly string[] => {
  const wrong: string[] = [];
  const { handoff, group, hold, last } = state;
  const places = [handoff, group, hold].filter((place) => place !== null).length;
  if (places > 1) wrong.push('is in more than one of handoff, group and hold');
  if (handoff === null) return wrong;
  const owner = 'ownerId' in handoff;
  const queue = 'queueId' in handoff;
  if (owner === queue) wrong.push('has both or neither of owner and queue');
  const running = Object.keys(clocksOf(handoff)).filter((clock) => clock !== 'accept');
  if (running.join() !== CLOCKS[handoff.status].join())
    wrong.push(`runs ${running.join()} while ${handoff.status}, not ${CLOCKS[handoff.status].join()}`);
  for (const [kind, clock] of Object.entries(clocksOf(handoff))) {
    const { startedAt, dueAt, breachedAt, rung = 0, fired = 0 } = clock;
    if (!Number.isSafeInteger(startedAt) || !Number.isSafeInteger(dueAt) || dueAt < startedAt)
      wrong.push(`the ${kind} clock is due at ${dueAt}, before it starts at ${startedAt}`);
    if (!Number.isSafeInteger(nextAtOf(clock))) wrong.push(`the ${kind} clock is looked at no more`);
    if (breachedAt !== undefined && breachedAt < dueAt)
      wrong.push(`the ${kind} clock was broken at ${breachedAt}, before it was due at ${dueAt}`);
    if (rung > fired) wrong.push(`the ${kind} clock is at rung ${rung} after ${fired} steps`);
  }
  if (handoff.status === 'deal' && handoff.dealId === null) wrong.push('is a deal without a deal');
  if (handoff.dealUntouched && handoff.dealId === null) wrong.push('keeps an untouched deal that it does not have');
  if (handoff.episode > state.episodes) wrong.push('counts fewer episodes than its handoff');
  if (last !== null && last.id === handoff.id) wrong.push('has a handoff that is closed and open');
  if (handoff.credit !== null && handoff.credit.moved.reduce((sum, [, credits]) => sum + credits, 0) !== 0)
    wrong.push('remembers a ledger step that does not sum to zero');
  return wrong;
};
