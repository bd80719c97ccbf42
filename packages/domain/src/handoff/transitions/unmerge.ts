import { canOwn } from '../../assignment/eligibility.ts';
import type { Context } from '../context.ts';
import type { ClockKind, Decided } from '../decision.ts';
import { beginDraft, changeCompany, type Draft, finish, needCompany, note, plainTrace, putHandoff } from '../draft.ts';
import type { Input } from '../input.ts';
import { ownerOf } from '../ownerOf.ts';
import type { Clock, ContactState, OpenHandoff } from '../state.ts';
import { clocksOf, reopenClock } from '../steps/clocks.ts';
import { tellOwner } from '../steps/notify.ts';
import { reroute } from '../steps/reroute.ts';
import { enterStage, enterStatus } from '../steps/stages.ts';

/**
 * One of two contacts that a merge had made one stands for itself again, with its part of what they had. Its handoff goes on
 * with the clocks it had; where its owner is gone since, it finds another. What it knows was parted by the caller.
 */
export const unmerge = (
  state: ContactState,
  { by, part, say }: Extract<Input, { kind: 'unmerged' }>,
  context: Context,
): Decided => {
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const { handoff, reopened, stage, leadStatus, ...rest } = part;
  draft.state = { ...draft.state, ...rest, handoff: null };
  if (stage !== null) enterStage(draft, stage, 'unmerged');
  else draft.state = { ...draft.state, stage: null };
  if (leadStatus !== null) enterStatus(draft, leadStatus, 'unmerged');
  else draft.state = { ...draft.state, leadStatus: null };
  note(draft, 'merged', say);
  // what the two did together may not be enough for either alone, and the other way round
  draft.changes.push({ kind: 'reevaluate', at: context.now, cause: 'unmerged' });
  if (handoff === null) return finish(draft, 'unmerged', plainTrace('unmerge', say));
  const own: OpenHandoff = { ...handoff, companyId: state.companyId };
  const isOrphan = own.status !== 'queued' && own.status !== 'deal' && !canOwn(context.people.reps.get(own.ownerId));
  // whoever gets it next has clocks of their own
  takeOver(draft, own, reopened && !isOrphan);
  if (isOrphan) {
    const moved = reroute(draft, own, {
      declinedBy: own.ownerId,
      reverses: false,
      say: `${say}, and its owner is gone`,
    });
    if (moved.kind === 'needs') return moved;
    return finish(draft, 'unmerged', { ...plainTrace('unmerge', say), assignment: moved.trace });
  }
  tellOwner(draft, own, 'merged', { subject: 'No merge after all: this lead stands for itself again' });
  return finish(draft, 'unmerged', plainTrace('unmerge', say));
};

const takeOver = (draft: Draft, handoff: OpenHandoff, reopened: boolean): void => {
  if (draft.company?.openHandoff?.handoffId === handoff.id) changeCompany(draft, { openHandoff: null });
  putHandoff(draft, handoff);
  if (!reopened) return;
  for (const [clock, times] of Object.entries(clocksOf(handoff)) as [ClockKind, Clock][])
    reopenClock(draft, handoff.id, clock, times, ownerOf(handoff));
};
