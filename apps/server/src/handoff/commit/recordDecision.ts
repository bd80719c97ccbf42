import type { Change, Decision } from '@baton/domain/handoff/decision.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { Trace } from '@baton/domain/handoff/trace.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import { actorText } from '../actorText.ts';
import type { About, ChangeWriter } from './about.ts';
import { actChanges, keepUndoable } from './actChanges.ts';
import { clockChanges } from './clockChanges.ts';
import { dealChanges } from './dealChanges.ts';
import { writeDeliveries } from './deliveryChanges.ts';
import { followHandoff, handoffChanges } from './handoffChanges.ts';
import { holdChanges } from './holdChanges.ts';
import { ledgerChanges, storedStep } from './ledgerChanges.ts';
import type { PendingRows } from './pendingRows.ts';
import { stageChanges } from './stageChanges.ts';
import { taskChanges } from './taskChanges.ts';
import { timelineChanges, writeEffect } from './timelineChanges.ts';

const WRITERS: { readonly [Kind in Change['kind']]: ChangeWriter<Kind> } = {
  ...handoffChanges,
  ...clockChanges,
  ...taskChanges,
  ...dealChanges,
  ...stageChanges,
  ...ledgerChanges,
  ...holdChanges,
  ...timelineChanges,
  ...actChanges,
};

/**
 * True where a decision changed more than facts, signals and when to look again: only then it is kept, and only then its id
 * is used up. Everything else can be computed again from what is stored.
 */
export const isKept = (decision: Decision): boolean =>
  decision.outcome !== 'observed' ||
  decision.effects.length > 0 ||
  decision.changes.some((change) => change.kind !== 'reevaluate');

/** The only row of a decision that is not kept: when to look again. */
export function recordLookAgain(rows: PendingRows, decision: Decision): void {
  for (const change of decision.changes)
    if (change.kind === 'reevaluate')
      rows.updates.reevaluations.push({
        contactId: decision.contactId,
        cause: change.cause,
        at: change.at,
        input: null,
      });
}

/** Adds all rows of one decision to what the transaction will write. Linear in its changes. */
export function recordDecision(
  rows: PendingRows,
  before: ContactState,
  decision: Decision,
  input: Input,
  recordedAt: Instant,
): void {
  rows.outcomes.set(decision.outcome, (rows.outcomes.get(decision.outcome) ?? 0) + 1);
  const about: About = { decision, before, input, by: actorText(decision.by), recordedAt };
  followHandoff(rows, about);
  if (before.group !== null && decision.next.group?.groupId !== before.group.groupId) leaveGroup(rows, decision);
  for (const change of decision.changes) (WRITERS[change.kind] as ChangeWriter<Change['kind']>)(rows, change, about);
  for (let index = 0; index < decision.effects.length; index += 1) {
    const effect = decision.effects[index] as Decision['effects'][number];
    writeEffect(rows, effect, index, about);
    writeDeliveries(rows, effect, index, about);
  }
  keepUndoable(rows, about);
  if (decision.company !== null) {
    rows.companies.set(decision.company.id, decision.company);
    if (!rows.changedCompanies.has(decision.company.id))
      rows.changedCompanies.set(decision.company.id, { isNew: false, domain: null, sourceId: 0, at: decision.at });
  }
  rows.copies.decision.add([
    decision.id,
    decision.contactId,
    decision.at,
    recordedAt,
    decision.evaluatorVersion,
    decision.outcome,
    decision.policyHash,
    JSON.stringify(decision.by),
    inputJson(input),
    decision.trace === null ? null : traceJson(decision.trace),
  ]);
}

function leaveGroup(rows: PendingRows, { contactId, at }: Decision): void {
  const joined = rows.members.findLast((member) => member.contactId === contactId && member.leftAt === null);
  if (joined === undefined) rows.updates.memberLeaves.push({ contactId, at });
  else joined.leftAt = at;
}

/** A trace as it is stored. */
function traceJson(trace: Trace): string {
  const step = trace.assignment?.step;
  if (step === null || step === undefined || trace.assignment === null) return JSON.stringify(trace);
  return JSON.stringify({ ...trace, assignment: { ...trace.assignment, step: storedStep(step) } });
}

/** The input without what is kept elsewhere: an event by its key, a merged profile by its id. */
function inputJson(input: Input): string {
  if (input.kind === 'event-observed')
    return JSON.stringify({ kind: input.kind, event: { key: input.event.key, name: input.event.name } });
  if (input.kind === 'undone') {
    const { kind, by, act } = input;
    return JSON.stringify({ kind, by, act: { decisionId: act.decisionId } });
  }
  if (input.kind === 'merged') return JSON.stringify({ kind: input.kind, loser: { id: input.loser.id } });
  return JSON.stringify(input);
}
