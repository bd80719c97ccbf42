import type { Effect } from '@baton/domain/handoff/decision.ts';
import { ownerOf } from '@baton/domain/handoff/ownerOf.ts';
import { isUndoable, UNDO_MS } from '@baton/domain/handoff/undoable.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Channel } from '@baton/domain/policy/document.ts';
import type { About } from './about.ts';
import type { PendingRows } from './pendingRows.ts';

/**
 * Carries out the outer side of an effect: one delivery for each channel other than in-app, under the key
 * `decision:index:channel`, committed with the decision, closed where no way reaches people. Nobody hears of an act while it can be undone. Linear in the
 * channels.
 */
export function writeDeliveries(rows: PendingRows, effect: Effect, index: number, about: About): void {
  switch (effect.kind) {
    case 'notify-rep':
      for (const channel of effect.via ?? []) add(rows, effect, channel, index, effect.repId, null, about);
      return;
    case 'notify-place':
      add(rows, effect, effect.via, index, null, effect.to, about);
      return;
    case 'notify-queue':
      return;
  }
}

function add(
  rows: PendingRows,
  effect: Exclude<Effect, { readonly kind: 'notify-queue' }>,
  channel: Channel,
  index: number,
  repId: RepId | null,
  place: string | null,
  { decision, before, input, recordedAt }: About,
): void {
  if (channel === 'in-app') return;
  const handoff = decision.next.handoff ?? before.handoff;
  const isClosed = rows.inAppOnly && repId !== null;
  rows.copies.delivery.add([
    recordedAt + (isUndoable(input) ? UNDO_MS : 0),
    recordedAt,
    effect.handoffId,
    decision.contactId,
    decision.id,
    repId,
    repId !== null && decision.next.handoff !== null && ownerOf(decision.next.handoff) === repId,
    `${decision.id}:${index}:${channel}`,
    `${channel} ${repId === null ? place : `rep:${repId}`}`,
    channel,
    place,
    effect.about,
    handoff?.intent ?? null,
    effect.subject,
    effect.body,
    isClosed ? 'superseded' : 'pending',
    isClosed ? recordedAt : null,
    isClosed ? `${channel} is not set up here; it stands in the app` : null,
  ]);
}
