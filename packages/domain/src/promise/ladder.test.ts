import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../handoff/state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import { calendarOf, MONDAY, OFFICE } from './calendarFixture.ts';
import { ALWAYS_OPEN, type Calendar, due } from './clock.ts';
import { afterStep, type Ladder, type LadderStep, nextAtOf, nextStep, plan } from './ladder.ts';

const FOUR_HOURS = { kind: 'working', ms: 4 * HOUR_MS } as const;
const LADDER: Ladder = {
  breaks: true,
  rungs: [
    { at: { percent: 50 }, do: ['remind'] },
    { at: { percent: 100 }, do: ['remind-task', 'tell-manager'] },
    { at: { percent: 150 }, do: ['reassign'] },
  ],
};

/** Up to three blocks a day on some days of the week, with days off. */
const anyCalendar: fc.Arbitrary<Calendar> = fc.oneof(
  fc.constant(ALWAYS_OPEN),
  fc.constant(OFFICE),
  fc
    .tuple(
      fc.array(fc.uniqueArray(fc.nat(1_440), { maxLength: 6 }), { minLength: 7, maxLength: 7 }),
      fc.uniqueArray(fc.nat(363), { maxLength: 40 }),
    )
    .map(([days, off]) => calendarOf(days, off)),
);

const begun = (startedAt: number): Clock =>
  plan(OFFICE, LADDER, {
    startedAt,
    dueAt: due(OFFICE, startedAt, FOUR_HOURS) as number,
    within: FOUR_HOURS,
    on: 'team/inbound',
  });

/** Each step until `end`, at most so many, fired the moment it is planned. */
const climb = (
  clock: Clock,
  end: number,
  calendar: Calendar = OFFICE,
  ladder = LADDER,
  atMost = Infinity,
): readonly LadderStep[] => {
  const steps: LadderStep[] = [];
  let running = clock;
  for (let step = nextStep(calendar, ladder, running); step.plannedAt <= end && steps.length < atMost; ) {
    steps.push(step);
    running = afterStep(calendar, ladder, running, step, step.plannedAt);
    step = nextStep(calendar, ladder, running);
  }
  return steps;
};

describe('ladder', () => {
  test('four hours begun on Friday at 16:00: half on Monday at 10:00, due at 12:00, relieved at 15:00, then each morning', () => {
    const monday = MONDAY + 7 * DAY_MS;
    const steps = climb(begun(MONDAY + 4 * DAY_MS + 16 * HOUR_MS), monday + 2 * DAY_MS + 9 * HOUR_MS);
    expect(steps.map(({ kind, plannedAt }) => [kind, plannedAt - monday])).toEqual([
      ['rung', 10 * HOUR_MS],
      ['breach', 12 * HOUR_MS],
      ['rung', 12 * HOUR_MS],
      ['rung', 15 * HOUR_MS],
      ['daily', DAY_MS + 9 * HOUR_MS],
      ['daily', 2 * DAY_MS + 9 * HOUR_MS],
    ]);
  });

  test('a grace puts rungs off and never the breach', () => {
    const clock = begun(MONDAY + 9 * HOUR_MS);
    const graced = plan(OFFICE, LADDER, { ...clock, rung: 1, graceUntil: clock.dueAt + 30 * MINUTE_MS });
    expect(climb(graced, clock.dueAt + HOUR_MS).map(({ kind, plannedAt }) => [kind, plannedAt - clock.dueAt])).toEqual([
      ['breach', 0],
      ['rung', 30 * MINUTE_MS],
    ]);
  });

  test('a promise in elapsed time has its half at half of it', () => {
    const clock: Clock = {
      startedAt: MONDAY,
      dueAt: MONDAY + 4 * HOUR_MS,
      within: { kind: 'elapsed', ms: 4 * HOUR_MS },
    };
    expect(nextStep(ALWAYS_OPEN, LADDER, clock).plannedAt).toBe(MONDAY + 2 * HOUR_MS);
  });

  test('what waits for an hour looks for an owner then, and goes on as planned', () => {
    const clock = begun(MONDAY + 9 * HOUR_MS);
    const opensAt = MONDAY + 10 * HOUR_MS;
    const waiting = plan(OFFICE, LADDER, { ...clock, opensAt });
    expect(nextAtOf(waiting)).toBe(opensAt);
    const opened = afterStep(OFFICE, LADDER, waiting, nextStep(OFFICE, LADDER, waiting), opensAt);
    expect(opened).toEqual({ ...clock, fired: 1 });
  });

  test('on any calendar the steps come in order, each once, the breach at the due instant, and always another one after', () => {
    fc.assert(
      fc.property(
        anyCalendar,
        fc.nat(10 * DAY_MS),
        fc.integer({ min: MINUTE_MS, max: 30 * HOUR_MS }),
        fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 5 }),
        (calendar, offset, ms, percents) => {
          const startedAt = MONDAY + offset;
          const dueAt = due(calendar, startedAt, { kind: 'working', ms });
          fc.pre(dueAt !== null);
          const rungs = percents.sort((a, b) => a - b).map((percent) => ({ at: { percent }, do: ['remind' as const] }));
          const ladder: Ladder = { breaks: true, rungs };
          const clock = plan(calendar, ladder, { startedAt, dueAt, within: { kind: 'working', ms } });
          const steps = climb(clock, Infinity, calendar, ladder, rungs.length + 4);
          const times = steps.map(({ plannedAt }) => plannedAt);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(steps.filter(({ kind }) => kind === 'breach').map(({ plannedAt }) => plannedAt)).toEqual([dueAt]);
          expect(steps.filter(({ kind }) => kind === 'rung')).toHaveLength(rungs.length);
          const days = times.filter((_, i) => steps[i]?.kind === 'daily');
          expect(new Set(days).size).toBe(days.length);
          expect(days).toHaveLength(3);
        },
      ),
    );
  });
});
