import { ownerOf } from '@baton/domain/handoff/ownerOf.ts';
import type { ClosedHandoffStatus, ContactState, HandoffStatus, OpenHandoff } from '@baton/domain/handoff/state.ts';
import { CLOSED_HANDOFF_STATUSES } from '@baton/domain/handoff/state.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { About, ChangeWriters } from './about.ts';
import type { PendingHandoff, PendingRows } from './pendingRows.ts';

const CLOSED: ReadonlySet<string> = new Set(CLOSED_HANDOFF_STATUSES);
export const isClosed = (status: HandoffStatus): status is ClosedHandoffStatus => CLOSED.has(status);

/** How far sales has come, as reports count it: by the first leg, since the second has rows of its own. */
export const progressOf = (handoff: OpenHandoff) => {
  const hasWorked = handoff.status === 'working' || handoff.status === 'parked' || handoff.status === 'deal';
  return {
    acceptedAt: handoff.leg?.first.acceptedAt ?? ('acceptedAt' in handoff ? handoff.acceptedAt : null),
    contactedAt: handoff.leg?.first.contactedAt ?? (hasWorked ? handoff.contactedAt : null),
    attempts: handoff.status === 'working' ? handoff.attempts : 0,
  };
};

/** When the first of what sales owes on it is due; null for a deal, which has its own close date. */
export const nextDueOf = (handoff: OpenHandoff): Instant | null => {
  switch (handoff.status) {
    case 'offered':
      return Math.min(handoff.accept?.dueAt ?? handoff.response.dueAt, handoff.response.dueAt);
    case 'queued':
    case 'open':
      return handoff.response.dueAt;
    case 'working':
      return Math.min(handoff.nextStep.dueAt, handoff.outcome.dueAt);
    case 'parked':
      return handoff.returnAt;
    case 'deal':
      return null;
  }
};

/**
 * Brings the pending handoff rows in line with a decision: whatever it changed in the contact's open handoff is written,
 * whether or not a change names it, because the row is a projection of the state.
 */
export function followHandoff(rows: PendingRows, about: About): void {
  const { decision, before } = about;
  const after = decision.next.handoff;
  if (after === before.handoff || after === null) return;
  const pending = rows.handoffs.get(after.id);
  // one that a merge brought along is neither new nor the one that was there before
  const isNew =
    pending?.isNew ?? decision.changes.some((one) => one.kind === 'handoff-opened' && one.handoffId === after.id);
  rows.handoffs.set(after.id, {
    contactId: decision.contactId,
    isNew,
    open: after,
    status: after.status,
    closedAt: null,
    closedReason: null,
    touches: pending?.touches ?? (isNew ? decision.next.touches : null),
    updatedAt: decision.at,
  });
  const owner = ownerOf(after);
  const had = before.handoff?.id === after.id ? ownerOf(before.handoff) : null;
  if (owner !== null && owner !== had && about.input.kind !== 'undone')
    rows.copies.offer.add([after.id, owner, decision.at, decision.trace?.assignment?.how ?? 'assigned', decision.id]);
}

/** A handoff that this decision ended: `before` still had it open. */
function close(
  rows: PendingRows,
  about: About,
  open: OpenHandoff,
  status: ClosedHandoffStatus,
  reason: string | null,
): void {
  const pending = rows.handoffs.get(open.id);
  const closed: PendingHandoff = {
    contactId: pending?.contactId ?? about.decision.contactId,
    isNew: pending?.isNew ?? false,
    open,
    status,
    closedAt: about.decision.at,
    closedReason: reason,
    touches: pending?.touches ?? null,
    updatedAt: about.decision.at,
  };
  rows.handoffs.set(open.id, closed);
}

/** As it ended: with the deal that took the place of its own in this very decision. */
const withDeal = (open: OpenHandoff, { decision }: About): OpenHandoff => {
  const attached = decision.changes.findLast((one) => one.kind === 'deal-attached' && one.handoffId === open.id);
  return attached?.kind === 'deal-attached' ? { ...open, dealId: attached.dealId } : open;
};

const openOf = (state: ContactState, id: number): OpenHandoff | null =>
  state.handoff?.id === id ? state.handoff : null;

export const handoffChanges: ChangeWriters<'handoff-opened' | 'handoff-changed' | 'group-joined' | 'members-follow'> = {
  'handoff-opened': (rows, change, { decision }) => {
    const pending = rows.handoffs.get(change.handoffId);
    if (pending !== undefined) pending.touches = change.touches;
    rows.copies.feed.add([decision.at, change.handoffId, decision.contactId, 'handoff-opened']);
  },
  'handoff-changed': (rows, change, about) => {
    const { decision, before } = about;
    if (isClosed(change.status)) {
      const open =
        openOf(before, change.handoffId) ??
        (about.input.kind === 'merged' ? openOf(about.input.loser, change.handoffId) : null) ??
        rows.handoffs.get(change.handoffId)?.open ??
        null;
      if (open !== null) close(rows, about, withDeal(open, about), change.status, change.reason);
    }
    rows.copies.feed.add([decision.at, change.handoffId, decision.contactId, 'handoff-changed']);
  },
  'group-joined': (rows, change, { decision }) => {
    const group = decision.next.group;
    rows.members.push({
      contactId: decision.contactId,
      groupId: change.groupId,
      handoffId: change.handoffId,
      joinedAt: decision.at,
      ruleId: group?.ruleId ?? '',
      intent: group?.intent ?? '',
      reason: change.reason,
      leftAt: null,
    });
    rows.copies.feed.add([decision.at, change.handoffId, decision.contactId, 'group-joined']);
  },
  'members-follow': (rows, change, { decision, recordedAt }) => {
    // what was decided as of a past instant is followed as of then
    const past = decision.at < recordedAt ? { asOf: decision.at } : {};
    const input = JSON.stringify({ ...change.input, ...past });
    rows.updates.groupFollows.push({ groupId: change.groupId, at: decision.at, input, contactId: null });
  },
};
