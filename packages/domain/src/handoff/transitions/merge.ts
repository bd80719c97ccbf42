import { mergeContacts } from '../../facts/observe.ts';
import type { Instant } from '../../kernel/time.ts';
import { isForward } from '../../lifecycle/stageMoves.ts';
import type { Context, Need } from '../context.ts';
import type { Decided, Decision } from '../decision.ts';
import { beginDraft, changeCompany, type Draft, finish, need, note, plainTrace, putHandoff } from '../draft.ts';
import type { Input } from '../input.ts';
import type { ContactState, OpenHandoff } from '../state.ts';
import { clocksOf } from '../steps/clocks.ts';
import { closeHandoff } from '../steps/closeHandoff.ts';
import { tellOwner, tellRep } from '../steps/notify.ts';
import { enterStage } from '../steps/stages.ts';
import { look } from './observe.ts';

/**
 * Two contacts turn out to be one. What is known of both joins; of two open handoffs the one that is due first survives,
 * with one owner, and the other's owner is told. What the two did together may make them qualify now.
 */
export const merge = (
  state: ContactState,
  { loser }: Extract<Input, { kind: 'merged' }>,
  context: Context,
): Decided => {
  const joined = mergeContacts(state, loser);
  const merged: ContactState = {
    ...joined,
    companyId: state.companyId ?? loser.companyId,
    ownerId: state.ownerId ?? loser.ownerId,
    leadStatus: state.leadStatus ?? loser.leadStatus,
    hold: state.hold ?? loser.hold,
    group: state.group ?? loser.group,
    last: later(state.last, loser.last),
    suppressed: state.suppressed ?? loser.suppressed,
    metBefore: [...new Set([...state.metBefore, ...loser.metBefore])],
  };
  const hasMoved =
    loser.handoff !== null ||
    loser.hold !== null ||
    loser.group !== null ||
    loser.stage !== null ||
    state.handoff !== null;
  // An anonymous visitor who turns out to be somebody brings what they did and nothing else.
  if (!hasMoved) return look(merged, context, { eventKey: null, timeOnly: false });
  const missing = needCompanies(merged, loser, context);
  if (missing !== null) return missing;
  const draft = beginDraft(merged, { kind: 'policy' }, context);
  if (loser.stage !== null && isForward(state.stage, loser.stage)) enterStage(draft, loser.stage, 'merged');
  // The company's open handoff may be the one that changes hands here.
  if (draft.company?.openHandoff?.contactId === loser.id) changeCompany(draft, { openHandoff: null });
  const survivor = mergeHandoffs(draft, state.handoff, loser.handoff);
  note(draft, 'merged', 'merged with another contact');
  if (survivor !== null) {
    // One of the two may have been a member of the other's group, and have left it.
    const last = draft.state.last?.id === survivor.id ? null : draft.state.last;
    draft.state = { ...draft.state, hold: null, group: null, last };
    return finish(draft, 'merged', plainTrace('merge', 'merged; one handoff survives'));
  }
  if (draft.state.hold !== null) draft.state = { ...draft.state, group: null };
  return andThenLook(draft, context);
};

/** The company of the survivor, and the loser's where it is another: it must not be joined while its handoff moves away. */
const needCompanies = (merged: ContactState, loser: ContactState, context: Context): Decided | null => {
  const wanted = [merged.companyId, loser.handoff === null ? null : loser.companyId];
  const needs = wanted.flatMap((companyId): Need[] =>
    companyId === null || context.companies.has(companyId) ? [] : [{ kind: 'company', companyId }],
  );
  return needs.length === 0 ? null : need(...needs);
};

/** Keeps the handoff that is due first and closes the other one as merged. */
const mergeHandoffs = (draft: Draft, one: OpenHandoff | null, other: OpenHandoff | null): OpenHandoff | null => {
  if (one === null && other === null) return null;
  const kept = one === null || (other !== null && firstDue(other) < firstDue(one)) ? other : one;
  const dropped = kept === one ? other : one;
  if (kept === null) return null;
  if (dropped !== null) {
    draft.state = { ...draft.state, handoff: dropped };
    const { last } = draft.state;
    closeHandoff(draft, dropped, 'merged', null, 'merged into another open handoff of the same person');
    draft.state = { ...draft.state, last };
    if (dropped.status !== 'queued')
      tellRep(draft, dropped.ownerId, kept, 'merged', {
        subject: 'Merged with another open handoff of the same person',
      });
  }
  const episodes = Math.max(draft.state.episodes, kept.episode);
  draft.state = { ...draft.state, episodes };
  putHandoff(draft, { ...kept, companyId: draft.state.companyId });
  tellOwner(draft, kept, 'merged', { subject: 'Merged with another contact: the same person' });
  return kept;
};

/** When the first of its clocks is due. */
const firstDue = (handoff: OpenHandoff): Instant =>
  Math.min(...Object.values(clocksOf(handoff)).map(({ dueAt }) => dueAt));

const later = (one: ContactState['last'], other: ContactState['last']): ContactState['last'] =>
  one === null || (other !== null && other.closedAt > one.closedAt) ? other : one;

/** What the two did together may qualify them at once: that is the same decision, with the merge's rows before it. */
const andThenLook = (draft: Draft, context: Context): Decided => {
  const looked = look(draft.state, context, { eventKey: null, timeOnly: false });
  if (looked.kind !== 'decided') return looked;
  const { decision } = looked;
  const together: Decision = {
    ...decision,
    outcome: decision.outcome === 'observed' ? 'merged' : decision.outcome,
    company: decision.company ?? (draft.companyChanged ? draft.company : null),
    changes: [...draft.changes, ...decision.changes],
    effects: [...draft.effects, ...decision.effects],
    trace: decision.trace ?? plainTrace('merge', 'merged with another contact'),
  };
  return { kind: 'decided', decision: together };
};
