import { changeCompany, type Draft } from '../draft.ts';
import { legOf } from './leg.ts';
import type { HandoffIn } from './reshape.ts';

/** From a leg's acceptance on the deal is the new owner's, where the policy says so and they are of that team. */
export const takeLegDeal = (draft: Draft, open: HandoffIn<'open'>): void => {
  const { policy, people } = draft.context;
  const team = legOf(policy.document, open)?.dealOwner ?? null;
  if (team === null || open.dealId === null) return;
  if (people.teams.get(team)?.members.some(({ repId }) => repId === open.ownerId) !== true) return;
  draft.changes.push({ kind: 'deal-owned', dealId: open.dealId, ownerId: open.ownerId });
  if (draft.company?.openDeal?.dealId === open.dealId)
    changeCompany(draft, { openDeal: { dealId: open.dealId, ownerId: open.ownerId } });
};
