import { canOwn } from '../../assignment/eligibility.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { LifecycleStage } from '../../lifecycle/stage.ts';
import type { StageCause } from '../../lifecycle/stageMoves.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, type Draft, finish, nameOf, needCompany, note, plainTrace } from '../draft.ts';
import type { Input } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { acceptOffered, enterHandoff } from '../steps/accepted.ts';
import { passResponse } from '../steps/clocks.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { leaveGroup } from '../steps/leaveGroup.ts';
import { openHandoff } from '../steps/openHandoff.ts';
import { findPlace } from '../steps/place.ts';
import { placeByHand } from '../steps/placeByHand.ts';
import { asOpen } from '../steps/reshape.ts';
import { enterStage } from '../steps/stages.ts';
import { tellGroup } from '../steps/tellGroup.ts';

type StageSet = Extract<Input, { kind: 'stage-set' }>;
type Setter = (draft: Draft, input: StageSet) => Decided;

/**
 * A stage set by hand, by an import, by the API or a CRM goes through the same transitions: mql is a qualified lead, sql an
 * accepted handoff with status new. With nothing to be handed off (`--as history`) only the stage is entered.
 */
export const stageSet = (state: ContactState, input: StageSet, context: Context): Decided => {
  const refusal = whyNot('set-stage', state, input.by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, input.by, context);
  return context.handsOff ? SETTERS[input.stage](draft, input) : enterOnly(draft, input);
};

const causeOf = (input: StageSet): StageCause => (input.by.kind === 'import' ? 'imported' : 'set-by-hand');

const enterOnly: Setter = (draft, input) => {
  enterStage(draft, input.stage, causeOf(input));
  return finish(draft, 'stage-set', plainTrace('stage-set', `stage set to ${input.stage}`));
};

/** An earlier stage takes an open handoff back from sales. */
const takeBack: Setter = (draft, input) => {
  const { handoff } = draft.state;
  if (handoff !== null) closeHandoff(draft, handoff, 'withdrawn', 'by-hand', `stage set to ${input.stage}`);
  leaveGroup(draft, 'withdrawn', 'by-hand');
  return enterOnly(draft, input);
};

const setMql: Setter = (draft, input) => {
  if (draft.state.handoff !== null || draft.state.hold !== null || draft.state.group !== null)
    return enterOnly(draft, input);
  return open(draft, input, false);
};

/** An accepted handoff: the offered one is accepted, a queued one is given, and where there is none one is opened. */
const setSql: Setter = (draft, input) => {
  const { handoff } = draft.state;
  if (handoff === null) return open(draft, input, true);
  const ownerId = ownerFor(draft, input);
  if (handoff.status === 'offered') acceptOffered(draft, handoff, 'stage set to sql');
  else if (handoff.status === 'queued' && ownerId !== null) give(draft, handoff, ownerId);
  return enterOnly(draft, input);
};

const setCustomer: Setter = (draft, input) => {
  const { handoff } = draft.state;
  if (handoff !== null) {
    const isWon = handoff.status === 'deal';
    closeHandoff(draft, handoff, isWon ? 'won' : 'withdrawn', isWon ? null : 'became-customer', 'became a customer');
  }
  leaveGroup(draft, 'withdrawn', 'became-customer');
  return enterOnly(draft, input);
};

const SETTERS: { readonly [stage in LifecycleStage]: Setter } = {
  subscriber: takeBack,
  lead: takeBack,
  other: takeBack,
  mql: setMql,
  sql: setSql,
  opportunity: enterOnly,
  customer: setCustomer,
  evangelist: setCustomer,
};

/** Who is meant: the one that was named, the rep who did it, or the contact's owner; null: the routes decide. */
const ownerFor = (draft: Draft, input: StageSet): RepId | null => {
  const meant = [input.ownerId, input.by.kind === 'rep' ? input.by.id : null, draft.state.ownerId];
  return meant.find((repId) => repId !== null && canOwn(draft.context.people.reps.get(repId))) ?? null;
};

const open = (draft: Draft, input: StageSet, accepted: boolean): Decided => {
  const intent = unseenIntent(draft);
  const ownerId = ownerFor(draft, input);
  let placed = ownerId === null ? null : placeByHand(ownerId, `${nameOf(draft, ownerId)} was named`);
  if (placed === null) {
    const routed = findPlace(draft, { intent, target: null, declinedBy: [] });
    if (routed.kind === 'needs') return routed;
    placed = routed.placed;
  }
  const reason = `stage set to ${input.stage}`;
  const { hold } = draft.state;
  if (hold !== null) draft.changes.push({ kind: 'hold-ended', exceptionId: hold.exceptionId, how: 'released' });
  openHandoff(
    draft,
    {
      kind: accepted ? 'own' : 'fast-track',
      intent,
      ruleId: 'stage-set',
      reason,
      evidence: '',
      stage: accepted ? null : causeOf(input),
      exceptionId: null,
      accepted,
    },
    placed,
  );
  return finish(draft, 'stage-set', { ...plainTrace('stage-set', reason), assignment: placed.trace });
};

/** The intent of somebody whose act nobody saw: not a high one, where the policy knows another. */
const unseenIntent = (draft: Draft): string => {
  const { qualify } = draft.context.policy.document;
  return (qualify.find(({ intent }) => intent !== 'high') ?? qualify[0])?.intent ?? 'standard';
};

const give = (draft: Draft, queued: Extract<OpenHandoff, { status: 'queued' }>, ownerId: RepId): void => {
  note(draft, 'accepted', `taken from ${queued.queueId} by ${nameOf(draft, ownerId)}`);
  const response = passResponse(draft, queued, ownerId);
  const open = enterHandoff(draft, asOpen(queued, ownerId, draft.context.now, response), 'accepted');
  tellGroup(draft, queued, ownerId, open);
};
