import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import {
  ANA,
  accepted,
  asRep,
  BEN,
  call,
  decisionOf,
  did,
  find,
  handoffOf,
  kinds,
  offered,
  ownerOf,
  refusal,
  stateOf,
  world,
} from '../givenFixture.ts';
import type { CompanyState } from '../state.ts';
import { act, addContact, event, rep, START } from '../worldFixture.ts';

describe('accept and claim', () => {
  test('accepting makes it sql with status new, and brings owner, task and deal', () => {
    const w = offered();
    w.now += 10 * MINUTE_MS;
    const decision = decisionOf(act(w, 1, did(asRep(ANA), { do: 'accept' })));
    expect(decision.outcome).toBe('accepted');
    expect(stateOf(w)).toMatchObject({ stage: 'sql', leadStatus: 'new', ownerId: ANA });
    expect(find(decision, 'clock-stopped')).toMatchObject({ clock: 'accept', how: 'kept' });
    expect(kinds(decision)).toEqual(
      expect.arrayContaining(['task-created', 'deal-created', 'owner-written', 'handoff-changed']),
    );
    expect(handoffOf(w)).toMatchObject({ status: 'open', response: { startedAt: START } });
    expect(w.companies.get(1)).toMatchObject({ ownerId: ANA, openDeal: { dealId: decision.id } });
  });

  test('of two people one wins, and the other is told who', () => {
    const w = accepted();
    const again = act(w, 1, did(asRep(BEN), { do: 'accept' }));
    expect(again).toEqual({
      kind: 'refused',
      refusal: { code: 'already-accepted', say: 'It was accepted by Ana already', by: ANA },
    });
  });

  test('nobody accepts what is offered to a colleague', () => {
    expect(refusal(act(offered(), 1, did(asRep(BEN), { do: 'accept' })))).toBe('not-yours');
  });

  test('a queued lead is claimed by the first, without a turn, and its clock goes on', () => {
    const w = world();
    w.members.set('inbound', []);
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    w.now += HOUR_MS;
    act(w, 1, did(asRep(BEN), { do: 'claim' }));
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: BEN, response: { dueAt: START + 4 * HOUR_MS } });
    expect(w.ledgers.size).toBe(0);
    expect(refusal(act(w, 1, did(asRep(ANA), { do: 'claim' })))).toBe('already-accepted');
  });

  test('logging a contact on an offered lead accepts it', () => {
    const w = offered();
    act(w, 1, did(asRep(ANA), call('connected', w.now)));
    expect(stateOf(w)).toMatchObject({ stage: 'sql', leadStatus: 'connected' });
    expect(handoffOf(w)).toMatchObject({ status: 'working', attempts: 0, contactedAt: START });
  });
});

describe('work', () => {
  test('an attempt in time keeps the promise and begins the next one', () => {
    const w = accepted();
    w.now += HOUR_MS;
    const decision = decisionOf(act(w, 1, did(asRep(ANA), call('voicemail', w.now))));
    expect(find(decision, 'clock-stopped')).toMatchObject({
      clock: 'response',
      how: 'kept',
      evidence: 'call: voicemail',
    });
    expect(stateOf(w).leadStatus).toBe('attempted-to-contact');
    expect(handoffOf(w)).toMatchObject({ status: 'working', attempts: 1, breached: false });
    expect(find(decision, 'task-closed').how).toBe('done');
  });

  test('a late one is a breach that stays a breach', () => {
    const w = accepted();
    w.now += 5 * HOUR_MS;
    act(w, 1, did(asRep(ANA), call('connected', w.now)));
    act(w, 1, did(asRep(ANA), call('connected', w.now)));
    expect(handoffOf(w)).toMatchObject({ status: 'working', breached: true });
    expect(stateOf(w).leadStatus).toBe('in-progress');
  });

  test('a bounced mail or a wrong number stops nothing', () => {
    const w = accepted();
    const before = handoffOf(w);
    act(w, 1, did(asRep(ANA), call('bounced', w.now)));
    expect(handoffOf(w)).toEqual(before);
  });

  test('an attempt after a conversation takes the status back nowhere', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), call('connected', w.now)));
    act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
    expect(stateOf(w).leadStatus).toBe('connected');
  });

  test('a status set by hand counts as contact only where it says contact, and is reported apart', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), { do: 'set-status', status: 'in-progress', reason: null, until: null }));
    expect(handoffOf(w).status).toBe('open');
    const decision = decisionOf(
      act(w, 1, did(asRep(ANA), { do: 'set-status', status: 'connected', reason: null, until: null })),
    );
    expect(handoffOf(w).status).toBe('working');
    expect(find(decision, 'clock-stopped').evidence).toBe('status only');
    expect(
      refusal(act(w, 1, did(asRep(ANA), { do: 'set-status', status: 'unqualified', reason: null, until: null }))),
    ).toBe('reason-needed');
    expect(
      refusal(act(w, 1, did(asRep(ANA), { do: 'set-status', status: 'nurturing', reason: null, until: null }))),
    ).toBe('date-needed');
    expect(
      refusal(act(w, 1, did(asRep(ANA), { do: 'set-status', status: 'made-up', reason: null, until: null }))),
    ).toBe('unknown-status');
  });

  test('bad timing parks it, and on its date it is back as new with a new clock', () => {
    const w = accepted();
    const parked = decisionOf(act(w, 1, did(asRep(ANA), { do: 'park', until: START + 30 * DAY_MS, note: null })));
    expect(find(parked, 'clock-stopped')).toMatchObject({ clock: 'response', how: 'parked' });
    expect(stateOf(w)).toMatchObject({
      leadStatus: 'bad-timing',
      handoff: { status: 'parked', returnAt: START + 30 * DAY_MS },
    });
    w.now += 30 * DAY_MS;
    act(w, 1, { kind: 'timer-fired', timer: 'return' });
    expect(stateOf(w)).toMatchObject({
      leadStatus: 'new',
      handoff: { status: 'open', response: { startedAt: w.now } },
    });
  });

  test('a parked lead whose owner is gone returns to somebody else', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
    w.reps.set(ANA, rep(ANA, 'Ana', { active: false }));
    w.companies.set(1, { ...(w.companies.get(1) as CompanyState) });
    w.now += DAY_MS;
    act(w, 1, { kind: 'timer-fired', timer: 'return' });
    expect(ownerOf(w)).toBe(BEN);
  });
});
