import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import type { NotifyRule } from '../../policy/document.ts';
import { OFFICE } from '../../promise/calendarFixture.ts';
import { nextAtOf } from '../../promise/ladder.ts';
import { ANA, asRep, BEN, call, decisionOf, did, handoffOf, kinds, ownerOf, SALES, stateOf } from '../givenFixture.ts';
import { asked, CLEO, clocksIn, floor, HIGH, MIA, promised, runUntil, stepsIn, toldIn } from '../promiseFixture.ts';
import { act, addContact, event, peopleOf, rep, START } from '../worldFixture.ts';

const accepted = (...of: Parameters<typeof floor>) => {
  const w = asked(floor(...of));
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};
const wake = (timer: 'response' | 'accept' | 'outcome' | 'next-step') => ({ kind: 'timer-fired', timer }) as const;
const MINUTES = (of: number) => of * MINUTE_MS;

describe('the response ladder', () => {
  test('reminds, tells and relieves, each step once and in order; the breach is Ana’s for good', () => {
    const w = accepted();
    const steps = runUntil(w, START + 6 * HOUR_MS);
    expect(stepsIn(steps, START)).toEqual([
      'response 1 remind +120m',
      'response 2 breach +240m',
      'response 3 remind-task, tell-manager +240m',
      'response 4 reassign +360m',
    ]);
    expect(toldIn(steps.slice(0, 2))).toEqual([
      `rep ${ANA}: Ada Lovelace is to be contacted by 2026-01-05 04:00 UTC`,
      `rep ${ANA}: Overdue: Ada Lovelace was to be contacted by 2026-01-05 04:00 UTC`,
      `rep ${MIA}: Overdue: Ada Lovelace was to be contacted by 2026-01-05 04:00 UTC`,
    ]);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN, breached: true, lapsedBy: [ANA] });
    expect(toldIn(steps.slice(2))).toEqual([
      `rep ${ANA}: Not yours any more: Ada Lovelace`,
      `rep ${BEN}: Ada Lovelace: asked for a demo`,
    ]);
    expect(kinds(steps[1] as never)).toContain('task-created');
  });

  test('after the last step the manager hears of it each working day', () => {
    const w = accepted(
      promised({ promise: [{ ...HIGH, ladder: [{ atPercent: 100, do: ['tell-manager'] }] }] }),
      OFFICE,
    );
    expect(stepsIn(runUntil(w, START + 7 * DAY_MS + 12 * HOUR_MS), START)).toEqual([
      `response 1 breach +${14 * 60}m`,
      `response 2 tell-manager +${14 * 60}m`,
      ...[1, 2, 3, 4, 7].map((day, n) => `response ${n + 3} tell-manager +${(day * 24 + 9) * 60}m`),
    ]);
  });

  test('without a ladder, missing it reminds with a task and tells the manager; without a manager, those who watch the queue', () => {
    const w = accepted(promised({ promise: [{ ...HIGH, ladder: [] }] }));
    w.teams.set('inbound', {});
    const steps = runUntil(w, START + 4 * HOUR_MS);
    expect(stepsIn(steps, START)).toEqual(['response 1 breach +240m', 'response 2 remind-task, tell-manager +240m']);
    expect(toldIn(steps).map((one) => one.split(':')[0])).toEqual([`rep ${ANA}`, 'queue triage']);
  });

  test('those who watch the queue are told outside too, in the place that the policy names for them: once', () => {
    const watch = {
      id: 'sales-managers',
      via: ['in-app', 'slack'],
      to: '#watch',
      for: null,
      subject: null,
      body: null,
    };
    const w = floor(promised({ notify: [watch as NotifyRule], route: [] }));
    asked(w);
    expect(toldIn(w.decisions).map((one) => one.split(':')[0])).toEqual(['queue triage', 'slack #watch']);
    const reminded = runUntil(w, START + 2 * HOUR_MS);
    expect(toldIn(reminded).map((one) => one.split(':')[0])).toEqual(['queue triage', 'slack #watch']);
  });

  test('says by which time zones it was planned', () => {
    const w = floor();
    addContact(w, 1, 1);
    const people = { ...peopleOf(w), zoneData: 'tzdata of today' };
    const began = decisionOf(act(w, 1, event('Demo Requested', w.now), { people }));
    const ended = decisionOf(act(w, 1, { kind: 'withdrawn', by: SALES, cause: 'by-hand' }, { people }));
    expect([began.trace?.zoneData, ended.trace?.zoneData]).toEqual(['tzdata of today', undefined]);
  });

  test('woken twice, or too early, it does nothing', () => {
    const w = accepted();
    const early = decisionOf(act(w, 1, wake('response')));
    expect([early.outcome, early.changes, early.effects]).toEqual(['ignored', [], []]);
    w.now = START + 2 * HOUR_MS;
    expect(decisionOf(act(w, 1, wake('response'))).outcome).toBe('fired');
    const again = decisionOf(act(w, 1, wake('response')));
    expect([again.outcome, again.changes]).toEqual(['ignored', []]);
    expect(decisionOf(act(w, 1, wake('outcome'))).outcome).toBe('ignored');
  });

  test('after an outage each late step is recorded, all is told once, and nobody is relieved before they could act', () => {
    const w = accepted();
    w.now = START + 30 * HOUR_MS;
    const decision = decisionOf(act(w, 1, wake('response')));
    expect(stepsIn([decision], START)).toEqual([
      'response 1 remind +120m',
      'response 2 breach +240m',
      'response 3 remind-task, tell-manager +240m',
      'response 4 wait +360m',
    ]);
    expect(toldIn([decision])).toHaveLength(2);
    expect(ownerOf(w)).toBe(ANA);
    const steps = runUntil(w, START + 30 * HOUR_MS + MINUTES(30));
    expect(stepsIn(steps, START)).toEqual([`response 5 reassign +${30 * 60 + 30}m`]);
    expect(ownerOf(w)).toBe(BEN);
  });

  test('days without us are one notice to the manager', () => {
    const w = accepted(promised({ promise: [{ ...HIGH, ladder: [{ atPercent: 100, do: ['tell-manager'] }] }] }));
    runUntil(w, START + 4 * HOUR_MS);
    w.now = START + 9 * DAY_MS;
    expect(stepsIn([decisionOf(act(w, 1, wake('response')))], START)).toEqual([`response 3 tell-manager +${28 * 60}m`]);
    expect(clocksIn(w)[0]?.[1]).toMatchObject({ nextAt: START + 10 * DAY_MS, fired: 3 });
  });

  test('nobody is relieved after a logged attempt without the manager', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
    const steps = runUntil(w, START + DAY_MS + 6 * HOUR_MS);
    expect(stepsIn(steps, START).at(-1)).toBe(`response 4 reassign +${30 * 60}m`);
    expect(ownerOf(w)).toBe(ANA);
    expect(toldIn(steps.slice(-1))).toEqual([expect.stringContaining(`rep ${MIA}`)]);
  });

  test('nobody is relieved of a lead that they brought', () => {
    const w = floor();
    addContact(w, 1, 1);
    act(w, 1, { kind: 'fast-tracked', by: asRep(ANA), intent: 'high', note: '' });
    const steps = runUntil(w, START + 6 * HOUR_MS);
    expect(stepsIn(steps, START).at(-1)).toBe('response 4 reassign +360m');
    expect(ownerOf(w)).toBe(ANA);
    expect(steps.at(-1)?.trace?.say).toContain('the manager decides');
  });

  test('reassigned by hand: the due instant stays, the new owner has a grace, the breach comes all the same', () => {
    const w = accepted();
    runUntil(w, START + 230 * MINUTE_MS);
    act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: CLEO } });
    expect(handoffOf(w)).toMatchObject({ response: { dueAt: START + 4 * HOUR_MS, fired: 1, rung: 1 } });
    expect(stepsIn(runUntil(w, START + 6 * HOUR_MS), START)).toEqual([
      'response 2 breach +240m',
      'response 3 remind-task, tell-manager +260m',
      'response 4 reassign +360m',
    ]);
  });

  test('a queue hears what an owner would, and the routes are asked once more', () => {
    const w = floor(promised());
    w.members.set('inbound', []);
    asked(w);
    expect(handoffOf(w).status).toBe('queued');
    runUntil(w, START + 5 * HOUR_MS);
    w.members.set('inbound', [{ repId: BEN, weight: 100 }]);
    const steps = runUntil(w, START + 6 * HOUR_MS);
    expect(stepsIn(steps, START)).toEqual(['response 4 reassign +360m']);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN, breached: true });
  });

  test('a new policy that plans a step later is followed', () => {
    const w = accepted();
    w.policy = floor(promised({ promise: [{ ...HIGH, ladder: [{ atPercent: 75, do: ['remind'] }] }] })).policy;
    w.now = START + 2 * HOUR_MS;
    const decision = decisionOf(act(w, 1, wake('response')));
    expect([decision.outcome, decision.effects]).toEqual(['replanned', []]);
    expect(clocksIn(w).map(([, clock]) => nextAtOf(clock))).toEqual([START + 3 * HOUR_MS]);
  });
});

