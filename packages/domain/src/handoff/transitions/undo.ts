import { reverseStep } from '../../assignment/ledger.ts';
import type { Context, Need } from '../context.ts';
import type { ClockKind, Decided, Refusal } from '../decision.ts';
import {
  beginDraft,
  changeCompany,
  type Draft,
  finish,
  ledgerOf,
  need,
  needCompany,
  note,
  plainTrace,
  putHandoff,
  recordStep,
} from '../draft.ts';
import type { Actor, Input } from '../input.ts';
import { ownerOf } from '../ownerOf.ts';
import type { Clock, ContactState, OpenHandoff } from '../state.ts';
import { membersFollow } from '../steps/accepted.ts';
import { clocksOf, endClock, reopenClock } from '../steps/clocks.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { undoLegDeal } from '../steps/legDeal.ts';
import { moveTask } from '../steps/moveTask.ts';
import { enterStage, enterStatus } from '../steps/stages.ts';
import { stayingIn } from '../steps/staying.ts';
import { UNDO_MS, type UndoableAct } from '../undoable.ts';

type Undone = Extract<Input, { kind: 'undone' }>;

/** Why somebody may not take an act back now; null where they may. `act` null: nothing of theirs can be taken back. */
export const whyNotUndo = (
  act: Pick<UndoableAct, 'by' | 'at'> | null,
  later: Undone['later'],
  by: Actor,
  now: number,
): Refusal | null => {
  const no = (code: string, say: string): Refusal => ({ code, say: `Undo: ${say}`, by: null });
  if (act === null) return no('nothing-to-undo', 'nothing was done here that can be taken back');
  if (!isSame(act.by, by)) return no('not-yours', 'somebody else did it; only they can take it back');
  if (now - act.at > UNDO_MS)
    return no('too-late', `it can be taken back for ${UNDO_MS / 1000} seconds; from then on a new entry corrects it`);
  return later === null ? null : no('overtaken', LATER[later.outcome] ?? `something came after it: ${later.say}`);
};

const LATER: { readonly [outcome: string]: string } = {
  raised: 'more high intent came after it, and the lead was raised',
  merged: 'it was merged with another contact after it',
  joined: 'a colleague’s handoff was joined after it',
  undone: 'it was taken back already',
};

/**
 * Takes an act back: all is as it was before it, except what the contact did meanwhile. The act and its undoing both stay
 * in the history. Refused once something else came after it, since that was decided on what the act had made.
 */
export const undo = (state: ContactState, { by, act, later }: Undone, context: Context): Decided => {
  const refusal = whyNotUndo(act, later, by, context.now);
  if (refusal !== null) return { kind: 'refused', refusal };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const ledgers = act.steps.flatMap(({ key, moved }): Need[] =>
    context.ledgers.has(key) ? [] : [{ kind: 'ledger', key, reps: moved.map(([repId]) => repId) }],
  );
  if (ledgers.length > 0) return need(...ledgers);
  const draft = beginDraft(state, by, context);
  const taken = whyTaken(draft, act);
  if (taken !== null) return { kind: 'refused', refusal: { code: 'overtaken', say: `Undo: ${taken}`, by: null } };
  const say = `undone: ${act.say}`;
  const { before } = act;
  const opened = state.handoff?.id === act.decisionId ? state.handoff : null;
  if (opened !== null) closeHandoff(draft, opened, 'withdrawn', 'undone', say);
  for (const step of act.steps.toReversed()) {
    const ledger = ledgerOf(draft, step.key);
    if (ledger === undefined) throw new Error(`ledger ${step.key} was loaded a moment ago`);
    recordStep(draft, act.decisionId, reverseStep(ledger, step, stayingIn(draft, step.key), context.now));
  }
  enterStage(draft, before.stage ?? 'lead', 'undone');
  if (before.leadStatus !== null) enterStatus(draft, before.leadStatus, 'undone');
  undoLegDeal(draft, before.handoff, state.handoff);
  putBackCompany(draft, act);
  if (before.handoff !== null) putBackHandoff(draft, opened === null ? state.handoff : null, before.handoff);
  const { hold, group, ownerId, last, suppressed, leadStatus } = before;
  if (hold !== null && state.hold === null) draft.changes.push({ kind: 'held', hold, reason: say });
  if (group !== null && state.group === null)
    draft.changes.push({ kind: 'group-joined', handoffId: group.handoffId, groupId: group.groupId, reason: say });
  draft.state = { ...draft.state, handoff: before.handoff, hold, group, ownerId, last, suppressed, leadStatus };
  draft.changes.push({ kind: 'act-undone', decisionId: act.decisionId, at: act.at, handoff: before.handoff });
  note(draft, 'note', say);
  if (before.handoff !== null) membersFollow(draft, before.handoff);
  return finish(draft, 'undone', plainTrace('undo', say));
};

const isSame = (one: Actor, other: Actor): boolean =>
  one.kind === 'rep'
    ? other.kind === 'rep' && one.id === other.id
    : one.kind === 'person' && other.kind === 'person' && one.name === other.name;

/** What the act left behind may be somebody else's by now, though nothing was decided about this contact. */
const whyTaken = ({ company, state }: Draft, { before, decisionId }: UndoableAct): string | null => {
  const open = company?.openHandoff ?? null;
  const isAnother = open !== null && open.contactId !== state.id;
  if (before.handoff !== null && state.handoff === null && isAnother)
    return 'a colleague of the same company has an open handoff in its place by now';
  if (before.group !== null && state.group === null && open?.groupId !== before.group.groupId)
    return 'the handoff of the colleague that it had joined has ended';
  return state.handoff !== null && before.handoff === null && state.handoff.id !== decisionId
    ? 'another handoff is open by now'
    : null;
};

const putBackCompany = (draft: Draft, { company, before }: UndoableAct): void => {
  if (company === null || draft.company === null) return;
  const from = draft.company.stage;
  const isOurs = draft.company.openHandoff === null || draft.company.openHandoff.contactId === draft.state.id;
  changeCompany(draft, {
    stage: company.stage,
    ownerId: company.ownerId,
    openDeal: company.openDeal,
    ...(before.handoff === null && isOurs ? { openHandoff: company.openHandoff } : {}),
  });
  if (company.stage !== null && company.stage !== from)
    draft.changes.push({ kind: 'stage-entered', of: 'company', from, to: company.stage, cause: 'undone' });
};

/** The handoff as it was, with its own clocks running on as if they had never stopped, and its task with its owner. */
const putBackHandoff = (draft: Draft, has: OpenHandoff | null, had: OpenHandoff): void => {
  const running = has === null ? {} : clocksOf(has);
  const ran = clocksOf(had);
  const isMoved = (has === null ? null : ownerOf(has)) !== ownerOf(had);
  const isKept = (clock: ClockKind): boolean => !isMoved && isEqual(running[clock], ran[clock]);
  for (const clock of Object.keys(running) as ClockKind[])
    if (!isKept(clock)) endClock(draft, had.id, clock, 'replaced', 'undone');
  for (const [clock, times] of Object.entries(ran) as [ClockKind, Clock][])
    if (!isKept(clock)) reopenClock(draft, had.id, clock, times, ownerOf(had));
  putHandoff(draft, had);
  if (isMoved) moveTask(draft, had);
};

const isEqual = (one: Clock | undefined, other: Clock | undefined): boolean =>
  one !== undefined && other !== undefined && one.startedAt === other.startedAt && one.dueAt === other.dueAt;
