import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/time.ts';
import {
  ANA,
  accepted,
  asRep,
  call,
  decisionOf,
  did,
  find,
  handoffOf,
  kinds,
  stateOf,
  world,
} from '../givenFixture.ts';
import { act, addContact, event, START, type World } from '../worldFixture.ts';

describe('again', () => {
  const rejected = (reason: string): World => {
    const w = world();
    addContact(w, 1, 1, { 'contact.title': 'cto' });
    for (let i = 0; i < 4; i++) act(w, 1, event('page', w.now));
    act(w, 1, did(asRep(ANA), { do: 'reject', reason, detail: null }));
    w.now += DAY_MS;
    return w;
  };

  test('a raised hand is heard at once', () => {
    const w = rejected('no-intent');
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w)).toMatchObject({ ruleId: 'hand-raiser', episode: 2 });
  });

  test('a score comes back only with new points, and after the wait, by the clock alone', () => {
    const w = rejected('no-intent');
    act(w, 1, event('page', w.now));
    expect(stateOf(w).handoff).toBeNull();
    act(w, 1, event('page', w.now));
    const decision = decisionOf(act(w, 1, event('page', w.now)));
    expect(stateOf(w).handoff).toBeNull();
    expect(find(decision, 'reevaluate')).toMatchObject({ at: START + 10 * DAY_MS, cause: 'again' });
    w.now = START + 10 * DAY_MS;
    for (let i = 0; i < 3; i++) act(w, 1, event('page', w.now - 1));
    expect(handoffOf(w)).toMatchObject({ ruleId: 'engaged', episode: 2 });
  });

  test('a bad fit comes back only when a fact of fit has changed, whatever else happens', () => {
    const w = rejected('bad-fit');
    act(w, 1, event('Demo Requested', w.now));
    expect(stateOf(w).handoff).toBeNull();
    const same = event('identify', w.now, { type: 'identify', claims: [{ path: 'contact.title', value: 'cto' }] });
    act(w, 1, same);
    expect(stateOf(w).handoff).toBeNull();
    act(w, 1, event('identify', w.now + 1, { type: 'identify', claims: [{ path: 'contact.title', value: 'ceo' }] }));
    expect(handoffOf(w).ruleId).toBe('hand-raiser');
  });

  test('spam has no way back', () => {
    const w = rejected('spam');
    act(w, 1, event('Demo Requested', w.now));
    expect(stateOf(w)).toMatchObject({ handoff: null, suppressed: 'spam', stage: 'other' });
  });
});

describe('old news', () => {
  test('the act that led to a closed handoff is no reason for another one: only its score is, under its own name', () => {
    const w = world();
    addContact(w, 1, 1, { 'contact.title': 'cto' });
    act(w, 1, event('Demo Requested', w.now));
    act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'no-intent', detail: null }));
    w.now += 11 * DAY_MS;
    for (let i = 0; i < 5; i++) act(w, 1, event('page', w.now));
    expect(handoffOf(w)).toMatchObject({ ruleId: 'engaged', intent: 'standard' });
    expect(decisionOf(act(w, 1, event('page', w.now))).outcome).toBe('observed');
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('raised');
  });

  test('a high rule that was met in the imported history raises nothing until there is a new act', () => {
    const w = world();
    addContact(w, 1, 1, { 'contact.title': 'cto' });
    act(w, 1, event('Demo Requested', w.now - DAY_MS), { handsOff: false });
    for (let i = 0; i < 4; i++) act(w, 1, event('page', w.now));
    expect(handoffOf(w).intent).toBe('standard');
    act(w, 1, event('page', w.now));
    expect(handoffOf(w).intent).toBe('standard');
  });

  test('what is done with the first contact leaves the task of the second one open', () => {
    const w = accepted();
    addContact(w, 2, 1);
    const joined = decisionOf(act(w, 2, event('Demo Requested', w.now)));
    expect(find(joined, 'task-created')).toMatchObject({ ownerId: ANA, handoffId: handoffOf(w).id });
    const from = w.decisions.length;
    act(w, 1, did(asRep(ANA), call('connected', w.now)));
    const closing = w.decisions.slice(from).filter((one) => kinds(one).includes('task-closed'));
    expect(closing.map((one) => one.contactId)).toEqual([1]);
  });
});
