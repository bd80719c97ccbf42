import { describe, expect, test } from 'vitest';
import { balanceOf } from '../assignment/ledger.ts';
import type { RepId } from '../kernel/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import { whyNot } from './actions.ts';
import { checkState } from './checkState.ts';
import type { Change, Decided, Decision } from './decision.ts';
import { compiled, inboundDocument } from './inboundFixture.ts';
import type { Actor, Input, RepAct } from './input.ts';
import type { CompanyState, ContactState, OpenHandoff } from './state.ts';
import {
  act,
  addCompany,
  addContact,
  event,
  factsOf,
  newWorld,
  peopleOf,
  rep,
  START,
  type World,
} from './worldFixture.ts';

const ANA = 1;
const BEN = 2;
const asRep = (id: RepId): Actor => ({ kind: 'rep', id });
const SALES: Actor = { kind: 'person', name: 'Mia', team: 'sales' };
const MARKETING: Actor = { kind: 'person', name: 'Max', team: 'marketing' };
const did = (by: Actor, what: RepAct): Input => ({ kind: 'rep-acted', by, act: what });
const call = (outcome: 'connected' | 'voicemail' | 'bounced', at: number): RepAct => ({
  do: 'log-contact',
  channel: 'call',
  outcome,
  note: null,
  at,
});

const world = (document = inboundDocument): World =>
  newWorld(compiled(document), [rep(ANA, 'Ana'), rep(BEN, 'Ben'), rep(9, 'Mia', { selling: false })], {
    inbound: [ANA, BEN],
  });

/** A world in which contact 1 of company 1 has asked for a demo and was offered to Ana. */
const offered = (document = inboundDocument): World => {
  const w = world(document);
  addContact(w, 1, 1, { 'contact.name': 'Ada Lovelace', 'contact.phone': '+49 30 1' });
  act(w, 1, event('Demo Requested', w.now));
  return w;
};
const accepted = (): World => {
  const w = offered();
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};
const working = (): World => {
  const w = accepted();
  w.now += HOUR_MS;
  act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
  return w;
};

const stateOf = (w: World, id = 1): ContactState => w.contacts.get(id) as ContactState;
const handoffOf = (w: World, id = 1): OpenHandoff => stateOf(w, id).handoff as OpenHandoff;
const ownerOf = (w: World, id = 1): RepId | null => {
  const handoff = handoffOf(w, id);
  return handoff.status === 'queued' ? null : handoff.ownerId;
};
const decisionOf = (decided: Decided): Decision => {
  if (decided.kind !== 'decided') throw new Error(`not decided: ${JSON.stringify(decided)}`);
  return decided.decision;
};
const kinds = (decision: Decision): readonly string[] => decision.changes.map((change) => change.kind);
const find = <K extends Change['kind']>(decision: Decision, kind: K): Extract<Change, { kind: K }> =>
  decision.changes.find((change) => change.kind === kind) as Extract<Change, { kind: K }>;
const refusal = (decided: Decided): string => (decided.kind === 'refused' ? decided.refusal.code : decided.kind);

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

  test('a customer’s contact is an expansion for the owner, with its own clock', () => {
    const w = world();
    addCompany(w, 1, { stage: 'customer', ownerId: BEN });
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w)).toMatchObject({ kind: 'expansion', intent: 'expansion', ownerId: BEN, status: 'offered' });
  });
});

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

