import { canOwn } from '../../assignment/eligibility.ts';
import type { RepId } from '../../kernel/ids.ts';
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
  writeOwner(draft, contactOwner(draft, open));
  const entered = takeLegDeal(draft, { ...open, ...addDeal(draft, open) });
  putHandoff(draft, entered);
  enterStage(draft, 'sql', cause);
  if (entered.leg === undefined) enterStatus(draft, 'new', cause);
  addFirstTask(draft, entered);
  membersFollow(draft, entered);
  return entered;
};

/** Whose the contact is: whoever covers has the lead, and the one who is covered has the contact, as long as they are here. */
const contactOwner = ({ context }: Draft, { ownerId, coversFor }: HandoffIn<'open'>): RepId =>
  coversFor !== undefined && canOwn(context.people.reps.get(coversFor)) ? coversFor : ownerId;

/** The members of a group see a change of owner, status or deal. */
export const membersFollow = (draft: Draft, handoff: OpenHandoff): void =>
  tellMembers(draft, { kind: 'group-changed', groupId: handoff.groupId, ended: null });
