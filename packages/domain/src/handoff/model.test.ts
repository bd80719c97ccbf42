/**
 * Any sequence of what can happen to a small company of reps, contacts and accounts keeps the promises of handoff.md. A
 * failure prints the seed and the shortest sequence that breaks one. Long because what can happen, the policies it happens
 * under and what must hold afterwards are read together.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rep } from '../assignment/assignment.ts';
import { foldLedger } from '../assignment/ledger.ts';
import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import { canMoveStage, STAGE_CAUSES } from '../lifecycle/stageMoves.ts';
import type { PolicyDocument, RouteRule } from '../policy/document.ts';
import { evaluate } from '../policy/evaluate.ts';
import { weekly } from '../promise/calendarFixture.ts';
import { checkState } from './checkState.ts';
import type { Context } from './context.ts';
import { decide } from './decide.ts';
import type { ClockKind, Decision } from './decision.ts';
import { decisionJson } from './decisionJson.ts';
import { compiled, inboundDocument } from './inboundFixture.ts';
import type { Actor, Input, RepAct } from './input.ts';
import type { ContactState } from './state.ts';
import { clocksOf } from './steps/clocks.ts';
import { subjectOf } from './subject.ts';
import {
  act,
  addCompany,
  addContact,
  ask,
  contextOf,
  event,
  factsOf,
  newWorld,
  rep,
  type World,
} from './worldFixture.ts';

const REPS = [1, 2, 3];
const CONTACTS = [1, 2, 3, 4, 5];

const contactId = fc.constantFrom(...CONTACTS);
const repId = fc.constantFrom(...REPS);
const actor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Actor>({ kind: 'person', name: 'Mia', team: 'sales' }) },
  { weight: 3, arbitrary: repId.map((id): Actor => ({ kind: 'rep', id })) },
  { weight: 1, arbitrary: fc.constant<Actor>({ kind: 'person', name: 'Max', team: 'marketing' }) },
);
const repAct: fc.Arbitrary<(now: number) => RepAct> = fc.oneof(
  fc.constant((): RepAct => ({ do: 'accept' })),
  fc.constant((): RepAct => ({ do: 'claim' })),
  fc.option(repId).map((to) => (): RepAct => ({ do: 'pass-on', leg: null, to, note: null })),
  fc.constantFrom('connected', 'voicemail', 'bounced', 'met', 'booked').map(
    (outcome) =>
      (now: number): RepAct => ({ do: 'log-contact', channel: 'call', outcome: outcome as 'met', note: null, at: now }),
  ),
  fc
    .constantFrom('bad-fit', 'no-intent', 'bad-data', 'unreachable', 'wrong-owner', 'spam', 'unheard-of')
    .map((reason) => (): RepAct => ({ do: 'reject', reason, detail: null })),
  fc.integer({ min: -1, max: 20 }).map(
    (days) =>
      (now: number): RepAct => ({ do: 'park', until: now + days * DAY_MS, note: null }),
  ),
  fc.constantFrom('busy', 'wrong-owner').map((reason) => (): RepAct => ({ do: 'hand-back', reason })),
  fc.constantFrom('new', 'in-progress', 'connected', 'nurturing', 'unqualified', 'open-deal', 'made-up').map(
    (status) =>
      (now: number): RepAct => ({ do: 'set-status', status, reason: 'bad-fit', until: now + DAY_MS }),
  ),
);

/** One thing that happens: to which contact, and what it is once the world is known. */
type Happening = {
  readonly to: number;
  readonly make: (world: World) => Input | null;
  readonly wait: number;
  readonly history: boolean;
};

