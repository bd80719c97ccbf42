import type { Instant } from '../../kernel/time.ts';
import type { Draft } from '../draft.ts';
import type { ClosedHandoffStatus } from '../state.ts';

/** Ends a membership as a closed handoff would end, so that only something new makes the contact qualify again. */
export const leaveGroup = (
  draft: Draft,
  status: ClosedHandoffStatus,
  reason: string | null,
  closedAt: Instant = draft.context.now,
): void => {
  const { group } = draft.state;
  if (group === null) return;
  draft.state = {
    ...draft.state,
    group: null,
    last: {
      id: group.handoffId,
      status,
      reason,
      ruleId: group.ruleId,
      closedAt,
      evidenceAfter: closedAt,
      fitFacts: null,
    },
  };
};
