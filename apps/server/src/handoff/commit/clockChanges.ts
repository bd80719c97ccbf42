import type { ChangeWriters } from './about.ts';
import type { PendingClock } from './pendingRows.ts';

export const clockChanges: ChangeWriters<'clock-started' | 'clock-stopped' | 'clock-fired'> = {
  'clock-started': (rows, change, { decision }) => {
    const clock: PendingClock = {
      handoffId: change.handoffId,
      contactId: decision.contactId,
      kind: change.clock,
      startedAt: change.startedAt,
      dueAt: change.dueAt,
      ownerId: change.ownerId,
      stop: null,
    };
    rows.running.set(`${change.handoffId} ${change.clock}`, clock);
    rows.clocks.push(clock);
  },
  'clock-stopped': (rows, change) => {
    const name = `${change.handoffId} ${change.clock}`;
    const stop = { at: change.at, how: change.how, evidence: change.evidence };
    const started = rows.running.get(name);
    if (started === undefined)
      rows.updates.clockStops.push({ handoffId: change.handoffId, kind: change.clock, ...stop });
    else {
      started.stop = stop;
      rows.running.delete(name);
    }
  },
  'clock-fired': () => {},
};
