import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import { ANA, BEN, decisionOf, find, handoffOf, offered, stateOf, world } from '../givenFixture.ts';
import { inboundDocument } from '../inboundFixture.ts';
import { act, addCompany, addContact, event, START } from '../worldFixture.ts';

describe('qualify', () => {
  test('a demo request is offered to the one whose turn it is, with its reason, its clocks and a notice', () => {
    const w = world();
    addContact(w, 1, 1, { 'contact.name': 'Ada Lovelace' });
    const decision = decisionOf(act(w, 1, event('Demo Requested', w.now)));
    expect(decision.outcome).toBe('qualified');
    expect(stateOf(w)).toMatchObject({ stage: 'mql', leadStatus: null, episodes: 1 });
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: ANA,
      intent: 'high',
      reason: 'asked for a demo',
      routeId: 'everyone',
      accept: { startedAt: START, dueAt: START + 30 * MINUTE_MS },
      response: { startedAt: START, dueAt: START + 4 * HOUR_MS },
    });
    expect(find(decision, 'qualified')).toMatchObject({ ruleId: 'hand-raiser', handoffId: decision.id });
    expect(decision.effects).toMatchObject([
      { kind: 'notify-rep', repId: ANA, subject: 'Ada Lovelace: asked for a demo' },
    ]);
    expect(decision.trace?.assignment?.say).toBe('Ana’s turn in inbound, of 2 who could take it');
    expect(decision.trace?.otherwise).toContainEqual({ if: 'Ana could not have taken it', then: 'Ben would have it' });
  });

  test('no ledger is asked for unless a lead is assigned by it', () => {
    const w = world();
    addContact(w, 1, null);
    act(w, 1, event('page', w.now));
    expect(w.ledgers.size).toBe(0);
    expect(w.decisions[0]?.outcome).toBe('observed');
    expect(w.decisions[0]?.trace).toBeNull();
  });

  test('it is an edge: the next event of somebody who is handed off already hands nothing off', () => {
    const w = offered();
    const decision = decisionOf(act(w, 1, event('page', w.now)));
    expect(decision.outcome).toBe('observed');
    expect(decision.changes).toEqual([]);
  });

  test('a company’s owner who sells gets it at once, accepted, with stage sql, status new, task and deal', () => {
    const w = world();
    addCompany(w, 1, { ownerId: BEN });
    addContact(w, 1, 1, { 'contact.name': 'Ada Lovelace', 'contact.phone': '+49 30 1' });
    const decision = decisionOf(act(w, 1, event('Demo Requested', w.now)));
    expect(stateOf(w)).toMatchObject({ stage: 'sql', leadStatus: 'new', ownerId: BEN });
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: BEN, routeId: 'named-account', dealUntouched: true });
    expect(find(decision, 'task-created')).toMatchObject({
      type: 'call',
      title: 'Call Ada: asked for a demo',
      dueAt: START + 4 * HOUR_MS,
    });
    expect(find(decision, 'deal-created')).toMatchObject({
      dealId: decision.id,
      name: 'Firm 1: asked for a demo',
      ownerId: BEN,
    });
    expect(w.ledgers.size).toBe(0);
  });

  test('an owner who does not sell is no owner for a route', () => {
    const w = world();
    addCompany(w, 1, { ownerId: 9 });
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w).routeId).toBe('everyone');
  });

  test('without a number the first task is the one that the policy names instead', () => {
    const w = world();
    addCompany(w, 1, { ownerId: BEN });
    addContact(w, 1, 1);
    expect(find(decisionOf(act(w, 1, event('Demo Requested', w.now))), 'task-created').type).toBe('email');
  });

  test('with nobody eligible it waits in the fallback queue with its clock running, and somebody is told', () => {
    const w = world();
    w.members.set('inbound', []);
    addContact(w, 1, 1);
    const decision = decisionOf(act(w, 1, event('Demo Requested', w.now)));
    expect(handoffOf(w)).toMatchObject({
      status: 'queued',
      queueId: 'triage',
      response: { dueAt: START + 4 * HOUR_MS },
    });
    expect(decision.effects).toMatchObject([{ kind: 'notify-queue', queueId: 'triage', tell: 'sales-managers' }]);
  });

  test('nobody whom nobody could reach is handed off, and an address makes it an edge', () => {
    const w = world();
    addContact(w, 1, null);
    w.contacts.set(1, { ...stateOf(w), facts: {} });
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('observed');
    const claims = [{ path: 'contact.email', value: 'ada@firm.example' }];
    expect(decisionOf(act(w, 1, event('identify', w.now, { type: 'identify', claims }))).outcome).toBe('qualified');
  });

  test('what machines did does not count', () => {
    const w = world();
    addContact(w, 1, 1);
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now, { marks: ['bot'] }))).outcome).toBe('observed');
  });

  test('an unknown fact neither qualifies nor is dropped: where the policy asks for it, the trace names it', () => {
    const w = world({ ...inboundDocument, unknown: { ask: [], waitMs: 0, after: 'queue-for-research' } });
    addContact(w, 1, 1);
    for (let i = 0; i < 3; i++) act(w, 1, event('page', w.now + i));
    w.now += 10;
    const decision = decisionOf(act(w, 1, event('page', w.now)));
    expect(decision.outcome).toBe('observed');
    expect(decision.trace?.evaluation?.missing).toEqual(['contact.title']);
  });

  test('an import as history hands nothing off, and what was met then is no edge tomorrow, but a new act is', () => {
    const w = world();
    addContact(w, 1, 1);
    expect(
      decisionOf(act(w, 1, event('Demo Requested', w.now - DAY_MS), { handsOff: false, tells: false })).outcome,
    ).toBe('observed');
    expect(stateOf(w).metBefore).toEqual(['hand-raiser']);
    expect(decisionOf(act(w, 1, event('page', w.now))).outcome).toBe('observed');
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('qualified');
  });

  test('a score that was met before the policy began counts once it was unmet', () => {
    const w = world();
    addContact(w, 1, 1, { 'contact.title': 'cto' });
    for (let i = 0; i < 5; i++) act(w, 1, event('page', w.now - i), { handsOff: false });
    expect(stateOf(w).metBefore).toEqual(['engaged']);
    act(w, 1, { kind: 'facts-changed', cause: 'test' });
    expect(stateOf(w).handoff).toBeNull();
    w.now += 90 * DAY_MS;
    act(w, 1, { kind: 'facts-changed', cause: 'test' });
    expect(stateOf(w).metBefore).toEqual([]);
    for (let i = 0; i < 4; i++) act(w, 1, event('page', w.now));
    expect(handoffOf(w).ruleId).toBe('engaged');
  });

  test('a threshold crossed by fading points alone hands nothing off', () => {
    const w = world({
      ...inboundDocument,
      qualify: [
        { id: 'asleep', say: 'fell asleep', intent: 'standard', when: { kind: 'engagement', op: 'lt', points: 10 } },
      ],
    });
    addContact(w, 1, 1);
    for (let i = 0; i < 3; i++) act(w, 1, event('page', w.now), { handsOff: false });
    w.now += 200 * DAY_MS;
    expect(decisionOf(act(w, 1, { kind: 'timer-fired', timer: 'reevaluate' })).outcome).toBe('observed');
  });
});
