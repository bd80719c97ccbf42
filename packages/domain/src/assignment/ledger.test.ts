import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ledger, type LedgerStep, LEAD_CREDITS as V } from './assignment.ts';
import {
  applyStep,
  assignLead,
  balanceOf,
  emptyLedger,
  foldLedger,
  forceLead,
  leaveLedger,
  movedBy,
  reverseStep,
} from './ledger.ts';
import { ledgerRow, restoreLedger } from './ledgerRow.ts';
import { type Candidate, shareByWeight, shareOut } from './shares.ts';

const KEY = 'inbound/high' as const;
const team = (...weights: number[]): Candidate[] => weights.map((weight, i) => ({ repId: i + 1, weight }));
const sum = (ledger: Ledger): bigint => ledger.standings.reduce((total, one) => total + one.balance, 0n);
const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Gives `count` leads to one constant team; answers winners in order and the ledger. */
const run = (members: readonly Candidate[], count: number, ledger: Ledger = emptyLedger(KEY)) => {
  const winners: number[] = [];
  for (let i = 0; i < count; i++) {
    const step = assignLead(ledger, members, [], i) as LedgerStep;
    ledger = applyStep(ledger, step);
    winners.push(step.winner as number);
  }
  return { ledger, winners };
};
const count = (winners: readonly number[], repId: number): number => winners.filter((one) => one === repId).length;

const weights = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 });

