import type { ChangeWriters } from './about.ts';

export const holdChanges: ChangeWriters<'held' | 'hold-ended' | 'qualified' | 'reevaluate'> = {
  held: (rows, change, { decision }) => {
    const holds = rows.holds.get(decision.contactId) ?? [];
    holds.push({ hold: change.hold, reason: change.reason, decisionId: decision.id, end: null });
    rows.holds.set(decision.contactId, holds);
    rows.copies.feed.add([decision.at, null, decision.contactId, 'held']);
  },
  'hold-ended': (rows, change, { decision }) => {
    const end = { at: decision.at, how: change.how };
    const held = rows.holds.get(decision.contactId)?.at(-1);
    if (held !== undefined && held.end === null) held.end = end;
    else rows.updates.holdEnds.push({ contactId: decision.contactId, ...end });
  },
  qualified: (rows, change, { decision }) => {
    rows.copies.qualification.add([
      decision.id,
      decision.contactId,
      decision.at,
      decision.policyHash,
      change.ruleId,
      change.intent,
      change.teamId,
      change.handoffId,
      change.exceptionId,
    ]);
  },
  reevaluate: (rows, change, { decision, recordedAt }) => {
    const { cause, at } = change;
    // what was decided as of a past instant, and is to be looked at again at once, is looked at as of then
    const isPast = decision.at < recordedAt && at <= decision.at;
    const input = isPast ? JSON.stringify({ kind: 'facts-changed', cause, asOf: decision.at }) : null;
    rows.updates.reevaluations.push({ contactId: decision.contactId, cause, at, input });
  },
};
