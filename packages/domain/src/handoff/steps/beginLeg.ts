import type { LegTrigger } from '../../policy/document.ts';
import { type Draft, note } from '../draft.ts';
import { legFor } from './leg.ts';
import { type PassedOn, passAlong } from './passAlong.ts';

/**
 * Begins the second leg where the policy has one for what has just happened: once for a handoff, and never for what an
 * import brings. Where nobody can take it, it stays with its owner, and says so. Answers how it was passed on, what must be
 * loaded first, or null: it was not.
 */
export const beginLeg = (draft: Draft, when: LegTrigger): Exclude<PassedOn, { kind: 'nobody' }> | null => {
  const { handoff } = draft.state;
  const leg = legFor(draft.context.policy.document, when);
  if (leg === undefined || !draft.context.handsOff || handoff === null || handoff.leg !== undefined) return null;
  if (handoff.status !== 'open' && handoff.status !== 'working' && handoff.status !== 'deal') return null;
  const passed = passAlong(draft, handoff, leg, null);
  if (passed.kind !== 'nobody') return passed;
  note(draft, 'note', `it stays where it is, though ${leg.id} would pass it on: ${passed.say}`);
  return null;
};
