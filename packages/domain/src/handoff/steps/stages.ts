import type { RepId } from '../../kernel/ids.ts';
import { type LeadStatus, type LifecycleStage, STAGE_LABELS } from '../../lifecycle/stage.ts';
import { canMoveStage, isForward, STAGE_CAUSES, type StageCause } from '../../lifecycle/stageMoves.ts';
import { changeCompany, type Draft, note } from '../draft.ts';

/** Moves the contact's stage where this cause may; otherwise it stays. Every entry is kept with its cause. */
export const enterStage = (draft: Draft, to: LifecycleStage, cause: StageCause, detail: string | null = null): void => {
  const from = draft.state.stage;
  if (!canMoveStage(from, to, cause)) return;
  draft.state = { ...draft.state, stage: to };
  draft.changes.push({ kind: 'stage-entered', of: 'contact', from, to, cause: detail ?? cause });
  const way = isForward(from, to) ? 'became' : 'back to';
  note(draft, 'stage', `${way} ${STAGE_LABELS[to]}: ${detail ?? STAGE_CAUSES[cause].say}`);
};

/** The same for the company, where there is one. It moves forward only: one lost contact does not undo a customer. */
export const enterCompanyStage = (draft: Draft, to: LifecycleStage, cause: StageCause): void => {
  const from = draft.company?.stage ?? null;
  if (draft.company === null || STAGE_CAUSES[cause].back || !canMoveStage(from, to, cause)) return;
  changeCompany(draft, { stage: to });
  draft.changes.push({ kind: 'stage-entered', of: 'company', from, to, cause });
};

/** Sets what sales is doing. Setting the one that is set already is no entry. */
export const enterStatus = (draft: Draft, to: LeadStatus, cause: string): void => {
  const from = draft.state.leadStatus;
  if (from === to) return;
  draft.state = { ...draft.state, leadStatus: to };
  draft.changes.push({ kind: 'status-entered', from, to, cause });
};

/** Makes somebody the contact's owner, and the company's where it has none. */
export const writeOwner = (draft: Draft, ownerId: RepId): void => {
  if (draft.state.ownerId !== ownerId) {
    draft.state = { ...draft.state, ownerId };
    draft.changes.push({ kind: 'owner-written', of: 'contact', ownerId });
  }
  if (draft.company !== null && draft.company.ownerId === null) {
    changeCompany(draft, { ownerId });
    draft.changes.push({ kind: 'owner-written', of: 'company', ownerId });
  }
};
