import type { ChangeWriters } from './about.ts';

export const dealChanges: ChangeWriters<'deal-created' | 'deal-attached' | 'deal-closed'> = {
  'deal-created': (rows, change, about) => {
    const { decision, by, recordedAt } = about;
    rows.deals.set(change.dealId, {
      id: change.dealId,
      handoffId: change.handoffId,
      companyId: change.companyId,
      ownerId: change.ownerId,
      pipeline: change.pipeline,
      stage: change.stage,
      name: change.name,
      createdAt: decision.at,
      closeAt: change.closeAt,
      end: null,
    });
    rows.copies.dealContact.add([change.dealId, decision.contactId, decision.at, change.handoffId]);
    rows.copies.dealStage.add([
      change.dealId,
      decision.at,
      recordedAt,
      null,
      change.stage,
      'created by policy',
      by,
      decision.id,
    ]);
  },
  'deal-attached': (rows, change, { decision }) => {
    rows.updates.dealAttaches.push({
      dealId: change.dealId,
      contactId: decision.contactId,
      handoffId: change.handoffId,
      at: decision.at,
    });
  },
  'deal-closed': (rows, change, { decision, by, recordedAt }) => {
    const deal = rows.deals.get(change.dealId);
    if (deal !== undefined) {
      deal.end = { at: change.at, how: change.how, reason: change.reason };
      rows.copies.dealStage.add([
        deal.id,
        change.at,
        recordedAt,
        deal.stage,
        change.how,
        change.reason ?? change.how,
        by,
        decision.id,
      ]);
    } else
      rows.updates.dealCloses.push({
        dealId: change.dealId,
        at: change.at,
        how: change.how,
        reason: change.reason,
        by,
        decisionId: decision.id,
      });
  },
};
