/**
 * The promises of assignment.md on a sales floor: teams with absences, ramps and members who leave, and leads that are
 * declined, forced and granted. Each property has the number that the design gives it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rep } from '../handoff/worldFixture.ts';
import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import { type Absence, type LedgerStep, LEAD_CREDITS as V } from './assignment.ts';
import { asked, countOf, Floor, KEY, sum } from './floorFixture.ts';
import {
  applyStep,
  assignLead,
  balanceOf,
  CATCH_UP_MAX,
  emptyLedger,
  foldLedger,
  forceLead,
  grantCatchUp,
  leaveLedger,
  missedCredit,
} from './ledger.ts';
import { simulateNext, whyNotMe } from './next.ts';

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const weights = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 9 });
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('lead' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('away' as const),
      rep: fc.nat(9),
      days: fc.option(fc.integer({ min: 1, max: 9 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('back' as const), rep: fc.nat(9), catchesUp: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('decline' as const), which: fc.nat(30), accepted: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force' as const), rep: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('ramp' as const),
      rep: fc.nat(9),
      weight: fc.integer({ min: 0, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), rep: fc.nat(9) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const play = (ws: readonly number[], acts: readonly Act[]): Floor => {
  const floor = new Floor(ws);
  const undone = new Set<number>();
  for (const one of acts) {
    const repId = 'rep' in one ? (floor.members[one.rep % Math.max(1, floor.members.length)]?.repId ?? 1) : 0;
    switch (one.do) {
      case 'lead':
        floor.lead();
        break;
      case 'away':
        floor.away(repId, one.days === null ? null : floor.now + one.days * DAY_MS);
        break;
      case 'back': {
        floor.back(repId);
        const others = floor.eligible().eligible.filter((each) => each.repId !== repId);
        const weight = floor.members.find((each) => each.repId === repId)?.weight ?? 0;
        if (one.catchesUp && weight > 0)
          floor.take(grantCatchUp(floor.ledger, repId, missedCredit(floor.missedBy(repId), weight), others, floor.now));
        break;
      }
      case 'decline': {
        const given = floor.steps.filter((step) => step.kind === 'assigned' && !undone.has(step.seq));
        const step = given[one.which % Math.max(1, given.length)];
        if (step === undefined) break;
        undone.add(step.seq);
        if (one.accepted) floor.undo(step);
        floor.lead({}, { declinedBy: [step.winner as number] });
        break;
      }
      case 'force': {
        const { eligible, excluded } = floor.eligible();
        floor.take(forceLead(floor.ledger, repId, eligible, excluded, floor.now));
        break;
      }
      case 'ramp':
        floor.members = floor.members.map((each) =>
          each.repId === repId ? { ...each, ramp: [{ from: floor.now + DAY_MS, weight: one.weight }] } : each,
        );
        break;
      case 'leave':
        if (floor.members.length < 2) break;
        floor.members = floor.members.filter((each) => each.repId !== repId);
        floor.take(leaveLedger(floor.ledger, repId, floor.present(), floor.now));
        break;
    }
  }
  return floor;
};

describe('whatever happens on a sales floor', () => {
  test('1 the credits sum to 0 after every step: absences, ramps, declines, catch-ups and forced leads included', () => {
    fc.assert(
      fc.property(weights, fc.array(act, { maxLength: 80 }), (ws, acts) => {
        const floor = play(ws, acts);
        let ledger = emptyLedger(KEY);
        for (const step of floor.steps) {
          ledger = applyStep(ledger, step);
          expect(sum(ledger)).toBe(0n);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('2 with everybody there nobody is a full lead ahead or behind, also while a ramp is at one step', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 300 }), fc.nat(120), (ws, ramped, leads) => {
        const floor = new Floor(ws);
        floor.members = floor.members.map((each, i) =>
          i === 0 ? { ...each, ramp: [{ from: 0, weight: ramped }] } : each,
        );
        for (let i = 0; i < leads; i++) {
          floor.lead();
          for (const { balance } of floor.ledger.standings) expect(abs(balance) < V).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('4 whoever comes and goes, nobody is further off than half the others’ leads', () => {
    fc.assert(
      fc.property(
        weights,
        fc.array(fc.array(fc.nat(8), { maxLength: 6 }), { minLength: 1, maxLength: 120 }),
        (ws, days) => {
          const floor = new Floor(ws);
          for (const absent of days) {
            for (const { repId } of floor.members) floor.back(repId);
            for (const one of absent) floor.away((one % ws.length) + 1, null);
            floor.lead();
            const bound = ws.length <= 3 ? V : ((BigInt(ws.length) - 1n) * V) / 2n;
            for (const { balance } of floor.ledger.standings) expect(abs(balance) < bound).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('6 the order in which the members are listed has no say, whoever is away', () => {
    fc.assert(
      fc.property(weights, fc.array(act, { maxLength: 60 }), (ws, acts) => {
        const floor = play(ws, acts);
        const here = assignLead(floor.ledger, floor.eligible().eligible, [], 0);
        floor.members = [...floor.members].reverse();
        expect(assignLead(floor.ledger, floor.eligible().eligible, [], 0)).toEqual(here);
      }),
      { numRuns: 100 },
    );
  });

  test('8 an absence of any kind leaves the balance as it was: nothing is owed, nothing is due', () => {
    fc.assert(
      fc.property(
        weights,
        fc.nat(40),
        fc.nat(80),
        fc.constantFrom<Absence['why']>('away', 'time-off', 'out-of-office'),
        (ws, before, during, why) => {
          const floor = new Floor(ws);
          floor.winners(before);
          const had = balanceOf(floor.ledger, 1);
          floor.away(1, null, why);
          const winners = floor.winners(during);
          expect(countOf(winners, 1)).toBe(0);
          expect(balanceOf(floor.ledger, 1)).toBe(had);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('9 a new hire on a ramp is within one lead of the share of each step, from the first day', () => {
    fc.assert(
      fc.property(weights, fc.nat(60), (ws, before) => {
        const floor = new Floor(ws);
        floor.winners(before);
        const from = floor.now;
        const ramp = [25, 50, 100].map((weight, i) => ({ from: from + i * 30 * HOUR_MS, weight }));
        floor.reps.set(99, rep(99, 'Newcomer'));
        floor.members.push({ repId: 99, weight: 1, ramp });
        for (const { weight } of ramp) {
          const total = floor.members.reduce((all, each) => all + (each.repId === 99 ? weight : each.weight), 0);
          const before = balanceOf(floor.ledger, 99);
          let won = 0;
          for (let leads = 1; leads <= 29; leads++) {
            if (floor.lead()?.winner === 99) won++;
            const owed = Number(before) / Number(V) + (leads * weight) / total;
            expect(Math.abs(won - owed)).toBeLessThan(1 + 1e-6);
          }
          floor.now += HOUR_MS;
        }
      }),
      { numRuns: 60 },
    );
  });

  test('10 an accepted decline leaves no trace in the balances; without a reason, or lapsed, the turn is spent', () => {
    fc.assert(
      fc.property(weights, fc.nat(60), (ws, before) => {
        const floor = new Floor(ws);
        floor.winners(before);
        const had = floor.ledger.standings.map(({ repId, balance }) => [repId, balance]);
        const step = floor.lead() as LedgerStep;
        const spent = balanceOf(floor.ledger, step.winner as number);
        floor.lead({}, { declinedBy: [step.winner as number] });
        expect(balanceOf(floor.ledger, step.winner as number)).toBe(spent);
        const other = new Floor(ws);
        other.winners(before);
        other.undo(other.lead() as LedgerStep);
        expect(
          other.ledger.standings.filter(({ balance }) => balance !== 0n).map(({ repId, balance }) => [repId, balance]),
        ).toEqual(had.filter(([, balance]) => balance !== 0n));
      }),
      { numRuns: 60 },
    );
  });

  test('12 folding the steps from zero gives the live balances, whatever happened', () => {
    fc.assert(
      fc.property(weights, fc.array(act, { maxLength: 80 }), (ws, acts) => {
        const floor = play(ws, acts);
        expect(foldLedger(KEY, floor.steps)).toEqual(floor.ledger);
      }),
      { numRuns: 100 },
    );
  });

  test('“why not me” and “who is next” answer for every member, whatever happened', () => {
    fc.assert(
      fc.property(weights, fc.array(act, { maxLength: 40 }), (ws, acts) => {
        const floor = play(ws, acts);
        const people = { reps: floor.reps };
        for (const step of floor.steps.filter(({ kind }) => kind === 'assigned'))
          for (const { repId } of floor.members)
            if (step.winner !== repId)
              expect(whyNotMe(step, repId, people)).toMatch(/^(not eligible: |eligible, |not a member)/);
        const [next] = simulateNext(floor.ledger, floor.members, people, new Map(), 1, asked(floor.now + HOUR_MS));
        const named = [
          next?.repId,
          ...(next?.excluded ?? []).map((one) => one.repId),
          ...(next?.behind ?? []).map((one) => one.repId),
        ];
        expect(named.filter((id) => id !== null).sort()).toEqual(floor.members.map(({ repId }) => repId).sort());
        expect(floor.lead()?.winner ?? null).toBe(next?.repId ?? null);
      }),
      { numRuns: 80 },
    );
  });
});

describe('catch-up', () => {
  test('grants the share of what was missed, at most two leads, borne by the others by weight', () => {
    const floor = new Floor([100, 100]);
    floor.away(1, null);
    floor.winners(3);
    floor.back(1);
    expect(missedCredit(floor.missedBy(1), 100)).toBe((3n * V) / 2n);
    const step = floor.take(
      grantCatchUp(floor.ledger, 1, missedCredit(floor.missedBy(1), 100), floor.present(), floor.now),
    );
    expect(step).toMatchObject({ kind: 'granted', winner: null });
    expect(sum(floor.ledger)).toBe(0n);
    floor.away(1, null);
    floor.winners(50);
    expect(missedCredit(floor.missedBy(1), 100)).toBe(CATCH_UP_MAX);
  });

  test('is nothing where nothing was missed, or nobody is there to bear it', () => {
    const floor = new Floor([100, 100]);
    expect(grantCatchUp(floor.ledger, 1, 0n, floor.present(), 0)).toBeNull();
    expect(grantCatchUp(floor.ledger, 1, V, [{ repId: 1, weight: 100 }], 0)).toBeNull();
  });
});