describe('the accept clock', () => {
  test('running out counts as a decline: the next one has it, at most so often, then the queue', () => {
    const w = asked(floor());
    const steps = runUntil(w, START + MINUTES(90));
    expect(stepsIn(steps, START)).toEqual(['accept 1 lapse +30m', 'accept 1 lapse +60m', 'accept 1 lapse +90m']);
    expect(handoffOf(w)).toMatchObject({ status: 'queued', queueId: 'triage', lapsedBy: [ANA, BEN, CLEO], offers: 3 });
    expect(w.steps.map(({ winner }) => winner)).toEqual([ANA, BEN, CLEO]);
    expect(w.steps[1]?.excluded).toMatchObject([{ repId: ANA, code: 'let-this-lead-lapse' }]);
    const stops = steps.flatMap(({ changes }) =>
      changes.filter((one) => one.kind === 'clock-stopped' && one.clock === 'accept'),
    );
    expect(stops).toHaveLength(3);
    expect(stops).toMatchObject([{ how: 'broken' }, { how: 'broken' }, { how: 'broken' }]);
  });

  test('accepting in time leaves nothing to lapse', () => {
    const w = accepted();
    expect(stepsIn(runUntil(w, START + HOUR_MS), START)).toEqual([]);
    expect(ownerOf(w)).toBe(ANA);
  });

  test('after an outage an offer waits as long as an offer takes', () => {
    const w = asked(floor());
    w.now = START + 90 * MINUTE_MS;
    expect(stepsIn([decisionOf(act(w, 1, wake('accept')))], START)).toEqual(['accept 1 wait +30m']);
    expect(ownerOf(w)).toBe(ANA);
    act(w, 1, did(asRep(ANA), { do: 'accept' }));
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA });
  });

  test('the owner of an account is asked again, then whoever covers, then the manager', () => {
    const [named, ...rest] = promised().route;
    const within = { kind: 'working', ms: MINUTES(30) } as const;
    const route = [
      {
        ...(named as NonNullable<typeof named>),
        ifAway: 'cover' as const,
        accept: { by: 'rep' as const, within, maxOffers: 3 },
      },
      ...rest,
    ];
    const w = floor(promised({ route }));
    w.reps.set(ANA, rep(ANA, 'Ana', { coverId: CLEO }));
    w.companies.set(1, {
      id: 1,
      facts: {},
      stage: null,
      ownerId: ANA,
      openHandoff: null,
      openDeal: null,
    });
    asked(w);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: ANA });
    expect(stepsIn(runUntil(w, START + MINUTES(60)), START)).toEqual(['accept 1 remind +30m', 'accept 2 cover +60m']);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: CLEO, coversFor: ANA, lapsedBy: [ANA] });
    expect(w.decisions.find(({ outcome }) => outcome === 'rerouted')?.trace?.assignment).toMatchObject({
      how: 'cover',
      say: 'Cleo covers for Ana, who did not accept in time',
    });
    expect(stateOf(w).ownerId).toBeNull();
    const steps = runUntil(w, START + MINUTES(150));
    expect(stepsIn(steps, START).filter((one) => one.startsWith('accept'))).toEqual([
      'accept 1 remind +90m',
      'accept 2 cover +120m',
      'accept 3 tell-manager +150m',
    ]);
  });
});

