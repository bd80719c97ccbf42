/** What users of known products complain of, and defects that were found in their code, each as a case of its own. */
import { describe, expect, test } from 'vitest';
import { rep } from '../handoff/worldFixture.ts';
import { HOUR_MS } from '../kernel/time.ts';
import type { LedgerStep } from './assignment.ts';
import { asked, countOf, Floor } from './floorFixture.ts';
import { simulateNext } from './next.ts';

describe('13 where known products fail', () => {
  test('HubSpot: back from four weeks of leave there is no flood, and no hunger', () => {
    const floor = new Floor([100, 100, 100, 100]);
    floor.winners(40);
    floor.away(1, null);
    floor.winners(400);
    floor.back(1);
    const back = floor.winners(40);
    expect(countOf(back, 1)).toBe(10);
    expect(countOf(back.slice(0, 8), 1)).toBeLessThanOrEqual(3);
  });

  test('HubSpot, Calendly: editing the team, a weight or a ramp resets nobody', () => {
    const floor = new Floor([100, 70, 30]);
    floor.winners(7);
    const had = new Map(floor.ledger.standings.map(({ repId, balance }) => [repId, balance]));
    floor.reps.set(4, rep(4, 'Rep4'));
    floor.members = [...floor.members.map((each) => ({ ...each, weight: each.weight + 5 })), { repId: 4, weight: 50 }];
    const step = floor.lead();
    for (const line of step?.lines ?? []) expect(line.before).toBe(had.get(line.repId) ?? 0n);
  });

  test('Odoo: two equal reps and one lead a day give 15 to 15 in 30 days, though one is listed first', () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const floor = new Floor([100, 100]);
      floor.members = order.map((repId) => ({ repId, weight: 100 }));
      const winners = Array.from({ length: 30 }, () => {
        floor.now += 24 * HOUR_MS;
        return floor.lead()?.winner ?? null;
      });
      expect([countOf(winners, 1), countOf(winners, 2)]).toEqual([15, 15]);
    }
  });

  test('Frappe: weights 1 to 2 over five leads give 2 to 3', () => {
    const winners = new Floor([1, 2]).winners(5);
    expect([countOf(winners, 1), countOf(winners, 2)]).toEqual([2, 3]);
  });

  test('Cal.com: a joiner needs no calibration, and one host is no division by zero', () => {
    expect(new Floor([100]).winners(3)).toEqual([1, 1, 1]);
    const floor = new Floor([100, 100]);
    floor.winners(200);
    floor.reps.set(3, rep(3, 'Rep3'));
    floor.members.push({ repId: 3, weight: 100 });
    const winners = floor.winners(9);
    expect(countOf(winners, 3)).toBe(3);
    expect(countOf(winners.slice(0, 3), 3)).toBe(1);
  });

  test('PostHog’s runbook: out of office is out of the turns, and back in them, without a number typed anywhere', () => {
    const floor = new Floor([100, 100]);
    floor.away(1, floor.now + 10 * HOUR_MS, 'out-of-office');
    expect(countOf(floor.winners(9), 1)).toBe(0);
    expect(floor.steps.at(-1)?.excluded).toEqual([
      { repId: 1, code: 'out-of-office', say: expect.stringContaining('is out of office until') },
    ]);
    floor.now += 2 * HOUR_MS;
    expect(countOf(floor.winners(10), 1)).toBe(5);
  });

  test('Omni-Channel: a declined lead does not lie with who declined it, and who declined can have the next one', () => {
    const floor = new Floor([100]);
    const first = floor.lead() as LedgerStep;
    expect(floor.lead({}, { declinedBy: [first.winner as number] })).toBeNull();
    expect(floor.lead()?.winner).toBe(1);
  });

  test('free declines win nothing: whoever declines every other offer without a reason has half a share less', () => {
    const floor = new Floor([100, 100]);
    let offers = 0;
    const kept = Array.from({ length: 100 }, () => {
      const { winner } = floor.lead() as LedgerStep;
      if (winner !== 1 || offers++ % 2 === 0) return winner;
      return floor.lead({}, { declinedBy: [1] })?.winner ?? null;
    });
    expect([countOf(kept, 1), countOf(kept, 2)]).toEqual([25, 75]);
  });

  test('a lead’s turn is the same one by one or in a batch, in the order of arrival', () => {
    const batch = new Floor([5, 3, 2]);
    const played = simulateNext(batch.ledger, batch.members, { reps: batch.reps }, new Map(), 40, asked(batch.now));
    expect(played.map(({ repId }) => repId)).toEqual(new Floor([5, 3, 2]).winners(40));
  });
});
