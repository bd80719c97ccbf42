import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import { ANA, accepted, asRep, decisionOf, find, handoffOf, kinds, known, offered, stateOf } from '../givenFixture.ts';
import type { Actor, Input } from '../input.ts';
import { act } from '../worldFixture.ts';

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

  test('a person’s deal takes the place of the one that policy made: never two for one handoff', () => {
    const w = accepted();
    const made = handoffOf(w).dealId;
    const decision = decisionOf(act(w, 1, deal('created', 77, w.now)));
    expect(find(decision, 'deal-closed')).toMatchObject({ dealId: made, how: 'lost', reason: 'replaced' });
    expect(handoffOf(w)).toMatchObject({ status: 'deal', dealId: 77 });
    expect(w.companies.get(1)?.openDeal?.dealId).toBe(77);
  });

  test('a deal made of an offered lead accepts it, and policy makes no second one', () => {
    const w = offered();
    const decision = decisionOf(act(w, 1, deal('created', 77, w.now)));
    expect(kinds(decision)).not.toContain('deal-created');
    expect(handoffOf(w)).toMatchObject({ status: 'deal', dealId: 77, acceptedAt: w.now });
  });
});