describe('a lead that waits for hours', () => {
  test('looks for an owner when the team opens, with the clock it had, and its offer begins then', () => {
    const route = promised().route.map((one) => ({ ...one, outsideHours: 'hold-until-open' as const }));
    const w = asked(floor(promised({ route }), OFFICE));
    const opens = START + 9 * HOUR_MS;
    expect(handoffOf(w)).toMatchObject({
      status: 'queued',
      queueId: 'inbound',
      response: { opensAt: opens, nextAt: opens },
    });
    expect(stepsIn(runUntil(w, opens), START)).toEqual([`response 1 open +${9 * 60}m`]);
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: ANA,
      accept: { startedAt: opens, dueAt: opens + MINUTES(30) },
      response: { startedAt: START, dueAt: START + 14 * HOUR_MS },
    });
    expect(handoffOf(w)).not.toHaveProperty('response.opensAt');
  });

  test('and waits again where nobody is there then', () => {
    const route = promised().route.map((one) => ({ ...one, outsideHours: 'hold-until-open' as const }));
    const w = asked(floor(promised({ route }), OFFICE));
    for (const id of [ANA, BEN, CLEO])
      w.reps.set(id, rep(id, `Rep${id}`, { absences: [{ from: START, to: START + 2 * DAY_MS, why: 'time-off' }] }));
    runUntil(w, START + 9 * HOUR_MS);
    expect(handoffOf(w).status).toBe('queued');
    expect(clocksIn(w)).toHaveLength(1);
  });
});

