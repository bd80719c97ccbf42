import type { LifecycleStage } from '../../lifecycle/stage.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, note, plainTrace } from '../draft.ts';
import type { Input } from '../input.ts';
import type { ContactState } from '../state.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { dropUntouchedDeal } from '../steps/deal.ts';
import { leaveGroup } from '../steps/leaveGroup.ts';
import { tellOwner } from '../steps/notify.ts';
import { enterStage } from '../steps/stages.ts';
import { dropHold } from './hold.ts';

type Cause = Extract<Input, { kind: 'withdrawn' }>['cause'];

/** Where each cause leaves the contact, and whether it is out for good. */
const CAUSES: {
  readonly [cause in Cause]: { readonly say: string; readonly stage: LifecycleStage; readonly suppress: boolean };
} = {
  unsubscribed: { say: 'unsubscribed', stage: 'lead', suppress: false },
  objection: { say: 'objected to being contacted', stage: 'other', suppress: true },
  'became-customer': { say: 'became a customer', stage: 'customer', suppress: false },
  competitor: { say: 'turned out to be a competitor', stage: 'other', suppress: true },
  'by-hand': { say: 'withdrawn by hand', stage: 'lead', suppress: false },
};

/** Taken back from sales: clocks end, the owner is told at once, a hold or a membership ends with it. */
export const withdraw = (
  state: ContactState,
  { by, cause }: Extract<Input, { kind: 'withdrawn' }>,
  context: Context,
): Decided => {
  const refusal = whyNot('withdraw', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const { say, stage, suppress } = CAUSES[cause];
  const { handoff, hold, group } = state;
  if (handoff !== null) {
    tellOwner(draft, handoff, 'withdrawn', { subject: `Withdrawn: ${say}` });
    closeHandoff(draft, handoff, 'withdrawn', cause, `withdrawn: ${say}`);
    dropUntouchedDeal(draft, handoff, cause);
  }
  if (hold !== null) dropHold(draft, hold, 'withdrawn');
  leaveGroup(draft, 'withdrawn', cause);
  if (handoff === null) note(draft, 'withdrawn', say);
  const wasHandedOff = handoff !== null || hold !== null || group !== null;
  if (wasHandedOff || suppress || stage === 'customer') enterStage(draft, stage, 'withdrawn', `withdrawn: ${say}`);
  if (suppress) draft.state = { ...draft.state, suppressed: cause };
  return finish(draft, 'withdrawn', plainTrace('withdraw', say));
};