describe('no, and not me', () => {
  test('a rejection closes it, says where the contact goes, and closes the untouched deal', () => {
    const w = accepted();
    const decision = decisionOf(act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'bad-fit', detail: 'too small' })));
    expect(stateOf(w)).toMatchObject({
      stage: 'lead',
      leadStatus: 'unqualified',
      handoff: null,
      last: { status: 'rejected', reason: 'bad-fit' },
    });
    expect(find(decision, 'deal-closed')).toMatchObject({ how: 'lost', reason: 'bad-fit' });
    expect(w.companies.get(1)).toMatchObject({ openHandoff: null, openDeal: null });
  });

  test('a reason that the policy does not have is refused with those it has', () => {
    const decided = act(accepted(), 1, did(asRep(ANA), { do: 'reject', reason: 'dunno', detail: null }));
    expect(decided).toMatchObject({ kind: 'refused', refusal: { code: 'unknown-reason' } });
  });

  test('a reason that asks for attempts is refused before them', () => {
    const w = working();
    expect(refusal(act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'unreachable', detail: null })))).toBe(
      'too-few-attempts',
    );
    act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
    act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'unreachable', detail: null }));
    expect(stateOf(w)).toMatchObject({ leadStatus: 'nurturing', handoff: null });
  });

  test('bad data costs the rep no turn, no interest does', () => {
    const owed = (reason: string): bigint => {
      const w = offered();
      act(w, 1, did(asRep(ANA), { do: 'reject', reason, detail: null }));
      return balanceOf(w.ledgers.get('inbound/high') as never, ANA);
    };
    expect(owed('bad-data')).toBe(0n);
    expect(owed('no-intent')).toBe(-500_000_000n);
  });

  test('the wrong owner hands it on: to the next, without a turn, and the customer’s clock goes on', () => {
    const w = offered();
    w.now += HOUR_MS;
    act(w, 1, did(asRep(ANA), { do: 'reject', reason: 'wrong-owner', detail: null }));
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: BEN,
      offers: 2,
      response: { startedAt: START },
      declinedBy: [ANA],
    });
    expect(w.steps.map(({ kind }) => kind)).toEqual(['assigned', 'reversed', 'assigned']);
    expect(balanceOf(w.ledgers.get('inbound/high') as never, ANA)).toBe(0n);
  });

  test('handing back without an accepted reason costs the turn', () => {
    const w = offered();
    act(w, 1, did(asRep(ANA), { do: 'hand-back', reason: 'busy' }));
    expect(ownerOf(w)).toBe(BEN);
    expect(w.steps.map(({ kind }) => kind)).toEqual(['assigned', 'assigned']);
  });

  test('when all have declined it goes to the fallback queue', () => {
    const w = offered();
    act(w, 1, did(asRep(ANA), { do: 'hand-back', reason: 'busy' }));
    act(w, 1, did(asRep(BEN), { do: 'hand-back', reason: 'busy' }));
    expect(handoffOf(w)).toMatchObject({ status: 'queued', queueId: 'triage', declinedBy: [ANA, BEN] });
  });

  test('after as many offers as the route allows it goes to the fallback queue', () => {
    const w = offered();
    const third = handoffOf(w);
    w.contacts.set(1, { ...stateOf(w), handoff: { ...third, offers: 3 } });
    act(w, 1, did(asRep(ANA), { do: 'hand-back', reason: 'busy' }));
    expect(handoffOf(w)).toMatchObject({ status: 'queued', queueId: 'triage' });
  });
});

describe('people', () => {
  test('a manager gives it to somebody by hand, uncharged; the clock keeps its due instant', () => {
    const w = offered();
    w.now += HOUR_MS;
    act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: BEN } });
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN, response: { dueAt: START + 4 * HOUR_MS } });
    expect(w.steps).toHaveLength(1);
    expect(refusal(act(w, 1, { kind: 'manager-acted', by: MARKETING, act: { do: 'assign', to: ANA } }))).toBe(
      'not-sales',
    );
    expect(refusal(act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: 9 } }))).toBe('not-selling');
  });

  test('when an owner is switched off, the handoff finds another one', () => {
    const w = accepted();
    w.reps.set(ANA, rep(ANA, 'Ana', { active: false }));
    act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'deactivated' });
    expect(ownerOf(w)).toBe(BEN);
  });

  test('a full rep gets no more, with the reason', () => {
    const w = world();
    w.reps.set(ANA, rep(ANA, 'Ana', { caps: { open: 1 } }));
    for (let id = 1; id <= 3; id++) {
      addContact(w, id, id);
      act(w, id, event('Demo Requested', w.now));
    }
    expect([1, 2, 3].map((id) => ownerOf(w, id))).toEqual([ANA, BEN, BEN]);
    expect(w.steps[2]?.excluded).toEqual([{ repId: ANA, code: 'cap-open', say: 'Ana has 1 of at most 1 open leads' }]);
  });

  test('marketing fast-tracks with a note, as its own criterion', () => {
    const w = world();
    addContact(w, 1, 1);
    const input = (note: string): Input => ({ kind: 'fast-tracked', by: MARKETING, intent: 'high', note });
    expect(refusal(act(w, 1, input(' ')))).toBe('note-needed');
    act(w, 1, input('met at the fair'));
    expect(handoffOf(w)).toMatchObject({
      kind: 'fast-track',
      ruleId: 'fast-track',
      reason: 'named by marketing: met at the fair',
    });
  });

  test('a rep’s own lead is theirs at once, without rotation, and is no MQL', () => {
    const w = world();
    addContact(w, 1, 1);
    const decision = decisionOf(act(w, 1, { kind: 'fast-tracked', by: asRep(BEN), intent: 'standard', note: '' }));
    expect(handoffOf(w)).toMatchObject({ kind: 'own', status: 'open', ownerId: BEN });
    expect(stateOf(w).stage).toBe('sql');
    expect(kinds(decision)).not.toContain('qualified');
    expect(decision.changes.filter((change) => change.kind === 'stage-entered').map((change) => change.to)).toEqual([
      'sql',
    ]);
  });

  test('the action table says why not, for every action in every state', () => {
    const people = peopleOf(world());
    expect(whyNot('accept', stateOf(offered()), asRep(BEN), people)).toEqual({
      code: 'not-yours',
      say: 'Accept: it is Ana’s',
      by: ANA,
    });
    expect(whyNot('park', stateOf(offered()), asRep(ANA), people)).toBeNull();
    expect(whyNot('reject', stateOf(known()), SALES, people)?.code).toBe('no-open-handoff');
    expect(whyNot('fast-track', stateOf(known()), SALES, people)?.code).toBe('not-marketing');
  });
});

