import { type Draft, nameOf, note, putHandoff, tellMembers } from '../draft.ts';
import type { OpenHandoff } from '../state.ts';
import { answerClock } from './clocks.ts';
import { addDeal } from './deal.ts';
import { addFirstTask } from './firstTask.ts';
import { takeLegDeal } from './legDeal.ts';
import { asOpen, type HandoffIn } from './reshape.ts';
import { enterStage, enterStatus, writeOwner } from './stages.ts';

/** An offered handoff that its owner takes: the accept clock stops, and everything begins that acceptance brings. */
export const acceptOffered = (draft: Draft, offered: HandoffIn<'offered'>, evidence: string): HandoffIn<'open'> => {
  const { now } = draft.context;
  if (offered.accept !== null) answerClock(draft, offered.id, 'accept', offered.accept, now, evidence);
  note(draft, 'accepted', `accepted by ${nameOf(draft, offered.ownerId)}`);
  return enterHandoff(draft, asOpen(offered, offered.ownerId, now, offered.response), 'accepted');
};

/** What acceptance brings: owner, stage and status, first task, and by intent the deal; members of the group follow. */
export const enterHandoff = (
  draft: Draft,
  open: HandoffIn<'open'>,
  cause: 'accepted' | 'own-lead',
): HandoffIn<'open'> => {
  // Who covers for the contact's owner has the lead, and the owner keeps the contact.
  if (open.coversFor === undefined || open.coversFor !== draft.state.ownerId) writeOwner(draft, open.ownerId);
  const withDeal: HandoffIn<'open'> = { ...open, ...addDeal(draft, open) };
  putHandoff(draft, withDeal);
  enterStage(draft, 'sql', cause);
  if (withDeal.leg === undefined) enterStatus(draft, 'new', cause);
  else takeLegDeal(draft, withDeal);
  addFirstTask(draft, withDeal);
  membersFollow(draft, withDeal);
  return withDeal;
};

/** The members of a group see a change of owner, status or deal. */
export const membersFollow = (draft: Draft, handoff: OpenHandoff): void =>
  tellMembers(draft, { kind: 'group-changed', groupId: handoff.groupId, ended: null });