describe('the clocks of work', () => {
  const working = () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
    return w;
  };

  test('a missed next step reminds, and from the next working day on the manager hears of it', () => {
    const w = working();
    expect(stepsIn(runUntil(w, START + 4 * DAY_MS), START)).toEqual([
      `next-step 1 breach +${2 * 24 * 60}m`,
      `next-step 2 remind +${2 * 24 * 60}m`,
      `next-step 3 tell-manager +${3 * 24 * 60}m`,
      `next-step 4 tell-manager +${4 * 24 * 60}m`,
    ]);
    expect(handoffOf(w)).toMatchObject({ breached: false });
  });

  test('too few tries are told of once, enough of them are not', () => {
    const busy = working();
    act(busy, 1, did(asRep(ANA), call('voicemail', busy.now)));
    act(busy, 1, did(asRep(ANA), call('voicemail', busy.now)));
    const ofOutcome = (of: ReturnType<typeof runUntil>) => of.filter(({ trace }) => trace?.transition === 'outcome');
    expect(toldIn(ofOutcome(runUntil(busy, START + 5 * DAY_MS)))).toEqual([]);
    const idle = working();
    const told = ofOutcome(runUntil(idle, START + 5 * DAY_MS));
    expect(stepsIn(told, START)).toEqual([`outcome 1 count-tries +${5 * 24 * 60}m`]);
    expect(toldIn(told)).toEqual([expect.stringContaining(`rep ${MIA}`)]);
    expect(told[0]?.trace?.say).toContain('2 tries short');
  });

  test('no outcome in time is told to both', () => {
    const w = working();
    const outcome = runUntil(w, START + 10 * DAY_MS).filter(({ trace }) => trace?.transition === 'outcome');
    expect(stepsIn(outcome, START).slice(1)).toEqual([
      `outcome 2 breach +${10 * 24 * 60}m`,
      `outcome 3 remind, tell-manager +${10 * 24 * 60}m`,
    ]);
  });

  test('a deal runs to its close date, and another date moves it', () => {
    const w = working();
    const deal = { kind: 'deal-changed', by: asRep(ANA), dealId: 77 } as const;
    act(w, 1, { ...deal, change: { to: 'created', at: w.now, reason: null, closeAt: START + 20 * DAY_MS } });
    expect(clocksIn(w)).toMatchObject([['close', { dueAt: START + 20 * DAY_MS }]]);
    act(w, 1, { ...deal, change: { to: 'moved', at: w.now, reason: null, closeAt: START + 40 * DAY_MS } });
    expect(stepsIn(runUntil(w, START + 41 * DAY_MS), START)).toEqual([
      `close 1 breach +${40 * 24 * 60}m`,
      `close 2 remind +${40 * 24 * 60}m`,
      `close 3 tell-manager +${41 * 24 * 60}m`,
    ]);
  });

  test('one that was parked before anybody accepted it is offered again, with a time of its own to accept', () => {
    const w = asked(floor());
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + 3 * DAY_MS, note: null }));
    const steps = stepsIn(runUntil(w, START + 3 * DAY_MS + MINUTES(30)), START + 3 * DAY_MS);
    expect(steps).toEqual(['return 1 return +0m', 'accept 1 lapse +30m']);
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: BEN,
      response: { startedAt: START + 3 * DAY_MS },
    });
    const answered = asked(floor());
    act(answered, 1, did(asRep(ANA), { do: 'park', until: START + 3 * DAY_MS, note: null }));
    runUntil(answered, START + 3 * DAY_MS);
    expect(clocksIn(answered).map(([kind]) => kind)).toEqual(['response', 'accept']);
    act(answered, 1, did(asRep(ANA), { do: 'accept' }));
    expect(clocksIn(answered).map(([kind]) => kind)).toEqual(['response']);
  });

  test('a parked lead is back on its date, with a step of its own', () => {
    const w = accepted();
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + 3 * DAY_MS, note: null }));
    expect(stepsIn(runUntil(w, START + 3 * DAY_MS), START)).toEqual([`return 1 return +${3 * 24 * 60}m`]);
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA, response: { startedAt: START + 3 * DAY_MS } });
  });
});

describe('who is told', () => {
  test('the owner by the policy’s ways, and the places it names, once, when somebody qualifies', () => {
    const w = asked(floor());
    const [decision] = w.decisions;
    expect(decision?.effects).toMatchObject([
      { kind: 'notify-rep', repId: ANA, via: ['email', 'slack'] },
      { kind: 'notify-place', via: 'slack', to: '#inbound', about: 'qualified' },
    ]);
    const later = decisionOf(act(w, 1, did(asRep(ANA), { do: 'accept' })));
    expect(later.effects.filter(({ kind }) => kind === 'notify-place')).toEqual([]);
  });
});
