import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../kernel/time.ts';
import { checkState } from '../checkState.ts';
import { ANA, accepted, BEN, decisionOf, handoffOf, known, offered, SALES, stateOf, world } from '../givenFixture.ts';
import { act, addContact, event } from '../worldFixture.ts';

describe('taken back, joined, and set from outside', () => {
  test('withdrawn: the clocks end and the owner is told at once', () => {
    const w = offered();
    const decision = decisionOf(act(w, 1, { kind: 'withdrawn', by: SALES, cause: 'objection' }));
    expect(stateOf(w)).toMatchObject({
      handoff: null,
      suppressed: 'objection',
      stage: 'other',
      last: { status: 'withdrawn' },
    });
    expect(decision.effects).toMatchObject([{ kind: 'notify-rep', repId: ANA, about: 'withdrawn' }]);
  });

  test('of two open handoffs of one person the one that is due first survives', () => {
    const w = world();
    addContact(w, 1, null);
    addContact(w, 2, null);
    act(w, 2, event('Demo Requested', w.now));
    w.now += HOUR_MS;
    act(w, 1, event('Demo Requested', w.now));
    const earlier = handoffOf(w, 2).id;
    const decision = decisionOf(act(w, 1, { kind: 'merged', loser: stateOf(w, 2) }));
    expect(handoffOf(w).id).toBe(earlier);
    expect(decision.effects.map((effect) => effect.kind === 'notify-rep' && effect.repId).sort()).toEqual([ANA, BEN]);
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('an anonymous visitor who turns out to be somebody brings their past, and may qualify by it', () => {
    const w = world();
    addContact(w, 1, null);
    addContact(w, 2, null);
    w.contacts.set(2, { ...stateOf(w, 2), facts: {} });
    act(w, 2, event('Demo Requested', w.now));
    expect(stateOf(w, 2).handoff).toBeNull();
    expect(decisionOf(act(w, 1, { kind: 'merged', loser: stateOf(w, 2) })).outcome).toBe('qualified');
  });

  test('a stage set to sql is an accepted handoff with status new', () => {
    const w = known();
    act(w, 1, { kind: 'stage-set', by: { kind: 'import', name: 'crm' }, stage: 'sql', ownerId: BEN });
    expect(stateOf(w)).toMatchObject({ stage: 'sql', leadStatus: 'new', ownerId: BEN, handoff: { status: 'open' } });
  });

  test('as history it is only a stage', () => {
    const w = known();
    act(
      w,
      1,
      { kind: 'stage-set', by: { kind: 'import', name: 'crm' }, stage: 'sql', ownerId: BEN },
      { handsOff: false },
    );
    expect(stateOf(w)).toMatchObject({ stage: 'sql', handoff: null });
  });

  test('a stage set back takes the handoff back from sales', () => {
    const w = accepted();
    act(w, 1, { kind: 'stage-set', by: SALES, stage: 'lead', ownerId: null });
    expect(stateOf(w)).toMatchObject({ stage: 'lead', handoff: null, last: { status: 'withdrawn' } });
  });
});
