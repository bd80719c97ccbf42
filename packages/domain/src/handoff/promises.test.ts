/**
 * Whatever people do, however late a timer wakes, on whatever hours a team works: the promises about clocks hold. A failure
 * prints the seed and the shortest sequence that breaks one.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/time.ts';
import { calendarOf, OFFICE } from '../promise/calendarFixture.ts';
import { ALWAYS_OPEN, type Calendar } from '../promise/clock.ts';
import { nextAtOf } from '../promise/ladder.ts';
import { checkState } from './checkState.ts';
import type { Change, ClockKind, Decision } from './decision.ts';
import { ANA, BEN, SALES } from './givenFixture.ts';
import type { Actor, Input, RepAct } from './input.ts';
import { CLEO, clocksIn, floor, HIGH, promised } from './promiseFixture.ts';
import type { OpenHandoff } from './state.ts';
import { act, addContact, event, rep, type World } from './worldFixture.ts';

const REPS = [ANA, BEN, CLEO];
const CONTACTS = [1, 2, 3];

const anyCalendar: fc.Arbitrary<Calendar> = fc.oneof(
  fc.constant(ALWAYS_OPEN),
  fc.constant(OFFICE),
  fc
    .tuple(
      fc.array(fc.uniqueArray(fc.nat(1_440), { maxLength: 4 }), { minLength: 7, maxLength: 7 }),
      fc.uniqueArray(fc.nat(60), { maxLength: 10 }),
    )
    .map(([days, off]) => calendarOf(days, off)),
);

const repAct: fc.Arbitrary<(now: number) => RepAct> = fc.oneof(
  { weight: 4, arbitrary: fc.constant((): RepAct => ({ do: 'accept' })) },
  { weight: 1, arbitrary: fc.constant((): RepAct => ({ do: 'claim' })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('connected', 'voicemail', 'bounced').map(
      (outcome) =>
        (now: number): RepAct => ({
          do: 'log-contact',
          channel: 'call',
          outcome: outcome as 'met',
          note: null,
          at: now,
        }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('bad-fit', 'wrong-owner')
      .map((reason) => (): RepAct => ({ do: 'reject', reason, detail: null })),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (days) =>
        (now: number): RepAct => ({ do: 'park', until: now + days * DAY_MS, note: null }),
    ),
  },
  { weight: 1, arbitrary: fc.constant((): RepAct => ({ do: 'hand-back', reason: 'busy' })) },
);

type Happening =
  | { readonly kind: 'input'; readonly to: number; readonly make: (world: World) => Input }
  | { readonly kind: 'hours'; readonly calendar: Calendar }
  | { readonly kind: 'absence'; readonly repId: number; readonly days: number | null; readonly coverId: number | null }
  | { readonly kind: 'off'; readonly repId: number }
  /** Time passes; with an outage nothing wakes meanwhile. */
  | { readonly kind: 'time'; readonly ms: number; readonly outage: boolean };

const to = fc.constantFrom(...CONTACTS);
const input = (weight: number, make: fc.Arbitrary<(world: World) => Input>) => ({
  weight,
  arbitrary: fc.tuple(to, make).map(([id, one]): Happening => ({ kind: 'input', to: id, make: one })),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  input(
    3,
    fc.constant((w: World) => event('Demo Requested', w.now)),
  ),
  input(
    8,
    fc.tuple(repAct, fc.constantFrom<Actor>(SALES, { kind: 'rep', id: ANA }, { kind: 'rep', id: BEN })).map(
      ([make, by]) =>
        (w: World): Input => ({ kind: 'rep-acted', by, act: make(w.now) }),
    ),
  ),
  input(
    2,
    fc
      .constantFrom(...REPS)
      .map((id) => (): Input => ({ kind: 'manager-acted', by: SALES, act: { do: 'assign', to: id } })),
  ),
  input(
    1,
    fc.constantFrom('created', 'moved', 'lost').map(
      (how) =>
        (w: World): Input => ({
          kind: 'deal-changed',
          by: { kind: 'import', name: 'crm' },
          dealId: 70,
          change: { to: how as 'lost', at: w.now, reason: 'price', closeAt: w.now + 3 * DAY_MS },
        }),
    ),
  ),
  {
    weight: 1,
    arbitrary: anyCalendar.map((calendar): Happening => ({ kind: 'hours', calendar })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...REPS), fc.option(fc.integer({ min: 1, max: 9 })), fc.option(fc.constantFrom(...REPS)))
      .map(([repId, days, coverId]): Happening => ({ kind: 'absence', repId, days, coverId })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...REPS).map((repId): Happening => ({ kind: 'off', repId })) },
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.constantFrom(20 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS, DAY_MS, 4 * DAY_MS), fc.nat(5))
      .map(([ms, dice]): Happening => ({ kind: 'time', ms, outage: dice === 0 })),
  },
);
const happenings = fc.array(happening, { maxLength: 40, size: 'max' });

