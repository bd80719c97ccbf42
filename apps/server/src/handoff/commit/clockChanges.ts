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
      nextAt: change.nextAt,
      ownerId: change.ownerId,
      stop: null,
      steps: [],
    };
    rows.running.set(`${change.handoffId} ${change.clock}`, clock);
    rows.clocks.push(clock);
  },
  'clock-stopped': (rows, change, { decision }) => {
    const name = `${change.handoffId} ${change.clock}`;
    const stop = { at: change.at, decidedAt: decision.at, how: change.how, evidence: change.evidence };
    const started = rows.running.get(name);
    if (started === undefined)
      rows.updates.clockStops.push({ handoffId: change.handoffId, kind: change.clock, ...stop });
    else {
      started.stop = stop;
      rows.running.delete(name);
    }
  },
  'clock-fired': (rows, change, { decision }) => {
    const { handoffId, clock: kind, step, act, plannedAt, at, nextAt } = change;
    const fired = { step, act, plannedAt, at, nextAt, decisionId: decision.id };
    const started = rows.running.get(`${handoffId} ${kind}`);
    if (started === undefined) {
      rows.updates.clockSteps.push({ handoffId, kind, ...fired });
      return;
    }
    if (started.steps.length === 0) rows.updates.firedClocks.push(started);
    started.steps.push(fired);
    started.nextAt = nextAt;
  },
};
