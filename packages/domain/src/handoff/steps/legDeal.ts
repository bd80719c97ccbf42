/** Whose the deal of a lead is that was passed on. */
import type { RepId } from '../../kernel/ids.ts';
import { changeCompany, type Draft } from '../draft.ts';
import type { HandoffBase, OpenHandoff } from '../state.ts';
import { legOf } from './leg.ts';
import type { HandoffIn } from './reshape.ts';

/**
 * From a leg's acceptance on the deal is the new owner's, where the policy says so and they are of that team. Answers the
 * handoff, which remembers whose it was.
 */
export const takeLegDeal = (draft: Draft, open: HandoffIn<'open'>): HandoffIn<'open'> => {
  const { policy, people } = draft.context;
  const { leg, dealId, ownerId } = open;
  const team = legOf(policy.document, open)?.dealOwner ?? null;
  if (leg === undefined || team === null || dealId === null) return open;
  if (people.teams.get(team)?.members.some(({ repId }) => repId === ownerId) !== true) return open;
  const { openDeal } = draft.company ?? { openDeal: null };
  const had = openDeal?.dealId === dealId ? openDeal.ownerId : null;
  ownDeal(draft, dealId, ownerId);
  return { ...open, leg: { ...leg, dealTakenFrom: leg.dealTakenFrom ?? had ?? leg.fromId, dealTakenBy: ownerId } };
};

/** The deal that a leg's owner took is whose it was before; nobody took it, then it stays as it is. */
export const giveLegDealBack = (draft: Draft, { leg, dealId }: Pick<HandoffBase, 'leg' | 'dealId'>): void => {
  if (leg?.dealTakenFrom !== undefined && dealId !== null) ownDeal(draft, dealId, leg.dealTakenFrom);
};

/** An act is undone: the deal is again whose it was before it. */
export const undoLegDeal = (draft: Draft, had: OpenHandoff | null, has: OpenHandoff | null): void => {
  if (has === null) return;
  if (had?.leg?.dealTakenFrom === undefined) {
    giveLegDealBack(draft, has);
    return;
  }
  const wasOwners = has.leg === undefined && 'acceptedAt' in had;
  const hadIt = had.leg.dealTakenBy ?? (wasOwners ? had.ownerId : undefined);
  if (had.dealId !== null && hadIt !== undefined && has.leg?.dealTakenBy !== hadIt) ownDeal(draft, had.dealId, hadIt);
};

const ownDeal = (draft: Draft, dealId: number, ownerId: RepId): void => {
  draft.changes.push({ kind: 'deal-owned', dealId, ownerId });
  if (draft.company?.openDeal?.dealId === dealId) changeCompany(draft, { openDeal: { dealId, ownerId } });
};
