import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import type { LegRule, LegTrigger, PolicyDocument } from '../../policy/document.ts';
import { whyNot } from '../actions.ts';
import { checkState } from '../checkState.ts';
import {
  ANA,
  asRep,
  BEN,
  call,
  decisionOf,
  did,
  find,
  handoffOf,
  kinds,
  ownerOf,
  refusal,
  SALES,
  stateOf,
  world,
} from '../givenFixture.ts';
import { inboundDocument } from '../inboundFixture.ts';
import type { Input, RepAct } from '../input.ts';
import type { HandoffIn } from '../steps/reshape.ts';
import { act, addContact, event, peopleOf, rep, START, type World } from '../worldFixture.ts';

const EVA = 4;
const FIN = 5;
const DAY = { kind: 'working-days', days: 1 } as const;
const legs = (when: LegTrigger, more: Partial<LegRule> = {}): PolicyDocument => ({
  ...inboundDocument,
  legs: [
    {
      id: 'sdr-to-ae',
      when,
      to: { kind: 'team', team: 'ae' },
      accept: { by: 'rep', within: DAY, maxOffers: 2 },
      contactWithin: DAY,
      dealOwner: 'ae',
      ...more,
    },
  ],
});
const booked = (at: number): RepAct => ({ do: 'log-contact', channel: 'meeting', outcome: 'booked', note: null, at });
const passOn = (more: Partial<Extract<RepAct, { do: 'pass-on' }>> = {}): RepAct => ({
  do: 'pass-on',
  leg: null,
  to: null,
  note: null,
  ...more,
});

/** Ana's lead, accepted; Eva and Fin are the AEs. */
const withAes = (document: PolicyDocument): World => {
  const w = world(document);
  for (const [id, name] of [
    [EVA, 'Eva'],
    [FIN, 'Fin'],
  ] as const)
    w.reps.set(id, rep(id, name));
  w.members.set('ae', [
    { repId: EVA, weight: 100 },
    { repId: FIN, weight: 100 },
  ]);
  addContact(w, 1, 1, { 'contact.name': 'Ada Lovelace', 'contact.phone': '+49 30 1' });
  act(w, 1, event('Demo Requested', w.now));
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};

