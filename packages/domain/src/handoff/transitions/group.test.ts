import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import {
  ANA,
  accepted,
  asRep,
  BEN,
  decisionOf,
  did,
  find,
  handoffOf,
  kinds,
  offered,
  stateOf,
  world,
} from '../givenFixture.ts';
import { inboundDocument } from '../inboundFixture.ts';
import { act, addCompany, addContact, event, START } from '../worldFixture.ts';

describe('more of the same', () => {
  test('more high intent raises what is open: tighter due, told again, and only by a new act', () => {
    const w = world();
    addContact(w, 1, 1, { 'contact.title': 'cto' });
    for (let i = 0; i < 4; i++) act(w, 1, event('page', w.now));
    expect(handoffOf(w)).toMatchObject({ intent: 'standard', response: { dueAt: START + DAY_MS } });
    w.now += HOUR_MS;
    const raised = decisionOf(act(w, 1, event('Demo Requested', w.now)));
    expect(raised.outcome).toBe('raised');
    expect(handoffOf(w)).toMatchObject({ intent: 'high', response: { startedAt: START, dueAt: START + 5 * HOUR_MS } });
    expect(decisionOf(act(w, 1, event('page', w.now))).outcome).toBe('observed');
    w.now += HOUR_MS;
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('raised');
    expect(handoffOf(w)).toMatchObject({ response: { dueAt: START + 5 * HOUR_MS } });
  });

  test('a parked one wakes by it', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + 30 * DAY_MS, note: null }));
    w.now += DAY_MS;
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w).status).toBe('open');
  });

  test('of an act that counts several times, as many more raise it again, and not each one', () => {
    const thrice = {
      id: 'keen',
      say: 'looked three times',
      on: 'page',
      where: null,
      times: 3,
      withinMs: null,
      trust: 'browser',
    } as const;
    const w = world({
      ...inboundDocument,
      actions: [thrice],
      qualify: [{ id: 'keen', say: 'looked three times', intent: 'high', when: { kind: 'action', action: 'keen' } }],
    });
    addContact(w, 1, 1);
    const outcomes = Array.from({ length: 9 }, () => {
      w.now += HOUR_MS;
      return decisionOf(act(w, 1, event('page', w.now))).outcome;
    });
    expect(outcomes.join(' ')).toBe('observed observed qualified observed observed raised observed observed raised');
  });

  test('a second contact of the company joins the owner and the deal, with its own reason and no second handoff', () => {
    const w = accepted();
    addContact(w, 2, 1, { 'contact.name': 'Bob' });
    const joined = decisionOf(act(w, 2, event('Demo Requested', w.now)));
    expect(joined.outcome).toBe('joined');
    expect(stateOf(w, 2)).toMatchObject({
      handoff: null,
      group: { groupId: handoffOf(w).id },
      ownerId: ANA,
      stage: 'sql',
      leadStatus: 'new',
    });
    expect(find(joined, 'deal-attached').dealId).toBe(handoffOf(w).dealId);
    expect(find(joined, 'qualified').handoffId).toBe(handoffOf(w).id);
    expect(decisionOf(act(w, 2, event('Demo Requested', w.now))).outcome).toBe('observed');
  });

  test('members follow when the owner accepts', () => {
    const w = offered();
    addContact(w, 2, 1);
    act(w, 2, event('Demo Requested', w.now));
    expect(stateOf(w, 2)).toMatchObject({ stage: 'mql', ownerId: null });
    act(w, 1, did(asRep(ANA), { do: 'accept' }));
    expect(stateOf(w, 2)).toMatchObject({ stage: 'sql', leadStatus: 'new', ownerId: ANA });
  });

  test('when the first one is rejected the members stand for themselves: one handoff, the others join it', () => {
    const w = accepted();
    for (const id of [2, 3]) {
      addContact(w, id, 1);
      act(w, id, event('Demo Requested', w.now));
    }
    act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'bad-fit', detail: null }));
    expect(stateOf(w, 2).handoff).not.toBeNull();
    expect(stateOf(w, 3)).toMatchObject({ handoff: null, group: { groupId: handoffOf(w, 2).id } });
  });

  test('a deal that is open is attached to, not doubled', () => {
    const w = world();
    addCompany(w, 1, { openDeal: { dealId: 77, ownerId: BEN } });
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    const decision = decisionOf(act(w, 1, did(asRep(ANA), { do: 'accept' })));
    expect(find(decision, 'deal-attached').dealId).toBe(77);
    expect(kinds(decision)).not.toContain('deal-created');
    expect(handoffOf(w).dealUntouched).toBe(false);
  });

  test('what a member does before word of the group’s end comes is not lost', () => {
    const w = accepted();
    addContact(w, 2, 1);
    act(w, 2, event('Demo Requested', w.now));
    const member = stateOf(w, 2);
    w.now += DAY_MS;
    act(w, 1, { kind: 'deal-changed', by: asRep(ANA), dealId: 5, change: { to: 'won', at: w.now, reason: null } });
    const endedAt = w.now;
    // Word of it comes an hour later than the member's next request.
    w.contacts.set(2, member);
    act(w, 2, event('Demo Requested', w.now + HOUR_MS / 2));
    w.now += HOUR_MS;
    const ended = { status: 'won', reason: null, at: endedAt } as const;
    const decision = decisionOf(act(w, 2, { kind: 'group-changed', groupId: member.group?.groupId as number, ended }));
    expect(find(decision, 'reevaluate').at).toBe(w.now);
    act(w, 2, { kind: 'facts-changed', cause: 'group-ended' });
    expect(handoffOf(w, 2).kind).toBe('expansion');
  });
});