/** The rows as the database would keep them: one running row a clock, with the steps of the clock it belongs to. */
type Row = {
  dueAt: number;
  nextAt: number;
  ownerId: number | null;
  steps: number;
  breaches: number;
  plannedAt: number;
};

class Rows {
  readonly running = new Map<string, Row>();
  /** How many steps each clock had that was replaced just now, to go on counting. */
  #passed: ReadonlyMap<string, Row> = new Map();

  apply(decision: Decision, input: Input): void {
    const stopped = new Map<string, Row>();
    this.#passed = stopped;
    for (const change of decision.changes) {
      if (change.kind === 'clock-stopped') this.#stop(change, stopped);
      else if (change.kind === 'clock-started') this.#start(change, input);
      else if (change.kind === 'clock-fired') this.#fire(change, decision);
    }
  }

  #stop(change: Extract<Change, { kind: 'clock-stopped' }>, stopped: Map<string, Row>): void {
    const key = `${change.handoffId}/${change.clock}`;
    const row = this.running.get(key);
    expect(row, `${key} stopped and was not running`).toBeDefined();
    if (change.how === 'replaced') stopped.set(key, row as Row);
    this.running.delete(key);
  }

  #start({ handoffId, clock, dueAt, nextAt, ownerId }: Extract<Change, { kind: 'clock-started' }>, input: Input): void {
    const key = `${handoffId}/${clock}`;
    expect(this.running.has(key), `${key} started while it runs`).toBe(false);
    const before = this.#passed.get(key);
    const isEdit = input.kind === 'calendar-changed' || input.kind === 'deal-changed';
    if (before !== undefined && clock === 'response' && !isEdit)
      expect(dueAt, 'no reassignment puts a response off').toBeLessThanOrEqual(before.dueAt);
    const { steps = 0, breaches = 0, plannedAt = 0 } = clock === 'response' ? (before ?? {}) : {};
    this.running.set(key, { dueAt, nextAt, ownerId, steps, breaches, plannedAt });
  }

  #fire(change: Extract<Change, { kind: 'clock-fired' }>, decision: Decision): void {
    const row = this.running.get(`${change.handoffId}/${change.clock}`);
    if (row === undefined) throw new Error(`${change.clock} fired and was not running`);
    if (change.clock === 'response') expect(change.step, 'steps are counted on').toBe(row.steps + 1);
    else expect(change.step).toBeGreaterThan(row.steps);
    expect(change.plannedAt, 'no step before its time').toBeLessThanOrEqual(decision.at);
    row.steps = change.step;
    row.breaches += change.act === 'breach' ? 1 : 0;
    expect(row.breaches, 'a clock is broken once').toBeLessThanOrEqual(1);
    row.nextAt = change.nextAt;
  }
}

const ownerOf = (handoff: OpenHandoff | null): number | null =>
  handoff === null || handoff.status === 'queued' ? null : handoff.ownerId;

/** Decides one thing and holds the decision, and all that follow from it, to the promises. */
const step = (world: World, rows: Rows, id: number, made: Input): void => {
  const before = new Map([...world.contacts].map(([contactId, { handoff }]) => [contactId, handoff]));
  const from = world.decisions.length;
  act(world, id, made);
  for (const decision of world.decisions.slice(from)) {
    rows.apply(decision, made);
    const was = before.get(decision.contactId) ?? null;
    const is = decision.next.handoff;
    if (was !== null && is?.id === was.id) {
      expect(was.breached && !is.breached, 'a breach stays a breach').toBe(false);
      const isRelieved = made.kind === 'timer-fired' && was.status !== 'parked' && ownerOf(is) !== ownerOf(was);
      if (isRelieved && ownerOf(was) !== null)
        expect(was.triedBy === ownerOf(was), 'nobody who tried is relieved by a timer').toBe(false);
    }
  }
  for (const state of world.contacts.values()) expect(checkState(state)).toEqual([]);
  const running = new Map<string, number>();
  for (const { id: contactId, handoff } of world.contacts.values())
    for (const [kind, clock] of clocksIn(world, contactId)) running.set(`${handoff?.id}/${kind}`, nextAtOf(clock));
  const kept = [...rows.running].map(([key, { nextAt }]) => [key, nextAt] as const);
  expect(new Map(kept)).toEqual(running);
};

/** Wakes every clock that is due, and each a second time, which must be harmless. */
const wakeAll = (world: World, rows: Rows): void => {
  for (const id of CONTACTS) {
    for (let turn = 0; ; turn++) {
      expect(turn, 'a clock is never due again at once').toBeLessThan(12);
      const due = clocksIn(world, id).filter(([, clock]) => nextAtOf(clock) <= world.now);
      const [first] = due.sort(([, a], [, b]) => nextAtOf(a) - nextAtOf(b));
      if (first === undefined) break;
      const timer: ClockKind = first[0];
      step(world, rows, id, { kind: 'timer-fired', timer });
      expect(world.decisions.at(-1)?.outcome).not.toBe('ignored');
    }
    for (const [timer] of clocksIn(world, id)) {
      const said = world.decisions.length;
      step(world, rows, id, { kind: 'timer-fired', timer });
      const again = world.decisions[said];
      expect([again?.outcome, again?.changes, again?.effects]).toEqual(['ignored', [], []]);
    }
  }
};

