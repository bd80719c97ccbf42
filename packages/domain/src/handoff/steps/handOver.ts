import type { RepId } from '../../kernel/ids.ts';
import { type Draft, note, putHandoff } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { membersFollow } from './accepted.ts';
import { endClock, passClocks, startClock } from './clocks.ts';
import { moveTask } from './moveTask.ts';
import { tellOwner } from './notify.ts';
import { addLoad } from './place.ts';
import { acceptAnew } from './reshape.ts';

/**
 * Gives a handoff to whoever covers for its owner, past the routes and without a turn. What was accepted stays accepted,
 * what was offered is offered anew with an accept clock of its own; the customer's clock goes on as it was, and the contact
 * keeps its owner.
 */
export const handOver = (
  draft: Draft,
  handoff: Exclude<OpenHandoff, { status: 'queued' }>,
  to: RepId,
  say: string,
): Exclude<OpenHandoff, { status: 'queued' }> => {
  note(draft, 'assigned', say);
  addLoad(draft, to);
  const passed = passClocks(draft, handoff, to);
  const { coversFor = handoff.ownerId, ...kept } = passed;
  const moved: typeof passed = {
    ...kept,
    ownerId: to,
    offers: handoff.offers + 1,
    ...(coversFor === to ? {} : { coversFor }),
  };
  const next = moved.status === 'offered' ? { ...moved, accept: askAnew(draft, moved) } : moved;
  putHandoff(draft, next);
  moveTask(draft, next);
  tellOwner(draft, next, 'assigned', { evidence: say });
  membersFollow(draft, next);
  return next;
};

const askAnew = (draft: Draft, offered: Extract<OpenHandoff, { status: 'offered' }>) => {
  if (offered.accept !== null) endClock(draft, offered.id, 'accept', 'replaced');
  const accept = acceptAnew(draft, offered);
  if (accept !== null) startClock(draft, offered.id, 'accept', accept, offered.ownerId);
  return accept;
};
