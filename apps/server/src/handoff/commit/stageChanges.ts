import type { ChangeWriters } from './about.ts';

export const stageChanges: ChangeWriters<'stage-entered' | 'status-entered' | 'owner-written'> = {
  'stage-entered': (rows, change, { decision, by, recordedAt }) => {
    const ofContact = change.of === 'contact';
    const companyId = ofContact ? null : (decision.company?.id ?? decision.next.companyId);
    if (!ofContact && companyId === null) throw new Error(`decision ${decision.id} moves the stage of no company`);
    rows.copies.stage.add([
      ofContact ? decision.contactId : null,
      companyId,
      decision.at,
      recordedAt,
      decision.id,
      change.from,
      change.to,
      change.cause,
      by,
      decision.policyHash,
    ]);
  },
  'status-entered': (rows, change, { decision, by, recordedAt }) => {
    rows.copies.status.add([
      decision.contactId,
      decision.at,
      recordedAt,
      decision.id,
      change.from,
      change.to,
      change.cause,
      by,
      decision.policyHash,
    ]);
  },
  // the owner is a column of contact or company, written with their state
  'owner-written': () => {},
};
