import { canOwn } from '../../assignment/eligibility.ts';
import { type ActionId, whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import {
  beginDraft,
  changeCompany,
  type Draft,
  finish,
  ignore,
  needCompany,
  note,
  plainTrace,
  putHandoff,
  refuse,
} from '../draft.ts';
import type { Input } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { acceptOffered, enterHandoff, membersFollow } from '../steps/accepted.ts';
import { beginLeg } from '../steps/beginLeg.ts';
import { answerClock, clockUntil, endClocks, replaceClock, startClock } from '../steps/clocks.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { CLOSE_IN_MS, dropUntouchedDeal, REPLACED } from '../steps/deal.ts';
import { asDeal, asOpen, type HandoffIn } from '../steps/reshape.ts';
import { enterCompanyStage, enterStage, enterStatus } from '../steps/stages.ts';
import { tellGroup } from '../steps/tellGroup.ts';

type DealChanged = Extract<Input, { kind: 'deal-changed' }>;

/** A deal of this contact changed, by a rep, a person, or a CRM: the table says what each change means. */
export const dealChanged = (state: ContactState, input: DealChanged, context: Context): Decided => {
  const refused = whyNotByHand(state, input, context);
  if (refused !== null) return refused;
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, input.by, context);
  writeDeal(draft, input);
  return CHANGES[input.change.to](draft, input);
};

const ACTION: { readonly [to in DealChanged['change']['to']]: ActionId } = {
  created: 'create-deal',
  moved: 'move-deal',
  won: 'close-deal',
  lost: 'close-deal',
};

