import { kindOfStatus, STATUS_KINDS } from '../../lifecycle/leadStatus.ts';
import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, needCompany, note, plainTrace, refuse } from '../draft.ts';
import type { Actor, RepAct } from '../input.ts';
import type { ContactState } from '../state.ts';
import { enterStatus } from '../steps/stages.ts';
import { contacted } from './logContact.ts';
import { park } from './park.ts';
import { reject } from './reject.ts';

/** The lead status set by hand: what it is like says what follows, and what the rep must say with it. */
export const setStatus = (
  state: ContactState,
  by: Actor,
  act: Extract<RepAct, { do: 'set-status' }>,
  context: Context,
): Decided => {
  const kind = kindOfStatus(act.status, context.policy.document.statuses);
  if (kind === null) return refuse('unknown-status', `${act.status} is no lead status of this policy`);
  const refusal = whyNot('set-status', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { handoff } = state;
  const meaning = STATUS_KINDS[kind];
  if (handoff !== null && handoff.status !== 'deal') {
    if (meaning.asks === 'reason') {
      if (act.reason === null) return refuse('reason-needed', `${act.status} needs its reason`);
      return reject(state, by, { do: 'reject', reason: act.reason, detail: null }, context);
    }
    if (meaning.asks === 'date') {
      if (act.until === null) return refuse('date-needed', `${act.status} needs the date until which it holds`);
      return park(state, by, { do: 'park', until: act.until, note: null }, context, act.status);
    }
  }
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const counts = meaning.contact !== null && handoff !== null && handoff.status !== 'queued';
  if (meaning.contact !== null && counts)
    return contacted(draft, { means: meaning.contact, at: context.now, evidence: 'status only', status: act.status });
  enterStatus(draft, act.status, 'set-by-hand');
  note(draft, 'status', `status set to ${act.status} by hand`);
  return finish(draft, 'worked', plainTrace('set-status', `status set to ${act.status}`));
};