const input: fc.Arbitrary<(world: World, to: number) => Input | null> = fc.oneof(
  { weight: 5, arbitrary: fc.constant((w: World) => event('Demo Requested', w.now)) },
  { weight: 8, arbitrary: fc.constant((w: World) => event('page', w.now)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('cto', 'ceo')
      .map(
        (title) => (w: World) =>
          event('identify', w.now, { type: 'identify', claims: [{ path: 'contact.title', value: title }] }),
      ),
  },
  {
    weight: 12,
    arbitrary: fc.tuple(actor, repAct).map(
      ([by, make]) =>
        (w: World): Input => ({ kind: 'rep-acted', by, act: make(w.now) }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('reevaluate', 'hold-ends', 'return', 'response', 'accept', 'next-step', 'outcome', 'close')
      .map((timer) => (): Input => ({ kind: 'timer-fired', timer: timer as 'return' })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(actor, fc.constantFrom('high', 'standard')).map(
      ([by, intent]) =>
        (): Input => ({ kind: 'fast-tracked', by, intent, note: 'met at the fair' }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(actor, repId, fc.boolean()).map(
      ([by, to, charged]) =>
        (): Input => ({ kind: 'manager-acted', by, act: { do: 'assign', to, ...(charged ? { charge: 'team' } : {}) } }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(actor, fc.constantFrom('created', 'moved', 'won', 'lost'), fc.boolean()).map(
      ([by, to, own]) =>
        (w: World, id: number): Input => ({
          kind: 'deal-changed',
          by,
          dealId: (own ? w.contacts.get(id)?.handoff?.dealId : null) ?? 9_000,
          change: { to: to as 'won', at: w.now, reason: 'price' },
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(actor, fc.constantFrom('lead', 'mql', 'sql', 'opportunity', 'customer'), fc.option(repId)).map(
      ([by, stage, ownerId]) =>
        (): Input => ({ kind: 'stage-set', by, stage: stage as 'sql', ownerId }),
    ),
  },
  { weight: 1, arbitrary: fc.constant((): Input => ({ kind: 'facts-changed', cause: 'test' })) },
  { weight: 1, arbitrary: fc.constant((): Input => ({ kind: 'policy-published' })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('unsubscribed', 'objection', 'became-customer', 'by-hand')
      .map((cause) => (): Input => ({ kind: 'withdrawn', by: { kind: 'policy' }, cause: cause as 'by-hand' })),
  },
  {
    weight: 1,
    arbitrary: contactId.map((loserId) => (w: World, id: number): Input | null => {
      const loser = w.contacts.get(loserId);
      const winner = w.contacts.get(id);
      return loser === undefined || loserId === id || loser.companyId !== winner?.companyId
        ? null
        : { kind: 'merged', loser };
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(repId, fc.option(repId), fc.option(fc.integer({ min: 1, max: 20 })))
      .map(([id, coverId, days]) => (w: World): Input => {
        const to = days === null ? null : w.now + days * DAY_MS;
        const absences = [{ from: w.now, to, why: 'away' as const }];
        const before = w.reps.get(id) as Rep;
        w.reps.set(id, { ...before, absences, ...(coverId === null ? {} : { coverId }) });
        return { kind: 'availability-changed', repId: id, change: 'away' };
      }),
  },
  {
    weight: 1,
    arbitrary: repId.map((id) => (w: World): Input => {
      w.reps.set(id, { ...(w.reps.get(id) as Rep), absences: [] });
      return { kind: 'availability-changed', repId: id, change: 'back' };
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 300 }), { minLength: 3, maxLength: 3 })
      .map((weights) => (w: World) => {
        const ramp = [{ from: w.now + 5 * DAY_MS, weight: 100 }];
        w.members.set(
          'inbound',
          REPS.map((id, i) => ({ repId: id, weight: weights[i] as number, ...(i === 0 ? { ramp } : {}) })),
        );
        return null;
      }),
  },
  {
    weight: 1,
    arbitrary: repId.map((id) => (w: World): Input => {
      w.reps.set(id, rep(id, `Rep${id}`, { active: false }));
      return { kind: 'availability-changed', repId: id, change: 'deactivated' };
    }),
  },
);

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc
    .tuple(contactId, input, fc.constantFrom(0, HOUR_MS, 12 * HOUR_MS, 11 * DAY_MS), fc.integer({ min: 0, max: 19 }))
    .map(([to, make, wait, dice]) => ({ to, make: (w: World) => make(w, to), wait, history: dice === 0 })),
  { maxLength: 60, size: 'max' },
);

const leg = {
  to: { kind: 'team', team: 'ae' },
  accept: { by: 'rep', within: { kind: 'working-days', days: 1 }, maxOffers: 2 },
  contactWithin: null,
  dealOwner: 'ae',
} as const;
const everyRoute = (more: Partial<RouteRule>): PolicyDocument => ({
  ...inboundDocument,
  route: inboundDocument.route.map((route) => (route.to.kind === 'team' ? { ...route, ...more } : route)),
});

/** Policies that ask for different things; the same happenings befall each. */
const SETTINGS = {
  plain: inboundDocument,
  legs: {
    ...everyRoute({ widenTo: 'ae' }),
    legs: [
      { ...leg, id: 'booked', when: 'meeting-booked' },
      { ...leg, id: 'dealt', when: 'deal-created', accept: { by: 'policy' } },
    ],
  },
  group: everyRoute({ tellGroup: true }),
  hours: everyRoute({ outsideHours: 'hold-until-open' }),
  covered: {
    ...inboundDocument,
    route: inboundDocument.route.map((route) => ({
      ...route,
      ifAway: 'cover',
      charge: isOwners(route) ? 'team' : 'none',
    })),
  },
} as const satisfies { readonly [setting: string]: PolicyDocument };
type Setting = keyof typeof SETTINGS;

function isOwners({ to }: RouteRule): boolean {
  return to.kind === 'company-owner' || to.kind === 'contact-owner';
}

const DAYTIME = [[8 * 60, 18 * 60]] as const;

const aWorld = (setting: Setting = 'plain'): World => {
  const world = newWorld(
    compiled(SETTINGS[setting]),
    REPS.map((id) => rep(id, `Rep${id}`, id === 3 ? { caps: { open: 3 } } : {})),
    { inbound: REPS, ae: [2, 3] },
  );
  if (setting === 'hours')
    world.teams.set('inbound', { calendar: weekly([DAYTIME, DAYTIME, DAYTIME, DAYTIME, DAYTIME, [], []], 160) });
  addCompany(world, 2, { facts: factsOf({ 'company.domain': 'rival.example' }) });
  for (const id of CONTACTS) addContact(world, id, id <= 3 ? 1 : id === 4 ? 2 : null);
  return world;
};

type Clocks = Map<string, number>;

/** Folds the clock rows as the database would keep them, and complains where a row does not fit. */
const foldClocks = (running: Clocks, decision: Decision): void => {
  for (const change of decision.changes) {
    if (change.kind === 'clock-started') {
      const key = `${change.handoffId}/${change.clock}`;
      expect(running.has(key), `${key} started while it runs`).toBe(false);
      running.set(key, change.dueAt);
    }
    if (change.kind === 'clock-stopped') {
      const key = `${change.handoffId}/${change.clock}`;
      expect(running.delete(key), `${key} stopped and was not running`).toBe(true);
      expect(change.at).toBeLessThanOrEqual(decision.at);
    }
  }
};

const runningOf = (world: World): Clocks => {
  const clocks: Clocks = new Map();
  for (const { handoff } of world.contacts.values()) {
    if (handoff === null) continue;
    for (const [clock, times] of Object.entries(clocksOf(handoff)) as [ClockKind, { dueAt: number }][])
      clocks.set(`${handoff.id}/${clock}`, times.dueAt);
  }
  return clocks;
};
const sorted = (clocks: Clocks): readonly (readonly [string, number])[] =>
  [...clocks].sort(([a], [b]) => (a < b ? -1 : 1));

/** Q1: nobody who qualifies is left without handoff, group, or named exception. */
const isLeft = (world: World, state: ContactState): boolean => {
  if (state.handoff ?? state.group ?? state.hold ?? state.last ?? state.suppressed) return false;
  const company = state.companyId === null ? null : (world.companies.get(state.companyId) ?? null);
  const evaluation = evaluate(world.policy, subjectOf(state, contextOf(world, state), company), world.now);
  return evaluation.rules.some((rule) => rule.verdict === 'met' && !state.metBefore.includes(rule.id));
};

const checkDecision = (before: ContactState, decision: Decision): void => {
  const of = (kind: Decision['changes'][number]['kind']) => decision.changes.filter((change) => change.kind === kind);
  for (const edge of decision.changes) {
    if (edge.kind !== 'qualified') continue;
    const led = of('handoff-opened').length + of('group-joined').length + of('held').length;
    expect(led, 'a qualifying edge leads to exactly one of handoff, group, exception').toBe(1);
  }
  let stage = before.stage;
  for (const change of decision.changes) {
    if (change.kind !== 'stage-entered' || change.of !== 'contact') continue;
    if (decision.outcome !== 'merged') expect(change.from).toBe(stage);
    const mayGoBack = Object.entries(STAGE_CAUSES).some(
      ([cause, { back }]) => back && canMoveStage(change.from, change.to, cause as keyof typeof STAGE_CAUSES),
    );
    expect(mayGoBack || canMoveStage(change.from, change.to, 'qualified')).toBe(true);
    stage = change.to;
  }
  expect(decision.next.stage).toBe(stage);
  expect(decision.next.decidedAt).toBeGreaterThanOrEqual(before.decidedAt);
  if (decision.outcome === 'ignored') expect(decision.trace?.say).not.toBe('');
  expect(
    new Set(decision.changes.map((change) => (change.kind === 'handoff-opened' ? change.handoffId : null))).size,
  ).toBeLessThanOrEqual(2);
};

/** What happened in a world, for whoever reads a failure. */
const diary = (world: World): string =>
  world.decisions.map((one) => `${one.contactId}: ${one.outcome}: ${one.trace?.say ?? ''}`).join('\n');

const run = (sequence: readonly Happening[], setting: Setting = 'plain'): World => {
  const world = aWorld(setting);
  try {
    return play(world, sequence);
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n${diary(world)}`, { cause });
  }
};

const play = (world: World, sequence: readonly Happening[]): World => {
  const running: Clocks = new Map();
  for (const happening of sequence) {
    world.now += happening.wait;
    if (!world.contacts.has(happening.to)) continue;
    const made = happening.make(world);
    if (made === null) continue;
    const more: Partial<Context> = happening.history ? { handsOff: false, tells: false } : {};
    // Everybody who had the leads of a rep that is switched off is decided in the same transaction.
    const touched = made.kind === 'availability-changed' ? [...world.contacts.keys()] : [happening.to];
    for (const id of touched) {
      const states = new Map(world.contacts);
      const from = world.decisions.length;
      if (made.kind === 'merged' && made.loser !== world.contacts.get(made.loser.id)) continue;
      act(world, id, made, made.kind === 'availability-changed' ? {} : more);
      for (const decision of world.decisions.slice(from)) {
        foldClocks(running, decision);
        checkDecision(states.get(decision.contactId) as ContactState, decision);
        states.set(decision.contactId, decision.next);
      }
    }
    for (const state of world.contacts.values()) {
      expect(checkState(state)).toEqual([]);
      if (happening.to === state.id && !happening.history)
        expect(isLeft(world, state), `contact ${state.id} is left`).toBe(false);
    }
    expect(sorted(running)).toEqual(sorted(runningOf(world)));
    for (const company of world.companies.values()) {
      const open = company.openHandoff;
      if (open === null) continue;
      const { handoff } = world.contacts.get(open.contactId) as ContactState;
      expect(handoff).toMatchObject({ id: open.handoffId, status: open.status, dealId: open.dealId });
    }
    for (const { group, companyId } of world.contacts.values())
      if (group !== null) expect(world.companies.get(companyId as number)?.openHandoff?.groupId).toBe(group.groupId);
  }
  return world;
};

describe('whatever happens, in any order', () => {
  test('every open handoff has one owner or queue and exactly its clocks; nobody who qualifies is left; groups are open', () => {
    fc.assert(
      fc.property(happenings, (sequence) => void run(sequence)),
      { numRuns: 250 },
    );
  });

  test.each(Object.keys(SETTINGS) as Setting[])('the same with a policy that asks for more: %s', (setting) => {
    fc.assert(
      fc.property(happenings, (sequence) => {
        const world = run(sequence, setting);
        for (const ledger of world.ledgers.values())
          expect(ledger.standings.reduce((sum, one) => sum + one.balance, 0n)).toBe(0n);
      }),
      { numRuns: 60 },
    );
  });

  test('no open handoff stays with a rep who was switched off', () => {
    fc.assert(
      fc.property(happenings, (sequence) => {
        const world = run(sequence);
        const gone = world.decisions.length;
        for (const id of REPS) {
          world.reps.set(id, rep(id, `Rep${id}`, { active: id !== 2 }));
          for (const contact of [...world.contacts.keys()])
            act(world, contact, { kind: 'availability-changed', repId: 2, change: 'deactivated' });
        }
        for (const { handoff } of world.contacts.values())
          if (handoff !== null && handoff.status !== 'queued') expect(handoff.ownerId).not.toBe(2);
        expect(world.decisions.length).toBeGreaterThan(gone);
      }),
      { numRuns: 60 },
    );
  });

  test('the ledgers sum to zero and are the fold of their steps', () => {
    fc.assert(
      fc.property(happenings, (sequence) => {
        const world = run(sequence);
        for (const [key, ledger] of world.ledgers) {
          expect(ledger.standings.reduce((sum, one) => sum + one.balance, 0n)).toBe(0n);
          expect(
            foldLedger(
              key,
              world.steps.filter((step) => step.key === key),
            ),
          ).toEqual(ledger);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the same state, input and context give the same bytes, also from a state that went through a row', () => {
    fc.assert(
      fc.property(happenings, (sequence) => {
        const world = aWorld();
        for (const { to, make, wait } of sequence) {
          world.now += wait;
          const state = world.contacts.get(to);
          const made = state === undefined ? null : make(world);
          if (state === undefined || made === null || made.kind === 'merged') continue;
          const stored = JSON.parse(JSON.stringify(state)) as ContactState;
          const [one, other] = [ask(world, state, made), ask(world, stored, made)];
          if (one.kind === 'decided' && other.kind === 'decided')
            expect(decisionJson(other.decision)).toBe(decisionJson(one.decision));
          else expect(other).toEqual(one);
          act(world, to, made);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('asking for what it needs is free of effect: the state that was given is never changed', () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
        Object.freeze(value);
        for (const part of Object.values(value)) freeze(part);
      }
      return value;
    };
    fc.assert(
      fc.property(happenings, (sequence) => {
        const world = aWorld();
        for (const { to, make, wait } of sequence) {
          world.now += wait;
          const state = world.contacts.get(to);
          const made = state === undefined ? null : make(world);
          if (state === undefined || made === null || made.kind === 'merged') continue;
          freeze(state);
          decide(state, freeze(made), contextOf(world, state));
          act(world, to, made);
        }
      }),
      { numRuns: 60 },
    );
  });
});