const known = (): World => {
  const w = world();
  addContact(w, 1, 1);
  return w;
};

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
    expect(decisionOf(act(w, 1, event('Demo Requested', w.now))).outcome).toBe('raised');
    expect(handoffOf(w)).toMatchObject({ response: { dueAt: START + 5 * HOUR_MS } });
  });

  test('a parked one wakes by it', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + 30 * DAY_MS, note: null }));
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w).status).toBe('open');
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
});

describe('deals', () => {
  const deal = (
    to: 'created' | 'moved' | 'won' | 'lost',
    dealId: number,
    at: number,
    reason: string | null = null,
    by: Actor = asRep(ANA),
  ): Input => ({
    kind: 'deal-changed',
    by,
    dealId,
    change: { to, at, reason },
  });

  test('handoff-to-deal is taken when the policy’s deal leaves its first stage, not when policy made it', () => {
    const w = accepted();
    expect(stateOf(w).stage).toBe('sql');
    w.now += HOUR_MS;
    act(w, 1, deal('moved', handoffOf(w).dealId as number, w.now));
    expect(stateOf(w)).toMatchObject({ stage: 'opportunity', leadStatus: 'open-deal' });
    expect(handoffOf(w)).toMatchObject({ status: 'deal', dealCreatedAt: w.now, dealUntouched: false });
  });

  test('won makes a customer of contact and company', () => {
    const w = accepted();
    act(w, 1, deal('won', handoffOf(w).dealId as number, w.now));
    expect(stateOf(w)).toMatchObject({ stage: 'customer', handoff: null, last: { status: 'won' } });
    expect(w.companies.get(1)).toMatchObject({ stage: 'customer', openDeal: null, openHandoff: null });
  });

  test('lost goes back as its reason says, and is looked at again when the nurturing is over', () => {
    const w = accepted();
    const decision = decisionOf(act(w, 1, deal('lost', handoffOf(w).dealId as number, w.now, 'price')));
    expect(stateOf(w)).toMatchObject({ stage: 'lead', last: { status: 'lost', reason: 'price' } });
    expect(find(decision, 'reevaluate').at).toBe(w.now + 180 * DAY_MS);
  });

  test('another deal that is lost does not end the handoff', () => {
    const w = accepted();
    act(w, 1, deal('lost', 999, w.now, 'price'));
    expect(handoffOf(w).status).toBe('open');
  });

  test('a deal won without any handoff still makes a customer', () => {
    const w = known();
    act(w, 1, deal('won', 5, w.now, null, { kind: 'import', name: 'crm' }));
    expect(stateOf(w).stage).toBe('customer');
  });
});

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

  test('a clock whose steps do not act yet is recorded with the reason, not dropped', () => {
    const decision = decisionOf(act(offered(), 1, { kind: 'timer-fired', timer: 'response' }));
    expect(decision.outcome).toBe('ignored');
    expect(decision.trace?.say).toContain('do not act yet');
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