/** Lets time pass: each clock is woken when it wants to be looked at, or, in an outage, all at the end. */
const pass = (world: World, rows: Rows, ms: number, outage: boolean): void => {
  const end = world.now + ms;
  while (!outage) {
    const next = Math.min(...CONTACTS.flatMap((id) => clocksIn(world, id).map(([, clock]) => nextAtOf(clock))));
    if (next > end) break;
    world.now = Math.max(world.now, next);
    wakeAll(world, rows);
  }
  world.now = end;
  wakeAll(world, rows);
};

/** A rep is switched off: what they have goes on to others, and the date of a parked lead stands, whoever has it. */
const switchOff = (world: World, rows: Rows, id: number, repId: number): void => {
  const was = world.contacts.get(id)?.handoff ?? null;
  step(world, rows, id, { kind: 'availability-changed', repId, change: 'deactivated' });
  const is = world.contacts.get(id)?.handoff ?? null;
  // a deal that nobody at all can take says so and waits for a hand
  if (is?.status !== 'deal') expect(ownerOf(is), 'nothing stays with who is switched off').not.toBe(repId);
  if (was?.status === 'parked' && ownerOf(is) !== null)
    expect(is, 'a date that was agreed stands').toMatchObject({ status: 'parked', returnAt: was.returnAt });
};

const play = (calendar: Calendar, sequence: readonly Happening[]): World => {
  const tries = { count: 3, within: { kind: 'working-days' as const, days: 3 } };
  const world = floor(promised({ promise: [{ ...HIGH, tries }] }), calendar);
  const rows = new Rows();
  for (const id of CONTACTS) addContact(world, id, id, { 'contact.phone': '+49 30 1' });
  for (const one of sequence) {
    switch (one.kind) {
      case 'input':
        step(world, rows, one.to, one.make(world));
        break;
      case 'hours':
        world.teams.set('inbound', { ...world.teams.get('inbound'), calendar: one.calendar });
        for (const id of CONTACTS) step(world, rows, id, { kind: 'calendar-changed' });
        break;
      case 'absence': {
        const { repId, days, coverId } = one;
        const absences = [
          { from: world.now, to: days === null ? null : world.now + days * DAY_MS, why: 'away' as const },
        ];
        const cover = coverId === null || coverId === repId ? {} : { coverId };
        world.reps.set(repId, rep(repId, `Rep${repId}`, { absences, ...cover }));
        for (const id of CONTACTS) step(world, rows, id, { kind: 'availability-changed', repId, change: 'away' });
        break;
      }
      case 'off':
        world.reps.set(one.repId, rep(one.repId, `Rep${one.repId}`, { active: false }));
        for (const id of CONTACTS) switchOff(world, rows, id, one.repId);
        break;
      case 'time':
        pass(world, rows, one.ms, one.outage);
        break;
    }
  }
  return world;
};

describe('clocks, whatever happens', () => {
  test('run as their status says, fire each step once and in order, are never put off, and break once', () => {
    fc.assert(
      fc.property(anyCalendar, happenings, (calendar, sequence) => void play(calendar, sequence)),
      { numRuns: 150 },
    );
  });

  test('a history with outages loses no step: after them every clock has its next look ahead', () => {
    fc.assert(
      fc.property(anyCalendar, happenings, (calendar, sequence) => {
        const world = play(calendar, [...sequence, { kind: 'time', ms: 30 * DAY_MS, outage: true }]);
        for (const id of CONTACTS)
          for (const [, clock] of clocksIn(world, id)) expect(nextAtOf(clock)).toBeGreaterThan(world.now);
      }),
      { numRuns: 50 },
    );
  });

  test('the dice do bring up what matters: reminders, breaches, reliefs, lapses, waits, returns', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyCalendar, happenings, (calendar, sequence) => {
        for (const { changes } of play(calendar, sequence).decisions)
          for (const change of changes) if (change.kind === 'clock-fired') seen.add(`${change.clock}: ${change.act}`);
      }),
      { numRuns: 200, seed: 20_261_123 },
    );
    for (const one of [
      'accept: lapse',
      'accept: wait',
      'response: remind',
      'response: breach',
      'response: remind-task, tell-manager',
      'response: reassign',
      'response: tell-manager',
      'next-step: remind',
      'outcome: count-tries',
      'return: return',
      'close: breach',
    ])
      expect(seen).toContain(one);
  });
});
