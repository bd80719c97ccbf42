import { asksForFit, fitFactsOf } from '../again.ts';
import { changeCompany, type Draft, note, tellMembers } from '../draft.ts';
import type { ClosedHandoffStatus, OpenHandoff } from '../state.ts';
import { subjectOf } from '../subject.ts';
import { endClocks } from './clocks.ts';

/**
 * Ends an open handoff: its clocks end, its open tasks are dropped, what `again` needs is kept, the company is free for
 * the next one, and members of its group learn how it ended.
 */
export const closeHandoff = (
  draft: Draft,
  handoff: OpenHandoff,
  status: ClosedHandoffStatus,
  reason: string | null,
  say: string,
): void => {
  const { context } = draft;
  endClocks(draft, handoff, 'closed');
  draft.changes.push({ kind: 'task-closed', handoffId: handoff.id, how: status === 'won' ? 'done' : 'dropped' });
  draft.changes.push({ kind: 'handoff-changed', handoffId: handoff.id, status, reason });
  note(draft, NOTES[status], say);
  const fitFacts = asksForFit(context.policy, status, reason)
    ? fitFactsOf(context.policy, subjectOf(draft.state, context, draft.company))
    : null;
  draft.state = {
    ...draft.state,
    handoff: null,
    last: {
      id: handoff.id,
      status,
      reason,
      ruleId: handoff.ruleId,
      closedAt: context.now,
      evidenceAfter: context.now,
      fitFacts,
    },
  };
  if (draft.company?.openHandoff?.handoffId === handoff.id) changeCompany(draft, { openHandoff: null });
  const ended = { status, reason, at: context.now };
  tellMembers(draft, { kind: 'group-changed', groupId: handoff.groupId, ended });
};

const NOTES = {
  won: 'closed',
  lost: 'closed',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  merged: 'merged',
} as const;
