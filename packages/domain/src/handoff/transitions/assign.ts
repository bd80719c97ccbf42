import { canOwn } from '../../assignment/eligibility.ts';
import type { RepId } from '../../kernel/ids.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, note, plainTrace, putHandoff, recordStep, refuse } from '../draft.ts';
import type { Actor, AssignAct } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { membersFollow } from '../steps/accepted.ts';
import { endClock, passClocks } from '../steps/clocks.ts';
import { moveTask } from '../steps/moveTask.ts';
import { tellOwner } from '../steps/notify.ts';
import { addLoad, chargeByHand, creditOf } from '../steps/place.ts';
import { asOffered } from '../steps/reshape.ts';
import { writeOwner } from '../steps/stages.ts';
import { tellGroup } from '../steps/tellGroup.ts';

/**
 * A manager gives an open handoff to somebody by hand: uncharged unless that is asked for; the waiting customer's clock
 * goes on as it was.
 */
export const assign = (state: ContactState, by: Actor, { to, charge }: AssignAct, context: Context): Decided => {
  const refusal = whyNot('assign', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  if (handoff === null) return refuse('no-open-handoff', 'Assign: there is no open handoff');
  const rep = context.people.reps.get(to);
  if (!canOwn(rep)) return refuse('not-selling', `Assign: ${rep?.name ?? `rep ${to}`} is not active or takes no leads`);
  if (handoff.status !== 'queued' && handoff.ownerId === to)
    return refuse('no-change', `Assign: ${rep.name} has it already`, to);
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const charged = charge === 'team' ? chargeByHand(draft, handoff, to) : { kind: 'step' as const, step: null };
  if (charged.kind === 'needs') return charged;
  const { step } = charged;
  if (step !== null) recordStep(draft, handoff.id, step);
  const say = `given to ${rep.name} by hand`;
  note(draft, 'assigned', say);
  addLoad(draft, to);
  const given = handTo(passClocks(draft, handoff, to), to);
  const moved = step === null ? given : { ...given, credit: creditOf(step) };
  putHandoff(draft, moved);
  if (handoff.status === 'offered' && handoff.accept !== null) endClock(draft, handoff.id, 'accept', 'replaced');
  if (moved.status !== 'offered') {
    writeOwner(draft, to);
    moveTask(draft, moved);
  }
  tellOwner(draft, moved, 'assigned');
  if (handoff.status === 'queued') tellGroup(draft, handoff, to, moved);
  membersFollow(draft, moved);
  const assignment = { routes: [], routeId: handoff.routeId, how: 'by-hand' as const, step, say };
  return finish(draft, 'assigned', { ...plainTrace('assign', say), assignment });
};

/** The same handoff with another owner: what was accepted stays accepted, what was not is offered to the new one. */
const handTo = ({ coversFor: _, ...handoff }: OpenHandoff, to: RepId): Exclude<OpenHandoff, { status: 'queued' }> => {
  const offers = handoff.offers + 1;
  return handoff.status === 'offered' || handoff.status === 'queued'
    ? asOffered({ ...handoff, offers }, to, null, handoff.response)
    : { ...handoff, ownerId: to, offers };
};
