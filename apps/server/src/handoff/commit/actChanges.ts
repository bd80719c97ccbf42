import { movedBy } from '@baton/domain/assignment/ledger.ts';
import { isUndoable, type UndoableAct, undoableStateOf } from '@baton/domain/handoff/undoable.ts';
import type { About, ChangeWriters } from './about.ts';
import type { PendingRows } from './pendingRows.ts';

export const actChanges: ChangeWriters<
  'clock-reopened' | 'act-undone' | 'task-done' | 'deal-made' | 'deal-owned' | 'deal-moved'
> = {
  'clock-reopened': (rows, { handoffId, clock: kind, startedAt, dueAt, ownerId }) => {
    rows.updates.clockReopens.push({ handoffId, kind, startedAt, dueAt, ownerId });
  },
  'act-undone': (rows, { decisionId, at: actAt, handoff }, { decision, before, by }) => {
    rows.updates.undos.push({
      decisionId,
      undoneBy: decision.id,
      contactId: decision.contactId,
      handoffId: handoff?.id ?? before.handoff?.id ?? null,
      actAt,
      at: decision.at,
      by,
      untouchedDealId: handoff?.dealUntouched === true ? handoff.dealId : null,
    });
  },
  'task-done': (rows, { taskId }, { decision, by }) => {
    rows.updates.taskDones.push({ taskId, at: decision.at, by, decisionId: decision.id });
  },
  'deal-made': (rows, { dealId, handoffId, ownerId, companyId, made }, { decision, recordedAt, by }) => {
    rows.updates.dealMakes.push({
      id: dealId,
      contactId: decision.contactId,
      companyId,
      ownerId,
      handoffId,
      at: decision.at,
      recordedAt,
      pipeline: made.pipeline,
      stage: made.stage,
      name: made.name,
      amount: made.amountMinor,
      currency: made.currency,
      closeAt: made.closeAt,
      by,
      decisionId: decision.id,
    });
  },
  'deal-owned': (rows, { dealId, ownerId }, { decision }) => {
    const made = rows.deals.get(dealId);
    if (made !== undefined) made.ownerId = ownerId;
    else rows.updates.dealOwners.push({ dealId, ownerId, at: decision.at });
  },
  'deal-moved': (rows, { dealId, stage }, { decision, recordedAt, by }) => {
    rows.updates.dealMoves.push({ dealId, stage, at: decision.at, recordedAt, by, decisionId: decision.id });
  },
};

/**
 * Keeps what a person's act can be undone by. Called before the decision's company is taken over into the rows. Acts that
 * are decided as of the past (an import, a story) are not kept: nobody waits for them.
 */
export const keepUndoable = (rows: PendingRows, { decision, before, input, recordedAt }: About): void => {
  if (!isUndoable(input) || decision.at < recordedAt || decision.outcome === 'ignored') return;
  const company = decision.company === null ? null : (rows.companies.get(decision.company.id) ?? null);
  const act: UndoableAct = {
    decisionId: decision.id,
    by: decision.by,
    at: decision.at,
    say: decision.trace?.say ?? decision.outcome,
    before: undoableStateOf(before),
    company:
      company === null
        ? null
        : {
            stage: company.stage,
            ownerId: company.ownerId,
            openHandoff: company.openHandoff,
            openDeal: company.openDeal,
          },
    steps: decision.changes.flatMap((change) =>
      change.kind === 'ledger-step'
        ? [{ key: change.step.key, seq: change.step.seq, moved: movedBy(change.step) }]
        : [],
    ),
  };
  rows.undoables.push({
    decisionId: decision.id,
    contactId: decision.contactId,
    recordedAt,
    handoffId: before.handoff?.id ?? null,
    act: JSON.stringify(act),
  });
};
