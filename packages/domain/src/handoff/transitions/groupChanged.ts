import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, ignore, needCompany, note, plainTrace } from '../draft.ts';
import type { Actor, Input } from '../input.ts';
import type { ClosedHandoffStatus, ContactState } from '../state.ts';
import { leaveGroup } from '../steps/leaveGroup.ts';
import { placeLead } from '../steps/placeLead.ts';
import { enterStage } from '../steps/stages.ts';
import { canJoin, followLeader, join } from './join.ts';

const POLICY: Actor = { kind: 'policy' };

/** Whether a member goes with the group's end, or stands for itself because the end was about one person only. */
const ENDS: { readonly [status in ClosedHandoffStatus]: 'with-the-group' | 'for-itself' } = {
  won: 'with-the-group',
  lost: 'with-the-group',
  rejected: 'for-itself',
  withdrawn: 'for-itself',
  merged: 'for-itself',
};

/** The handoff that this contact joined moved on or ended. */
export const groupChanged = (
  state: ContactState,
  { groupId, ended }: Extract<Input, { kind: 'group-changed' }>,
  context: Context,
): Decided => {
  const { group } = state;
  if (group === null || group.groupId !== groupId)
    return ignore(state, POLICY, context, 'group', 'it is not a member of that group any more');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, POLICY, context);
  if (ended === null) {
    const leader = draft.company?.openHandoff ?? null;
    if (leader === null || leader.groupId !== groupId)
      return ignore(state, POLICY, context, 'group', 'the group is not open any more');
    followLeader(draft, leader);
    if (draft.changes.length === 0) return finish(draft, 'observed', null);
    return finish(draft, 'stage-set', plainTrace('group', 'follows the group'));
  }
  const way = ENDS[ended.status];
  const say = `the group’s handoff ended: ${ended.status}${ended.reason === null ? '' : ` (${ended.reason})`}`;
  if (way === 'with-the-group') {
    leaveGroup(draft, ended.status, ended.reason, ended.at);
    // What the member did since the end, before word of it came, still counts.
    draft.changes.push({ kind: 'reevaluate', at: draft.context.now, cause: 'group-ended' });
    draft.changes.push({
      kind: 'task-closed',
      handoffId: group.handoffId,
      how: ended.status === 'won' ? 'done' : 'dropped',
    });
    note(draft, 'closed', say);
    enterStage(draft, ended.status === 'won' ? 'customer' : 'lead', ended.status === 'won' ? 'deal-won' : 'deal-lost');
    return finish(draft, ended.status === 'won' ? 'won' : 'lost', plainTrace('group', say));
  }
  draft.state = { ...draft.state, group: null };
  note(draft, 'joined', `${say}; stands for itself from now on`);
  draft.changes.push({ kind: 'task-closed', handoffId: group.handoffId, how: 'dropped' });
  const qualified = {
    kind: 'inbound' as const,
    intent: group.intent,
    ruleId: group.ruleId,
    reason: group.reason,
    evaluation: null,
  };
  return canJoin(draft) ? join(draft, qualified) : placeLead(draft, qualified, null);
};
