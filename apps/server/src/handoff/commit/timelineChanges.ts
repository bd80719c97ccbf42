import type { Effect } from '@baton/domain/handoff/decision.ts';
import { isUndoable, UNDO_MS } from '@baton/domain/handoff/undoable.ts';
import type { About, ChangeWriters } from './about.ts';
import type { PendingRows } from './pendingRows.ts';

export const timelineChanges: ChangeWriters<'timeline'> = {
  timeline: (rows, change, { decision, by }) => {
    rows.copies.timeline.add([
      decision.contactId,
      decision.at,
      change.handoffId,
      decision.id,
      change.entry,
      by,
      change.say,
    ]);
  },
};

/** Carries out the in-app side of an effect: a notice row under the key `decision:index`, shown once it can't be undone. */
export function writeEffect(rows: PendingRows, effect: Effect, index: number, { decision, input }: About): void {
  if (effect.kind === 'notify-place') return;
  const toRep = effect.kind === 'notify-rep';
  // a step of a clock may change nothing of the handoff, and its notice is to be seen at once
  if (toRep && effect.about === 'promise')
    rows.copies.feed.add([decision.at, effect.handoffId, decision.contactId, 'notice']);
  rows.copies.notification.add([
    decision.id,
    index,
    toRep ? effect.repId : null,
    toRep ? null : effect.queueId,
    toRep ? null : effect.tell,
    effect.handoffId,
    decision.contactId,
    decision.at + (isUndoable(input) ? UNDO_MS : 0),
    toRep ? effect.about : 'queued',
    effect.subject,
    effect.body,
  ]);
}
