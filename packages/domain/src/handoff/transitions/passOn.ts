import { canOwn } from '../../assignment/eligibility.ts';
import { ACCEPT_BY_REP } from '../../assignment/route.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { LegRule, PolicyDocument } from '../../policy/document.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState } from '../state.ts';
import { legFor } from '../steps/leg.ts';
import { passAlong } from '../steps/passAlong.ts';

/** The owner passes an accepted lead on inside sales, e.g. from SDR to AE: by a leg of the policy, or to somebody by name. */
export const passOn = (
  state: ContactState,
  by: Actor,
  act: Extract<RepAct, { do: 'pass-on' }>,
  context: Context,
): Decided => {
  const refusal = whyNot('pass-on', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  if (handoff === null || (handoff.status !== 'open' && handoff.status !== 'working' && handoff.status !== 'deal'))
    return refuse('wrong-status', 'Pass on: nobody has accepted it');
  if (handoff.leg !== undefined)
    return refuse('passed-on-already', 'Pass on: it was passed on already; hand it back, or have it assigned');
  const { document } = context.policy;
  const leg = legMeant(document, act.leg);
  if (act.leg !== null && leg === undefined)
    return refuse('unknown-leg', `Pass on: no leg is called ${act.leg}; there are ${saysOf(document.legs)}`);
  if (leg === undefined && act.to === null)
    return refuse('no-leg', 'Pass on: this policy has no leg; say to whom it goes');
  const named = act.to === null ? null : whyNotTo(context, handoff.ownerId, act.to);
  if (named !== null) return named;
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const way = leg ?? { id: 'by-hand', accept: ACCEPT_BY_REP, contactWithin: null };
  const passed = passAlong(draft, handoff, way, act.to);
  switch (passed.kind) {
    case 'needs':
      return passed;
    case 'nobody':
      return refuse('nobody-there', `Pass on: ${passed.say}`);
    case 'passed':
      return finish(draft, 'passed-on', { ...plainTrace('pass-on', passed.say), assignment: passed.trace });
  }
};

const legMeant = (document: Pick<PolicyDocument, 'legs'>, id: string | null): LegRule | undefined =>
  id === null ? (legFor(document, 'by-hand') ?? document.legs[0]) : document.legs.find((leg) => leg.id === id);

const saysOf = (legs: readonly LegRule[]): string => legs.map(({ id }) => id).join(', ') || 'none';

const whyNotTo = ({ people }: Context, ownerId: RepId, to: RepId): Decided | null => {
  const rep = people.reps.get(to);
  if (!canOwn(rep))
    return refuse('not-selling', `Pass on: ${rep?.name ?? `rep ${to}`} is not active or takes no leads`);
  return to === ownerId ? refuse('no-change', `Pass on: ${rep.name} has it already`, to) : null;
};
