import type { LedgerStep } from '../../assignment/assignment.ts';
import type { Placed } from '../../assignment/route.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { Accept } from '../../policy/document.ts';

/** A place that a person chose. `step`: what it costs a team, where that is asked for. */
export const placeByHand = (
  ownerId: RepId,
  say: string,
  accept: Accept = { by: 'policy' },
  step: LedgerStep | null = null,
): Placed => ({
  ownerId,
  queueId: null,
  tell: null,
  offeredTo: [],
  routeId: null,
  teamId: null,
  accept,
  step,
  trace: { routes: [], routeId: null, how: 'by-hand', step, say },
});
