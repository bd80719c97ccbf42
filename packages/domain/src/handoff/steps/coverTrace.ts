import type { RepId } from '../../kernel/ids.ts';
import { type Draft, nameOf } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import type { AssignmentTrace } from '../trace.ts';

/**
 * Why whoever covers has it: in whose place, and why they are not there. `why`: what is so of the owner until now, as a
 * verb (`is away until ...`). It took no route and no turn.
 */
export const coverTrace = (
  draft: Draft,
  { ownerId, coversFor, routeId }: Exclude<OpenHandoff, { status: 'queued' }>,
  to: RepId,
  why: string,
): AssignmentTrace => ({
  routes: [],
  routeId,
  how: 'cover',
  step: null,
  say: sayCover(draft, ownerId, coversFor ?? ownerId, to, why),
});

const sayCover = (draft: Draft, ownerId: RepId, whose: RepId, to: RepId, why: string): string => {
  const [owner, covered, next] = [ownerId, whose, to].map((repId) => nameOf(draft, repId));
  if (whose === to) return `${next} has it back: ${owner}, who covered, ${why}`;
  return `${next} covers for ${covered}${whose === ownerId ? '' : ` in place of ${owner}`}, who ${why}`;
};
