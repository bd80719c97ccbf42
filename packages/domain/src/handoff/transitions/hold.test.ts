import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/time.ts';
import { BEN, decisionOf, find, handoffOf, stateOf, world } from '../givenFixture.ts';
import { act, addCompany, addContact, event, factsOf, START } from '../worldFixture.ts';

describe('gate, exceptions and holds', () => {
  test('a competitor is held in a queue until a date, and released to sales when the hold says so', () => {
    const w = world();
    addCompany(w, 1, { facts: factsOf({ 'company.domain': 'rival.example' }) });
    addContact(w, 1, 1);
    const held = decisionOf(act(w, 1, event('Demo Requested', w.now)));
    expect(held.outcome).toBe('held');
    expect(find(held, 'qualified')).toMatchObject({ handoffId: null, exceptionId: 'competitor' });
    expect(stateOf(w).hold).toMatchObject({ queueId: 'triage', until: START + 30 * DAY_MS, then: 'release' });
    expect(decisionOf(act(w, 1, { kind: 'timer-fired', timer: 'hold-ends' })).outcome).toBe('ignored');
    w.now += 30 * DAY_MS;
    expect(decisionOf(act(w, 1, { kind: 'timer-fired', timer: 'hold-ends' })).outcome).toBe('qualified');
    expect(handoffOf(w).status).toBe('offered');
  });

  test('a dropped hold does not come back by the same evidence, but by a new act', () => {
    const w = world();
    addContact(w, 1, null, { 'contact.email-kind': 'disposable' });
    act(w, 1, event('Demo Requested', w.now));
    w.now += 7 * DAY_MS;
    act(w, 1, { kind: 'timer-fired', timer: 'hold-ends' });
    expect(stateOf(w).hold).toBeNull();
    expect(decisionOf(act(w, 1, event('page', w.now))).outcome).toBe('observed');
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('held');
  });

  test('who is held on a suspicion goes to sales at once when what they do next clears it, and not before', () => {
    const w = world();
    addContact(w, 1, null, { 'contact.email-kind': 'disposable' });
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('held');
    w.now += DAY_MS;
    const still = event('Demo Requested', w.now);
    expect(decisionOf(act(w, 1, still)).outcome).toBe('observed');
    const input = event('identify', w.now + 1);
    if (input.kind !== 'event-observed') throw new Error('expected an event');
    const claims = [{ path: 'contact.email-kind', value: 'business' }];
    const freed = decisionOf(act(w, 1, { ...input, event: { ...input.event, trust: 'person', claims } }));
    expect(freed.outcome).toBe('qualified');
    expect(find(freed, 'hold-ended')).toMatchObject({ exceptionId: 'disposable-mail', how: 'released' });
    expect(handoffOf(w).status).toBe('offered');
  });

  test('a customer’s contact is an expansion for the owner, with its own clock', () => {
    const w = world();
    addCompany(w, 1, { stage: 'customer', ownerId: BEN });
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w)).toMatchObject({ kind: 'expansion', intent: 'expansion', ownerId: BEN, status: 'offered' });
  });
});