/** Everything that can happen to a ledger, as small numbers to be read against the team of the moment. */
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('assign' as const), absent: fc.array(fc.nat(9), { maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force' as const), rep: fc.nat(11) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), which: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), rep: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const), weight: fc.integer({ min: 1, max: 300 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('weigh' as const),
      rep: fc.nat(9),
      weight: fc.integer({ min: 1, max: 300 }),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Plays acts on a ledger; answers every step taken and the live ledger. */
const play = (acts: readonly Act[]): { steps: LedgerStep[]; ledger: Ledger } => {
  let members = team(100, 100, 50);
  let nextId = 4;
  let ledger = emptyLedger(KEY);
  const steps: LedgerStep[] = [];
  const undone = new Set<number>();
  const take = (step: LedgerStep | null) => {
    if (step === null) return;
    ledger = applyStep(ledger, step);
    steps.push(step);
  };
  for (const [at, one] of acts.entries()) {
    switch (one.do) {
      case 'assign':
        take(
          assignLead(
            ledger,
            members.filter((_, i) => !one.absent.includes(i)),
            [],
            at,
          ),
        );
        break;
      case 'force':
        take(forceLead(ledger, one.rep, members, [], at));
        break;
      case 'reverse': {
        const assigned = steps.filter((step) => step.kind === 'assigned' && !undone.has(step.seq));
        const step = assigned[one.which % Math.max(1, assigned.length)];
        if (step === undefined) break;
        undone.add(step.seq);
        take(reverseStep(ledger, { seq: step.seq, moved: movedBy(step) }, members, at));
        break;
      }
      case 'leave': {
        const leaver = members[one.rep];
        if (leaver === undefined || members.length === 1) break;
        members = members.filter((member) => member !== leaver);
        take(leaveLedger(ledger, leaver.repId, members, at));
        break;
      }
      case 'join':
        members = [...members, { repId: nextId++, weight: one.weight }];
        break;
      case 'weigh':
        members = members.map((member, i) => (i === one.rep ? { ...member, weight: one.weight } : member));
        break;
    }
  }
  return { steps, ledger };
};

describe('the ledger keeps what assignment.md promises', () => {
  test('1 the sum of credits is exactly 0 after every event', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let ledger = emptyLedger(KEY);
        for (const step of play(acts).steps) {
          ledger = applyStep(ledger, step);
          expect(sum(ledger)).toBe(0n);
        }
      }),
    );
  });

  test('2 with a constant team nobody is ever a full lead ahead or behind', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 300 }), (ws, leads) => {
        let ledger = emptyLedger(KEY);
        for (let i = 0; i < leads; i++) {
          ledger = applyStep(ledger, assignLead(ledger, team(...ws), [], i) as LedgerStep);
          for (const one of ledger.standings) expect(abs(one.balance) < V).toBe(true);
        }
      }),
    );
  });

  test('3 nobody starves: between two leads of a rep are at most ceil(2 / share) leads', () => {
    fc.assert(
      fc.property(weights, (ws) => {
        const total = ws.reduce((a, b) => a + b, 0);
        const { winners } = run(team(...ws), 300);
        for (const [i, weight] of ws.entries()) {
          const gap = Math.ceil((2 * total) / weight);
          let last = -1;
          for (const [at, winner] of winners.entries()) {
            if (winner !== i + 1) continue;
            expect(at - last).toBeLessThanOrEqual(gap);
            last = at;
          }
          expect(winners.length - 1 - last).toBeLessThanOrEqual(gap);
        }
      }),
    );
  });

  test('4 whoever is away when, nobody is further off than max(1, (n - 1) / 2) leads', () => {
    fc.assert(
      fc.property(
        weights.chain((ws) =>
          fc.tuple(
            fc.constant(ws),
            fc.array(
              fc.subarray(
                ws.map((_, i) => i),
                { minLength: 1 },
              ),
              { maxLength: 200 },
            ),
          ),
        ),
        ([ws, sets]) => {
          let ledger = emptyLedger(KEY);
          const members = team(...ws);
          // Doubled, so that half leads stay whole.
          const bound = BigInt(Math.max(2, ws.length - 1)) * V;
          for (const [at, set] of sets.entries()) {
            ledger = applyStep(
              ledger,
              assignLead(
                ledger,
                members.filter((_, i) => set.includes(i)),
                [],
                at,
              ) as LedgerStep,
            );
            for (const one of ledger.standings) expect(2n * abs(one.balance) < bound).toBe(true);
          }
        },
      ),
    );
  });

  test('5 in any window of leads everybody is within two leads of their share', () => {
    fc.assert(
      fc.property(weights, fc.nat(150), fc.integer({ min: 1, max: 150 }), (ws, from, size) => {
        const total = ws.reduce((a, b) => a + b, 0);
        const window = run(team(...ws), from + size).winners.slice(from);
        for (const [i, weight] of ws.entries())
          expect(Math.abs(count(window, i + 1) * total - size * weight)).toBeLessThan(2 * total);
      }),
    );
  });

  test('6 the same ledger and lead give the same winner, in any order of the members and after a round through a row', () => {
    fc.assert(
      fc.property(weights, fc.nat(60), fc.infiniteStream(fc.nat()), (ws, leads, dice) => {
        const { ledger } = run(team(...ws), leads);
        const shuffled = team(...ws)
          .map((one) => ({ one, key: dice.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const expected = assignLead(ledger, team(...ws), [], 7);
        expect(assignLead(restoreLedger(ledgerRow(ledger)), shuffled, [], 7)).toEqual(expected);
      }),
    );
  });

  test('7 raising only your weight never costs you leads over a full period', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (ws, more) => {
          const raised = [(ws[0] as number) + more, ...ws.slice(1)];
          const total = ws.reduce((a, b) => a + b, 0);
          const period = (total * (total + more)) / gcd(total, total + more);
          expect(count(run(team(...raised), period).winners, 1)).toBeGreaterThanOrEqual(
            count(run(team(...ws), period).winners, 1),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('7 scaling all weights changes nobody’s turn', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 2, max: 50 }), (ws, factor) => {
        expect(run(team(...ws.map((weight) => weight * factor)), 60).winners).toEqual(run(team(...ws), 60).winners);
      }),
    );
  });

  test('8 an absence leaves the absent rep’s credit as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 8 }),
        fc.nat(50),
        fc.nat(100),
        (ws, before, during) => {
          const { ledger } = run(team(...ws), before);
          const after = run(team(...ws).slice(1), during, ledger).ledger;
          expect(balanceOf(after, 1)).toBe(balanceOf(ledger, 1));
        },
      ),
    );
  });

  test('9 a newcomer is within one lead of the share from the day of joining', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 400 }), fc.nat(200), (ws, weight, before) => {
        const newcomer = { repId: 99, weight };
        const members = [...team(...ws), newcomer];
        const total = members.reduce((sofar, one) => sofar + one.weight, 0);
        let { ledger } = run(team(...ws), before);
        let won = 0;
        for (let leads = 1; leads <= 150; leads++) {
          const step = assignLead(ledger, members, [], leads) as LedgerStep;
          ledger = applyStep(ledger, step);
          if (step.winner === 99) won++;
          expect(Math.abs(won * total - leads * weight)).toBeLessThan(total);
        }
      }),
    );
  });

  test('10 a lead that is declined for a good reason leaves every balance as if it had never been offered', () => {
    fc.assert(
      fc.property(weights, fc.nat(80), (ws, leads) => {
        const { ledger } = run(team(...ws), leads);
        const step = assignLead(ledger, team(...ws), [], 1) as LedgerStep;
        const offered = applyStep(ledger, step);
        const undone = applyStep(
          offered,
          reverseStep(offered, { seq: step.seq, moved: movedBy(step) }, team(...ws), 2),
        );
        for (const { repId } of team(...ws)) expect(balanceOf(undone, repId)).toBe(balanceOf(ledger, repId));
      }),
    );
  });

  test('10 a declined lead’s share of somebody who left since is inherited by weight, and the sum stays 0', () => {
    let { ledger } = run(team(100, 100, 100), 4);
    const step = assignLead(ledger, team(100, 100, 100), [], 5) as LedgerStep;
    ledger = applyStep(ledger, step);
    const staying = team(100, 100);
    ledger = applyStep(ledger, leaveLedger(ledger, 3, staying, 6) as LedgerStep);
    ledger = applyStep(ledger, reverseStep(ledger, { seq: step.seq, moved: movedBy(step) }, staying, 7));
    expect(sum(ledger)).toBe(0n);
    expect(balanceOf(ledger, 3)).toBe(0n);
  });

  test('11 whoever comes first, parallel leads end as some serial order: a step that does not follow is refused', () => {
    const ledger = emptyLedger(KEY);
    const one = assignLead(ledger, team(1, 1), [], 1) as LedgerStep;
    const other = assignLead(ledger, team(1, 1), [], 1) as LedgerStep;
    const after = applyStep(ledger, one);
    expect(() => applyStep(after, other)).toThrow("can't take step 1");
    expect(() => applyStep(after, { ...other, seq: 2 })).toThrow('does not begin where rep 1 stands');
  });

  test('12 folding the steps from zero gives the live balances bit for bit', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { steps, ledger } = play(acts);
        expect(foldLedger(KEY, steps)).toEqual(ledger);
      }),
    );
  });
});