/** What people must be and say; imports and CRMs tell what has happened already. */
const whyNotByHand = (state: ContactState, { by, change }: DealChanged, context: Context): Decided | null => {
  if (by.kind !== 'rep' && by.kind !== 'person') return null;
  const refusal = whyNot(ACTION[change.to], state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (change.to !== 'lost') return null;
  if (change.reason === null) return refuse('reason-needed', 'Close the deal: a lost one needs its reason');
  const known = context.policy.document.feedback.closedLost.map(({ id }) => id);
  return known.length === 0 || known.includes(change.reason)
    ? null
    : refuse('unknown-reason', `Close the deal: the reason must be one of ${known.join(', ')}`);
};

/** The deal's own row, where it is ours to write. */
const writeDeal = (draft: Draft, { by, dealId, change }: DealChanged): void => {
  const { companyId, handoff, ownerId } = draft.state;
  if (change.stage !== undefined) draft.changes.push({ kind: 'deal-moved', dealId, stage: change.stage });
  if (change.made === undefined) return;
  const owner = by.kind === 'rep' ? by.id : handoff !== null && handoff.status !== 'queued' ? handoff.ownerId : ownerId;
  draft.changes.push({
    kind: 'deal-made',
    dealId,
    handoffId: handoff?.id ?? null,
    ownerId: owner,
    companyId,
    made: change.made,
  });
};

const CHANGES: {
  readonly [to in DealChanged['change']['to']]: (draft: Draft, input: DealChanged) => Decided;
} = {
  created: (draft, input) => becomeDeal(draft, input, 'deal-created'),
  moved: (draft, input) => becomeDeal(draft, input, 'deal-moved'),
  won: (draft, input) => win(draft, input),
  lost: (draft, input) => lose(draft, input),
};

/** A person's deal, or a policy-made one that leaves its first stage: handoff-to-deal is taken here. */
const becomeDeal = (
  draft: Draft,
  { dealId, by, change }: DealChanged,
  cause: 'deal-created' | 'deal-moved',
): Decided => {
  const { context, state } = draft;
  const { handoff } = state;
  const say = cause === 'deal-created' ? 'a deal was created' : 'the deal moved on';
  if (handoff === null) {
    note(draft, 'deal', say);
    enterStage(draft, 'opportunity', cause);
    return finish(draft, 'dealt', plainTrace('deal', `${say}; no handoff is open`));
  }
  const isOther = cause === 'deal-moved' && handoff.dealId !== null && handoff.dealId !== dealId;
  if (isOther || handoff.status === 'deal') {
    if (handoff.status === 'deal' && handoff.dealId === dealId) putOff(draft, handoff, change.closeAt);
    note(draft, 'deal', say);
    return finish(draft, 'dealt', plainTrace('deal', say));
  }
  const owned = takeForDeal(draft, takeDeal(draft, handoff, dealId));
  if (owned === null)
    return ignore(state, by, context, 'deal', `${say}, but it waits in a queue: somebody has to claim it first`);
  const { now } = context;
  const isPerson = by.kind === 'rep' || by.kind === 'person';
  if ('response' in owned && isPerson) answerClock(draft, owned.id, 'response', owned.response, now, say);
  else endClocks(draft, owned, 'closed');
  draft.changes.push({ kind: 'task-closed', handoffId: owned.id, how: 'done' });
  const known = handoff.dealId === dealId ? handoff.dealCloseAt : undefined;
  const closeAt = change.made?.closeAt ?? change.closeAt ?? known ?? now + CLOSE_IN_MS;
  const isLate = 'response' in owned && isPerson && now > owned.response.dueAt;
  const next = asDeal(
    { ...owned, breached: owned.breached || isLate },
    {
      ownerId: owned.ownerId,
      acceptedAt: owned.acceptedAt ?? now,
      contactedAt: 'contactedAt' in owned ? owned.contactedAt : null,
      dealId,
      dealCreatedAt: owned.leg?.first.dealCreatedAt ?? now,
      close: clockUntil(draft, 'close', owned, Math.max(now, closeAt)),
    },
  );
  putHandoff(draft, { ...next, dealId });
  startClock(draft, next.id, 'close', next.close, next.ownerId);
  if (draft.company !== null && draft.company.openDeal === null)
    changeCompany(draft, { openDeal: { dealId, ownerId: next.ownerId } });
  enterStage(draft, 'opportunity', cause);
  enterStatus(draft, 'open-deal', cause);
  note(draft, 'deal', say);
  membersFollow(draft, next);
  const leg = beginLeg(draft, 'deal-created');
  if (leg?.kind === 'needs') return leg;
  const trace = plainTrace('deal', say);
  return finish(draft, 'dealt', leg === null ? trace : { ...trace, assignment: leg.trace });
};

/** A deal with another close date has its clock run to that one. */
const putOff = (draft: Draft, handoff: HandoffIn<'deal'>, closeAt: number | undefined): void => {
  if (closeAt === undefined || closeAt === handoff.close.dueAt) return;
  const { now } = draft.context;
  const close = clockUntil(draft, 'close', handoff, Math.max(now, closeAt));
  replaceClock(draft, handoff.id, 'close', close, handoff.ownerId);
  putHandoff(draft, { ...handoff, close });
};

/** The handoff with this deal as its own. One that policy made and nobody touched is closed: two would be counted twice. */
const takeDeal = <H extends OpenHandoff>(draft: Draft, handoff: H, dealId: number): H => {
  if (handoff.dealId === dealId) return handoff;
  dropUntouchedDeal(draft, handoff, REPLACED);
  draft.changes.push({ kind: 'deal-attached', dealId, handoffId: handoff.id });
  return { ...handoff, dealId, dealUntouched: false };
};

/** Somebody who makes a deal of it has it: an offered one is accepted thereby, a queued one claimed by the rep who did. */
const takeForDeal = (
  draft: Draft,
  handoff: Exclude<OpenHandoff, { status: 'deal' }>,
): Extract<OpenHandoff, { status: 'open' | 'working' | 'parked' }> | null => {
  const { by, context } = draft;
  switch (handoff.status) {
    case 'offered':
      return acceptOffered(draft, handoff, 'a deal');
    case 'queued': {
      if (by.kind !== 'rep' || !canOwn(context.people.reps.get(by.id))) return null;
      const open = enterHandoff(draft, asOpen(handoff, by.id, context.now, handoff.response), 'accepted');
      tellGroup(draft, handoff, by.id, open);
      return open;
    }
    default:
      return handoff;
  }
};

const win = (draft: Draft, { dealId, change }: DealChanged): Decided => {
  const { handoff } = draft.state;
  draft.changes.push({ kind: 'deal-closed', dealId, how: 'won', reason: change.reason, at: change.at });
  freeCompany(draft, dealId);
  if (handoff === null) note(draft, 'deal', 'the deal was won');
  else closeHandoff(draft, takeDeal(draft, handoff, dealId), 'won', change.reason, 'the deal was won');
  enterStage(draft, 'customer', 'deal-won');
  enterCompanyStage(draft, 'customer', 'deal-won');
  return finish(draft, 'won', plainTrace('won', 'the deal was won'));
};

const lose = (draft: Draft, { dealId, change }: DealChanged): Decided => {
  const { handoff } = draft.state;
  const say = `the deal was lost${change.reason === null ? '' : `: ${change.reason}`}`;
  draft.changes.push({ kind: 'deal-closed', dealId, how: 'lost', reason: change.reason, at: change.at });
  freeCompany(draft, dealId);
  if (handoff === null || (handoff.dealId !== null && handoff.dealId !== dealId)) {
    note(draft, 'deal', say);
    return finish(draft, 'dealt', plainTrace('lost', `${say}; no open handoff is about it`));
  }
  const reason = draft.context.policy.document.feedback.closedLost.find(({ id }) => id === change.reason);
  closeHandoff(draft, handoff, 'lost', change.reason, say);
  if (reason?.status != null) enterStatus(draft, reason.status, say);
  enterStage(draft, reason === undefined ? 'lead' : (reason.backTo ?? 'lead'), 'deal-lost', say);
  if (reason?.suppress === true) draft.state = { ...draft.state, suppressed: reason.id };
  if (reason?.nurtureMs != null)
    draft.changes.push({ kind: 'reevaluate', at: draft.context.now + reason.nurtureMs, cause: 'nurture' });
  return finish(draft, 'lost', plainTrace('lost', say));
};

const freeCompany = (draft: Draft, dealId: number): void => {
  if (draft.company?.openDeal?.dealId === dealId) changeCompany(draft, { openDeal: null });
};
