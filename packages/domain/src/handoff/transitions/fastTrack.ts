import { whyNot } from '../actions.ts';
import type { Context } from '../context.ts';
import type { Decided } from '../decision.ts';
import { beginDraft, finish, nameOf, needCompany, note, refuse } from '../draft.ts';
import type { Actor, Input } from '../input.ts';
import type { ContactState } from '../state.ts';
import { openHandoff } from '../steps/openHandoff.ts';
import { placeByHand } from '../steps/placeByHand.ts';
import { handOff } from './qualify.ts';
import { raiseHandoff } from './raise.ts';

type FastTracked = Extract<Input, { kind: 'fast-tracked' }>;

/**
 * A person names a lead. Marketing's is a fast track, reported as its own criterion, past gate and exceptions, since a
 * person has judged; a rep's is their own lead. `manual.at-most` is the caller's to count.
 */
export const fastTrack = (state: ContactState, input: FastTracked, context: Context): Decided =>
  input.by.kind === 'rep' ? ownLead(state, input.by, input, context) : marketingsLead(state, input, context);

const marketingsLead = (state: ContactState, { by, intent, note: words }: FastTracked, context: Context): Decided => {
  const refusal = whyNot('fast-track', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const { manual } = context.policy.document;
  if (manual === null) return refuse('no-fast-track', 'Fast track: this policy has none');
  if (manual.needs.includes('note') && words.trim() === '') return refuse('note-needed', 'Fast track: it needs a note');
  const known = intentsOf(context);
  if (!known.has(intent))
    return refuse('unknown-intent', `Fast track: no intent is called ${intent}; there are ${[...known].join(', ')}`);
  if (state.suppressed !== null) return refuse('suppressed', `Fast track: taken out for good (${state.suppressed})`);
  if (state.group !== null) return refuse('in-a-group', 'Fast track: it is a member of an open handoff already');
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  const reason = words.trim() === '' ? 'named by marketing' : `named by marketing: ${words.trim()}`;
  if (state.handoff !== null)
    return raiseHandoff(draft, state.handoff, { intent, ruleId: 'fast-track', reason, evaluation: null });
  if (state.hold !== null)
    draft.changes.push({ kind: 'hold-ended', exceptionId: state.hold.exceptionId, how: 'released' });
  draft.state = { ...draft.state, hold: null };
  return handOff(draft, { kind: 'fast-track', intent, ruleId: 'fast-track', reason, evaluation: null });
};

/** The intents that the policy speaks of. */
const intentsOf = ({ policy }: Context): ReadonlySet<string> =>
  new Set([
    'high',
    'standard',
    ...policy.document.qualify.map((rule) => rule.intent),
    ...policy.document.promise.map((rule) => rule.intent),
  ]);

/** A rep brings their own lead: theirs at once, no rotation, no MQL; its own line in the funnel. */
const ownLead = (
  state: ContactState,
  by: Extract<Actor, { kind: 'rep' }>,
  { intent, note: words }: FastTracked,
  context: Context,
): Decided => {
  const refusal = whyNot('own-lead', state, by, context.people);
  if (refusal !== null) return { kind: 'refused', refusal };
  const missing = needCompany(state, context);
  if (missing !== null) return missing;
  const draft = beginDraft(state, by, context);
  if (state.hold !== null)
    draft.changes.push({ kind: 'hold-ended', exceptionId: state.hold.exceptionId, how: 'released' });
  const say = `${nameOf(draft, by.id)} brought this lead`;
  const reason = words.trim() === '' ? 'own lead' : words.trim();
  const placed = placeByHand(by.id, say);
  openHandoff(
    draft,
    { kind: 'own', intent, ruleId: 'own-lead', reason, evidence: '', stage: null, exceptionId: null, accepted: true },
    placed,
  );
  note(draft, 'note', say);
  return finish(draft, 'accepted', {
    evaluation: null,
    assignment: placed.trace,
    transition: 'own-lead',
    say,
    otherwise: [],
  });
};