describe('the second leg', () => {
  test('a booked meeting stops the first response clock as kept, and passes it on with clocks of its own', () => {
    const w = withAes(legs('meeting-booked'));
    w.now += HOUR_MS;
    const decision = decisionOf(act(w, 1, did(asRep(ANA), booked(w.now))));
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: EVA,
      teamId: 'ae',
      accept: { startedAt: w.now, dueAt: w.now + DAY_MS },
      response: { startedAt: w.now, dueAt: w.now + DAY_MS },
      leg: { id: 'sdr-to-ae', fromId: ANA, first: { teamId: 'inbound', contactedAt: w.now } },
    });
    const stopped = decision.changes.flatMap((one) => (one.kind === 'clock-stopped' ? [[one.clock, one.how]] : []));
    expect(stopped).toEqual([
      ['response', 'kept'],
      ['next-step', 'closed'],
      ['outcome', 'closed'],
    ]);
    expect(decision.effects.some((one) => one.kind === 'notify-rep' && one.repId === EVA)).toBe(true);
    expect(w.steps.map(({ key, winner }) => [key, winner])).toEqual([
      ['inbound/high', ANA],
      ['ae/high', EVA],
    ]);
    // The contact stays with who has made contact until the next one accepts.
    expect(stateOf(w).ownerId).toBe(ANA);
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('accepted, the contact and the deal are the next owner’s; the stage and what was reached stay', () => {
    const w = withAes(legs('meeting-booked'));
    act(w, 1, did(asRep(ANA), booked(w.now)));
    const decision = decisionOf(act(w, 1, did(asRep(EVA), { do: 'accept' })));
    expect(stateOf(w)).toMatchObject({ ownerId: EVA, stage: 'sql', leadStatus: 'connected' });
    expect(find(decision, 'deal-owned')).toMatchObject({ ownerId: EVA, dealId: handoffOf(w).dealId });
    expect(find(decision, 'task-created')).toMatchObject({ ownerId: EVA });
    w.now += 2 * HOUR_MS;
    act(w, 1, did(asRep(EVA), call('connected', w.now)));
    expect(handoffOf(w)).toMatchObject({ status: 'working', ownerId: EVA, contactedAt: w.now });
  });

  test('handed back with a reason it is what it was, with whoever passed it on; a good reason costs no turn', () => {
    const w = withAes(legs('meeting-booked'));
    act(w, 1, did(asRep(ANA), booked(w.now)));
    w.now += HOUR_MS;
    const decision = decisionOf(act(w, 1, did(asRep(EVA), { do: 'hand-back', reason: 'wrong-territory' })));
    expect(handoffOf(w)).toMatchObject({ status: 'working', ownerId: ANA, teamId: 'inbound', contactedAt: START });
    expect(handoffOf(w).leg).toBeUndefined();
    expect(decision.trace?.say).toBe('handed back to Ana by Eva: wrong-territory');
    expect(w.ledgers.get('ae/high')?.standings.every(({ balance }) => balance === 0n)).toBe(true);
    expect(w.ledgers.get('inbound/high')?.standings.some(({ balance }) => balance !== 0n)).toBe(true);
    expect(decision.effects).toContainEqual(
      expect.objectContaining({
        kind: 'notify-rep',
        repId: ANA,
        subject: 'handed back to Ana by Eva: wrong-territory',
      }),
    );
    // Passed on once more it goes to somebody else.
    act(w, 1, did(asRep(ANA), passOn()));
    expect(ownerOf(w)).toBe(FIN);
  });

  test('an offer of it that is covered has its time to accept anew', () => {
    const w = withAes(legs('meeting-booked'));
    act(w, 1, did(asRep(ANA), booked(w.now)));
    w.now += HOUR_MS;
    w.reps.set(EVA, rep(EVA, 'Eva', { coverId: FIN, absences: [{ from: w.now, to: null, why: 'away' }] }));
    act(w, 1, { kind: 'availability-changed', repId: EVA, change: 'away' });
    const accept = { startedAt: w.now, dueAt: w.now + DAY_MS };
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: FIN, coversFor: EVA, accept });
  });

  test('handed back after it was accepted, the deal goes back with it', () => {
    const w = withAes(legs('meeting-booked', { accept: { by: 'policy' } }));
    act(w, 1, did(asRep(ANA), booked(w.now)));
    const { dealId } = handoffOf(w);
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: EVA });
    const decision = decisionOf(act(w, 1, did(asRep(EVA), { do: 'hand-back', reason: 'busy' })));
    expect(find(decision, 'deal-owned')).toEqual({ kind: 'deal-owned', dealId, ownerId: ANA });
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: ANA });
  });

  test('turned down as somebody else’s it goes to the next of the leg’s team, and never to who passed it on', () => {
    const w = withAes(legs('meeting-booked'));
    w.members.set('ae', [...(w.members.get('ae') ?? []), { repId: ANA, weight: 500 }]);
    act(w, 1, did(asRep(ANA), booked(w.now)));
    const first = ownerOf(w);
    act(w, 1, did(asRep(first as number), { do: 'reject', reason: 'wrong-owner', detail: null }));
    expect([first, ownerOf(w)].sort()).toEqual([EVA, FIN]);
    expect(w.steps.at(-1)?.excluded.find(({ repId }) => repId === ANA)?.code).toBe('passed-this-lead-on');
    // The leg's own most offers, counted from its begin: then the queue.
    act(w, 1, did(asRep(ownerOf(w) as number), { do: 'reject', reason: 'wrong-owner', detail: null }));
    expect(handoffOf(w)).toMatchObject({ status: 'queued', queueId: 'triage' });
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('before any contact the customer’s clock runs on as it was', () => {
    const w = withAes(legs('by-hand'));
    const { response } = handoffOf(w) as HandoffIn<'open'>;
    w.now += HOUR_MS;
    act(w, 1, did(asRep(ANA), passOn()));
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: EVA, response: { dueAt: response.dueAt } });
    act(w, 1, did(asRep(EVA), { do: 'hand-back', reason: 'busy' }));
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA, response: { dueAt: response.dueAt } });
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('a deal that is passed on is that deal again after contact: made when it was made', () => {
    const w = withAes(legs('deal-created', { accept: { by: 'policy' } }));
    w.now += HOUR_MS;
    const made: Input = {
      kind: 'deal-changed',
      by: asRep(ANA),
      dealId: 77,
      change: { to: 'created', at: w.now, reason: null },
    };
    act(w, 1, made);
    const createdAt = w.now;
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: EVA, dealId: 77 });
    expect(stateOf(w)).toMatchObject({ stage: 'opportunity', leadStatus: 'open-deal', ownerId: EVA });
    w.now += HOUR_MS;
    act(w, 1, did(asRep(EVA), call('connected', w.now)));
    expect(handoffOf(w)).toMatchObject({ status: 'deal', ownerId: EVA, dealCreatedAt: createdAt, contactedAt: w.now });
    expect(stateOf(w).leadStatus).toBe('open-deal');
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('where nobody of the next team can take it, it stays with its owner and says why', () => {
    const w = withAes(legs('meeting-booked'));
    for (const id of [EVA, FIN]) w.reps.set(id, rep(id, `Rep${id}`, { active: false }));
    const decision = decisionOf(act(w, 1, did(asRep(ANA), booked(w.now))));
    expect(handoffOf(w)).toMatchObject({ status: 'working', ownerId: ANA });
    expect(decision.changes).toContainEqual(
      expect.objectContaining({
        kind: 'timeline',
        entry: 'note',
        say: expect.stringContaining('it stays where it is'),
      }),
    );
    expect(refusal(act(w, 1, did(asRep(ANA), passOn())))).toBe('nobody-there');
  });

  test('by hand it may go to somebody by name, also without any leg in the policy', () => {
    const w = withAes(inboundDocument);
    expect(refusal(act(w, 1, did(asRep(ANA), passOn())))).toBe('no-leg');
    expect(refusal(act(w, 1, did(asRep(ANA), passOn({ leg: 'ghost' }))))).toBe('unknown-leg');
    expect(refusal(act(w, 1, did(asRep(ANA), passOn({ to: 9 }))))).toBe('not-selling');
    expect(refusal(act(w, 1, did(asRep(ANA), passOn({ to: ANA }))))).toBe('no-change');
    expect(refusal(act(w, 1, did(asRep(BEN), passOn({ to: FIN }))))).toBe('not-yours');
    act(w, 1, did(SALES, passOn({ to: FIN })));
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: FIN, leg: { id: 'by-hand', fromId: ANA } });
    act(w, 1, did(asRep(FIN), { do: 'accept' }));
    expect(refusal(act(w, 1, did(asRep(FIN), passOn({ to: EVA }))))).toBe('passed-on-already');
    expect(whyNot('pass-on', stateOf(w), asRep(FIN), peopleOf(w))).toBeNull();
  });

  test('what an import brings begins no leg', () => {
    const w = withAes(legs('meeting-booked'));
    const decision = decisionOf(act(w, 1, did(SALES, booked(w.now)), { handsOff: false, tells: false }));
    expect(kinds(decision)).not.toContain('ledger-step');
    expect(ownerOf(w)).toBe(ANA);
  });
});