describe('13 where known products fail', () => {
  test('30 single leads to two equal reps give 15 to 15, not 30 to 0 and not 11 to 19', () => {
    const { winners } = run(team(100, 100), 30);
    expect([count(winners, 1), count(winners, 2)]).toEqual([15, 15]);
  });

  test('400 leads to five equal reps give 80 each', () => {
    const { winners } = run(team(100, 100, 100, 100, 100), 400);
    expect([1, 2, 3, 4, 5].map((repId) => count(winners, repId))).toEqual([80, 80, 80, 80, 80]);
  });

  test('8,000 leads to 32 equal reps give 250 each', () => {
    const members = team(...new Array<number>(32).fill(100));
    const { winners } = run(members, 8_000);
    expect(members.map(({ repId }) => count(winners, repId))).toEqual(members.map(() => 250));
  });

  test('a half-weight rep back from leave is neither flooded nor starved', () => {
    const all = team(100, 100, 50);
    const before = run(all, 40);
    const during = run(all.slice(0, 2), 200, before.ledger);
    const back = run(all, 50, during.ledger);
    expect(Math.abs(count(back.winners, 3) - 10)).toBeLessThanOrEqual(1);
    expect(back.winners.slice(0, 5).filter((winner) => winner === 3).length).toBeLessThanOrEqual(2);
  });

  test('editing the team resets nothing: the others keep their balances when one joins or gets another weight', () => {
    const { ledger } = run(team(100, 70, 30), 7);
    const after = applyStep(ledger, assignLead(ledger, team(100, 70, 90, 100), [], 8) as LedgerStep);
    for (const { repId } of team(100, 70, 30)) {
      const line = assignLead(ledger, team(100, 70, 90, 100), [], 8)?.lines.find((one) => one.repId === repId);
      expect(line?.before).toBe(balanceOf(ledger, repId));
    }
    expect(sum(after)).toBe(0n);
  });

  test('weights 5, 1, 1 do not give five in a row', () => {
    const { winners } = run(team(5, 1, 1), 7);
    expect([count(winners, 1), count(winners, 2), count(winners, 3)]).toEqual([5, 1, 1]);
    expect(winners.join('')).not.toContain('11111');
  });

  test('an account owner who is given leads by hand is charged down to minus one lead, the rest is uncharged', () => {
    let ledger = emptyLedger(KEY);
    const uncharged: (bigint | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const step = forceLead(ledger, 1, team(100, 100), [], i);
      ledger = applyStep(ledger, step);
      uncharged.push(step.uncharged);
      expect(balanceOf(ledger, 1) >= -V).toBe(true);
      expect(sum(ledger)).toBe(0n);
    }
    expect(uncharged[0]).toBe(0n);
    expect(uncharged[3]).toBeGreaterThan(0n);
  });
});

describe('shares', () => {
  test('a lead is divided without remainder, leftover units to the lowest ids', () => {
    expect(shareByWeight(team(1, 1, 1))).toEqual([333_333_334, 333_333_333, 333_333_333]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 }), (ws) => {
        const exact = shareOut(V, team(...ws)).map(Number);
        expect(shareByWeight(team(...ws))).toEqual(exact);
      }),
    );
  });

  test('a debt is shared like a credit, and a weight of nothing inherits nothing', () => {
    expect(shareOut(-7n, team(1, 1, 0))).toEqual([-4n, -3n, 0n]);
    expect(shareOut(5n, team(0, 0))).toEqual([3n, 2n]);
  });

  test('a weight that is not a whole number from 1 to a million is our bug and stops the decision', () => {
    expect(() => shareByWeight(team(0.5))).toThrow('weight 0.5');
  });
});
