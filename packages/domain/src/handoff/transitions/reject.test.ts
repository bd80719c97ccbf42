import { describe, expect, test } from 'vitest';
import { balanceOf } from '../../assignment/ledger.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { Decision } from '../decision.ts';
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
  offered,
  ownerOf,
  refusal,
  stateOf,
  working,
} from '../givenFixture.ts';
import { act, START } from '../worldFixture.ts';

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
    const passed = (w.decisions.at(-1) as Decision).changes.filter((change) => change.kind === 'clock-started');
    expect(passed).toMatchObject([
      { clock: 'response', ownerId: BEN, startedAt: START, dueAt: START + 4 * HOUR_MS },
      { clock: 'accept', ownerId: BEN, startedAt: w.now },
    ]);
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
