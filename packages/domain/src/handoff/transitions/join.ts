import { channelsOf, openChannel } from '../channels.ts';
import type { Decided } from '../decision.ts';
import { type Draft, finish, nameOf, note } from '../draft.ts';
import { evidenceOf } from '../evidence.ts';
import type { CompanyState, GroupMembership } from '../state.ts';
import { viaOwner } from '../steps/notify.ts';
import { type Qualified, traceOf } from '../steps/qualified.ts';
import { responseClock } from '../steps/reshape.ts';
import { enterStage, enterStatus, writeOwner } from '../steps/stages.ts';
import { contactName } from '../words.ts';

type Leader = NonNullable<CompanyState['openHandoff']>;

/** True where a colleague's handoff is open at the company and the policy joins later contacts to it. */
export const canJoin = (draft: Draft): boolean => {
  const { accounts } = draft.context.policy.document;
  const leader = draft.company?.openHandoff ?? null;
  return (
    leader !== null &&
    leader.contactId !== draft.state.id &&
    accounts.groupBy === 'company' &&
    accounts.secondContact === 'join-owner'
  );
};

/**
 * A second contact of a company: a member of the open handoff's group, with its own reasons, its owner and its deal. It
 * has no clock of its own: the group's runs.
 */
export const join = (draft: Draft, qualified: Qualified): Decided => {
  const leader = draft.company?.openHandoff as Leader;
  const group: GroupMembership = {
    groupId: leader.groupId,
    handoffId: leader.handoffId,
    ruleId: qualified.ruleId,
    intent: qualified.intent,
    reason: qualified.reason,
    joinedAt: draft.context.now,
  };
  draft.state = { ...draft.state, group };
  draft.changes.push({
    kind: 'qualified',
    ruleId: qualified.ruleId,
    intent: qualified.intent,
    teamId: leader.teamId,
    handoffId: leader.handoffId,
    exceptionId: null,
  });
  draft.changes.push({
    kind: 'group-joined',
    handoffId: leader.handoffId,
    groupId: leader.groupId,
    reason: qualified.reason,
  });
  enterStage(draft, 'mql', qualified.kind === 'fast-track' ? 'fast-tracked' : 'joined');
  const whose = leader.ownerId === null ? `the queue ${leader.queueId}` : nameOf(draft, leader.ownerId);
  const say = `${qualified.reason}; joins the open handoff of the same company, with ${whose}`;
  note(draft, 'joined', say);
  followLeader(draft, leader);
  tellAboutMember(draft, leader, qualified);
  return finish(draft, 'joined', {
    ...traceOf(draft, qualified, {
      routes: [],
      routeId: null,
      how: 'join-owner',
      step: null,
      say: `joins the open handoff of the same company, with ${whose}`,
    }),
    transition: 'join',
  });
};

/** A member has the group's stage and owner once sales has accepted, and its deal once there is one. */
export const followLeader = (draft: Draft, leader: Leader): void => {
  const isAccepted = leader.ownerId !== null && leader.status !== 'offered';
  if (!isAccepted || leader.ownerId === null) return;
  const isFirst = draft.state.ownerId !== leader.ownerId || draft.state.stage === 'mql';
  writeOwner(draft, leader.ownerId);
  enterStage(draft, 'sql', 'joined');
  if (isFirst) {
    enterStatus(draft, 'new', 'joined');
    draft.changes.push({ kind: 'task-closed', handoffId: leader.handoffId, how: 'dropped' });
    addMemberTask(draft, leader, leader.ownerId);
  }
  if (leader.dealId !== null) {
    draft.changes.push({ kind: 'deal-attached', dealId: leader.dealId, handoffId: leader.handoffId });
    if (leader.status === 'deal') enterStage(draft, 'opportunity', 'joined');
  }
};

const addMemberTask = (draft: Draft, leader: Leader, ownerId: number): void => {
  const { group, facts } = draft.state;
  if (group === null) return;
  const { document } = draft.context.policy;
  const channels = channelsOf(document.gate, facts);
  draft.changes.push({
    kind: 'task-created',
    handoffId: leader.handoffId,
    ownerId,
    type: openChannel(channels),
    title: `Include ${contactName(facts) ?? 'a second contact'}: ${group.reason}`,
    dueAt: responseClock(draft, { intent: group.intent, routeId: null, teamId: leader.teamId, ownerId }).dueAt,
  });
};

const tellAboutMember = (draft: Draft, leader: Leader, qualified: Qualified): void => {
  if (!draft.context.tells || leader.ownerId === null) return;
  draft.effects.push({
    kind: 'notify-rep',
    repId: leader.ownerId,
    handoffId: leader.handoffId,
    about: 'joined',
    ...viaOwner(draft),
    subject: `${contactName(draft.state.facts) ?? 'A second contact'} of the same company: ${qualified.reason}`,
    body: evidenceOf(qualified.evaluation, qualified.ruleId, draft.context.now),
  });
};
