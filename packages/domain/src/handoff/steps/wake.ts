import { type Draft, note } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { endClock, startClock } from './clocks.ts';
import { acceptAnew, asOffered, asOpen, type HandoffIn, responseClock } from './reshape.ts';
import { enterStatus } from './stages.ts';

/**
 * A parked handoff returns to its owner as new, with a new clock: open where it was accepted, else offered once more, with
 * an accept clock of its own where the route sets one.
 */
export const wake = (
  draft: Draft,
  parked: HandoffIn<'parked'>,
  why: string,
): Extract<OpenHandoff, { status: 'offered' | 'open' }> => {
  endClock(draft, parked.id, 'return', 'closed', why);
  const response = responseClock(draft, parked);
  startClock(draft, parked.id, 'response', response, parked.ownerId);
  note(draft, 'note', `back from bad timing: ${why}`);
  if (parked.acceptedAt === null) {
    const accept = acceptAnew(draft, parked);
    if (accept !== null) startClock(draft, parked.id, 'accept', accept, parked.ownerId);
    return asOffered(parked, parked.ownerId, accept, response);
  }
  enterStatus(draft, 'new', 'returned');
  return asOpen(parked, parked.ownerId, parked.acceptedAt, response);
};
