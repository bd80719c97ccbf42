import type { ObservedEvent } from '../handoff/input.ts';
import type { ContactState } from '../handoff/state.ts';
import type { Collectors } from '../policy/compiled.ts';
import { collectSignals } from '../signals/collectSignals.ts';
import { mergeSignals } from '../signals/mergeSignals.ts';
import { addTouch, mergeTouches } from '../source/touches.ts';
import { foldFacts, mergeFacts } from './foldFacts.ts';

/**
 * Folds one event into what is known of a contact: claims, touch, signals; nothing else of the state changes. Any order,
 * splitting and repetition of the same events gives the same three. An event that bears a mark (bot, own staff ...) still
 * tells facts, but is no touch, and no signal where the policy ignores the mark. Linear in claims and collectors.
 */
export const observe = (state: ContactState, event: ObservedEvent, collectors: Collectors): ContactState => {
  const facts = foldFacts(state.facts, event.claims, event);
  const touches = event.touch === null || event.marks.length > 0 ? state.touches : addTouch(state.touches, event.touch);
  const signals = collectSignals(state.signals, event, collectors);
  return facts === state.facts && touches === state.touches && signals === state.signals
    ? state
    : { ...state, facts, touches, signals };
};

/**
 * Joins what is known of two contacts that turn out to be one: the same joins as `observe`, so it does not matter when
 * they were found to be one. The rest of the state (stage, owner, handoff) stays the survivor's. Linear.
 */
export const mergeContacts = (
  survivor: ContactState,
  loser: Pick<ContactState, 'facts' | 'touches' | 'signals'>,
): ContactState => ({
  ...survivor,
  facts: mergeFacts(survivor.facts, loser.facts),
  touches: mergeTouches(survivor.touches, loser.touches),
  signals: mergeSignals(survivor.signals, loser.signals),
});
