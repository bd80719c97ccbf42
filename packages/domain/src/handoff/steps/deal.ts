import { DAY_MS } from '../../kernel/time.ts';
import { changeCompany, type Draft, note } from '../draft.ts';
import type { HandoffBase, OpenHandoff } from '../state.ts';
import { sayFor } from '../words.ts';

/** By when a deal is to close that nobody gave a date. */
export const CLOSE_IN_MS = 30 * DAY_MS;

/**
 * Gives the handoff its deal, as the policy says for the intent: the company's open one is attached to, not doubled; else
 * one is made where the policy makes one. Answers what the handoff remembers of it. Does nothing where it has a deal.
 */
export const addDeal = (
  draft: Draft,
  handoff: OpenHandoff,
): Pick<HandoffBase, 'dealId' | 'dealUntouched' | 'dealCloseAt'> => {
  const { dealId, dealUntouched } = handoff;
  if (dealId !== null) return { dealId, dealUntouched };
  const { document } = draft.context.policy;
  const rule = document.deal.find(({ intent }) => intent === handoff.intent);
  const open = draft.company?.openDeal ?? null;
  const attaches = rule === undefined ? document.accounts.openDeal === 'attach' : rule.ifOpen === 'attach';
  if (open !== null && attaches) {
    draft.changes.push({ kind: 'deal-attached', dealId: open.dealId, handoffId: handoff.id });
    note(draft, 'deal', 'attached to the company’s open deal');
    return { dealId: open.dealId, dealUntouched: false };
  }
  if (rule === undefined) return { dealId, dealUntouched };
  const made = draft.context.decisionId;
  const closeAt = draft.context.now + (rule.closeInMs ?? CLOSE_IN_MS);
  const ownerId = rule.owner === 'handoff' && handoff.status !== 'queued' ? handoff.ownerId : null;
  draft.changes.push({
    kind: 'deal-created',
    dealId: made,
    handoffId: handoff.id,
    pipeline: rule.pipeline,
    stage: rule.stage,
    name: sayFor(draft, handoff, rule.name),
    ownerId,
    closeAt,
    companyId: draft.state.companyId,
  });
  if (draft.company !== null && draft.company.openDeal === null)
    changeCompany(draft, { openDeal: { dealId: made, ownerId } });
  note(draft, 'deal', `a deal was made in ${rule.pipeline}, stage ${rule.stage}`);
  return { dealId: made, dealUntouched: true, dealCloseAt: closeAt };
};

/** Why a deal that policy made ends when a person's deal takes its place. */
export const REPLACED = 'replaced';

/** An untouched deal that policy made closes as lost with the reason, where the policy says so. */
export const dropUntouchedDeal = (draft: Draft, handoff: OpenHandoff, reason: string | null): void => {
  if (!handoff.dealUntouched || handoff.dealId === null) return;
  const rule = draft.context.policy.document.deal.find(({ intent }) => intent === handoff.intent);
  if (rule?.ifRejected === 'keep' && reason !== REPLACED) return;
  draft.changes.push({ kind: 'deal-closed', dealId: handoff.dealId, how: 'lost', reason, at: draft.context.now });
  if (draft.company?.openDeal?.dealId === handoff.dealId) changeCompany(draft, { openDeal: null });
};
