import type { FeedbackReason } from '../../policy/document.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided, Refusal } from '../decision.ts';
import { beginDraft, type Draft, finish, need, needCompany, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { dropUntouchedDeal } from '../steps/deal.ts';
import { needsToReverse, reversePlace } from '../steps/place.ts';
import { reroute } from '../steps/reroute.ts';
import { enterStage, enterStatus } from '../steps/stages.ts';

/** Reasons for which a rep does not pay: the lead should never have been offered. */
const ACCEPTED_DECLINES: ReadonlySet<string> = new Set(['bad-data', 'duplicate', 'wrong-owner', 'wrong-territory']);

/** True where a decline with this reason undoes the ledger step that it cost. */
export const isAcceptedDecline = (reason: Pick<FeedbackReason, 'id' | 'reroute' | 'merge'>): boolean =>
  reason.reroute || reason.merge || ACCEPTED_DECLINES.has(reason.id);

/** Why this reason can't be given yet, or null where it can: some ask for so many attempts first. */
export const whyNotReason = (
  reason: Pick<FeedbackReason, 'id' | 'afterAttempts'>,
  handoff: OpenHandoff,
): Refusal | null => {
  const attempts = handoff.status === 'working' ? handoff.attempts : 0;
  if (attempts >= reason.afterAttempts) return null;
  const say = `${reason.id} asks for ${reason.afterAttempts} attempts; there were ${attempts}`;
  return { code: 'too-few-attempts', say, by: null };
};

/** Sales says no, with a reason of the policy; the reason says where the contact goes, and marketing sees it. */
export const reject = (
  state: ContactState,
  by: Actor,
  act: Extract<RepAct, { do: 'reject' }>,
  context: Context,
): Decided => {
  const refusal = whyNot('reject', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  if (handoff === null) return refuse('no-open-handoff', 'Reject: there is no open handoff');
  const { reject: reasons } = context.policy.document.feedback;
  const reason = reasons.find(({ id }) => id === act.reason);
  if (reason === undefined)
    return refuse('unknown-reason', `Reject: the reason must be one of ${reasons.map(({ id }) => id).join(', ')}`);
  const tooEarly = whyNotReason(reason, handoff);
  if (tooEarly !== null) return { kind: 'refused', refusal: tooEarly };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  if (reason.reroute && handoff.status !== 'queued') {
    const leaving = { declinedBy: handoff.ownerId, reverses: true, say: `handed back: ${reason.id}` };
    const moved = reroute(draft, handoff, leaving);
    if (moved.kind === 'needs') return moved;
    return finish(draft, 'rerouted', { ...plainTrace('hand-back', leaving.say), assignment: moved.trace });
  }
  return close(draft, handoff, reason, act.detail);
};

const close = (draft: Draft, handoff: OpenHandoff, reason: FeedbackReason, detail: string | null): Decided => {
  const { context } = draft;
  if (isAcceptedDecline(reason)) {
    const needs = needsToReverse(draft, handoff);
    if (needs.length > 0) return need(...needs);
    reversePlace(draft, handoff);
  }
  const say = `rejected: ${reason.id}${detail === null ? '' : ` (${detail})`}`;
  closeHandoff(draft, handoff, 'rejected', reason.id, say);
  dropUntouchedDeal(draft, handoff, reason.id);
  enterStatus(draft, reason.status ?? 'unqualified', `rejected: ${reason.id}`);
  if (reason.backTo !== null) enterStage(draft, reason.backTo, 'rejected', `rejected: ${reason.id}`);
  if (reason.suppress) draft.state = { ...draft.state, suppressed: reason.id };
  if (reason.nurtureMs !== null)
    draft.changes.push({ kind: 'reevaluate', at: context.now + reason.nurtureMs, cause: 'nurture' });
  return finish(draft, 'rejected', plainTrace('reject', say));
};
