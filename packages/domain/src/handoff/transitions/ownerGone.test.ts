import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import type { RouteRule } from '../../policy/document.ts';
import { ANA, asRep, BEN, call, decisionOf, did, handoffOf, SALES, stateOf } from '../givenFixture.ts';
import { asked, CLEO, clocksIn, floor, MIA, promised, runUntil, toldIn } from '../promiseFixture.ts';
import { act, rep, START, type World } from '../worldFixture.ts';

const routed = (ifAway: RouteRule['ifAway']) =>
  promised({ route: promised().route.map((one) => ({ ...one, ifAway })) });
const has = (w: World, status: 'offered' | 'open' | 'working'): World => {
  asked(w);
  if (status !== 'offered') act(w, 1, did(asRep(ANA), { do: 'accept' }));
  if (status === 'working') act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
  return w;
};
const goesAway = (w: World, to: number | null, coverId?: number) => {
  const absences = [{ from: w.now, to, why: 'away' as const }];
  w.reps.set(ANA, rep(ANA, 'Ana', { absences, ...(coverId === undefined ? {} : { coverId }) }));
  return decisionOf(act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'away' }));
};

describe('an owner who is away', () => {
  test('and back before it is due keeps it', () => {
    const w = has(floor(), 'open');
    const decision = goesAway(w, START + 3 * HOUR_MS, CLEO);
    expect([decision.outcome, decision.changes]).toEqual(['ignored', []]);
  });

  test('past the promise is covered: the clock stays as it was, in a row of the cover’s own; the contact keeps its owner', () => {
    const w = has(floor(routed('cover')), 'open');
    const decision = goesAway(w, START + DAY_MS, CLEO);
    expect(decision.outcome).toBe('rerouted');
    expect(handoffOf(w)).toMatchObject({
      status: 'open',
      ownerId: CLEO,
      coversFor: ANA,
      response: { startedAt: START, dueAt: START + 4 * HOUR_MS },
    });
    expect(stateOf(w).ownerId).toBe(ANA);
    expect(decision.changes.filter(({ kind }) => kind === 'clock-started')).toMatchObject([
      { clock: 'response', dueAt: START + 4 * HOUR_MS, ownerId: CLEO },
    ]);
    expect(toldIn([decision])).toEqual([expect.stringContaining(`rep ${CLEO}`)]);
  });

  test('whoever covers is told why: in whose place, and until when; the one covered has it back where the cover goes too', () => {
    const w = has(floor(routed('cover')), 'open');
    const first = goesAway(w, START + DAY_MS, CLEO).trace?.assignment;
    expect([first?.how, first?.say]).toEqual(['cover', 'Cleo covers for Ana, who is away until 2026-01-06 00:00 UTC']);

    w.reps.set(CLEO, rep(CLEO, 'Cleo', { absences: [{ from: w.now, to: null, why: 'out-of-office' }], coverId: BEN }));
    const again = decisionOf(act(w, 1, { kind: 'availability-changed', repId: CLEO, change: 'away' }));
    expect(again.trace?.assignment?.say).toBe('Ben covers for Ana in place of Cleo, who is out of office');
    expect(handoffOf(w)).toMatchObject({ ownerId: BEN, coversFor: ANA });

    w.reps.set(ANA, rep(ANA, 'Ana'));
    w.reps.set(BEN, rep(BEN, 'Ben', { absences: [{ from: w.now, to: null, why: 'time-off' }], coverId: ANA }));
    const back = decisionOf(act(w, 1, { kind: 'availability-changed', repId: BEN, change: 'away' }));
    expect(back.trace?.assignment?.say).toBe('Ana has it back: Ben, who covered, has time off');
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA });
    expect(handoffOf(w).coversFor).toBeUndefined();
  });

  test('an offer that is covered is offered anew, with its own time to accept', () => {
    const w = has(floor(routed('cover')), 'offered');
    w.now += 10 * 60_000;
    goesAway(w, null, CLEO);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: CLEO, accept: { startedAt: w.now } });
    expect(clocksIn(w).map(([kind]) => kind)).toEqual(['response', 'accept']);
  });

  test('is whose the contact becomes when the cover accepts; of whoever is switched off meanwhile it is the cover’s', () => {
    for (const active of [true, false]) {
      const w = has(floor(routed('cover')), 'offered');
      goesAway(w, null, CLEO);
      w.reps.set(ANA, rep(ANA, 'Ana', { active }));
      act(w, 1, did(asRep(CLEO), { do: 'accept' }));
      expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: CLEO, coversFor: ANA });
      expect(stateOf(w).ownerId).toBe(active ? ANA : CLEO);
    }
  });

  test('is covered no more once a manager gives it to somebody', () => {
    for (const status of ['offered', 'open', 'working'] as const) {
      const w = has(floor(routed('cover')), status);
      goesAway(w, null, CLEO);
      act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: BEN } });
      expect(handoffOf(w)).toMatchObject({ status, ownerId: BEN });
      expect(handoffOf(w).coversFor).toBeUndefined();
    }
  });

  test('whom nobody covers is relieved by the routes', () => {
    const w = has(floor(routed('cover')), 'open');
    goesAway(w, null);
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN });
    expect(w.steps.at(-1)?.excluded).toMatchObject([{ repId: ANA, code: 'away' }]);
  });

  test('with work begun and nobody to cover, the manager decides', () => {
    const w = has(floor(routed('cover')), 'working');
    const decision = goesAway(w, null);
    expect(handoffOf(w)).toMatchObject({ status: 'working', ownerId: ANA });
    expect(toldIn([decision])).toEqual([expect.stringContaining(`rep ${MIA}`)]);
  });

  test('with work begun and a cover, the cover goes on with it', () => {
    const w = has(floor(routed('cover')), 'working');
    goesAway(w, null, CLEO);
    expect(handoffOf(w)).toMatchObject({ status: 'working', ownerId: CLEO, coversFor: ANA });
  });

  test('keeps it where the route says keep, and loses it to the queue where it says queue', () => {
    const kept = has(floor(routed('keep')), 'open');
    expect(goesAway(kept, null, CLEO).outcome).toBe('ignored');
    const queued = has(floor(routed('queue')), 'open');
    goesAway(queued, null, CLEO);
    expect(handoffOf(queued)).toMatchObject({ status: 'queued', queueId: 'triage', response: { startedAt: START } });
  });

  test('has nothing to answer for while it is parked; on its date the cover has it as new', () => {
    const w = has(floor(routed('cover')), 'open');
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
    expect(goesAway(w, null, CLEO).outcome).toBe('ignored');
    runUntil(w, START + DAY_MS);
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: CLEO, response: { startedAt: START + DAY_MS } });
  });

  test('is not relieved by somebody else’s absence, and coming back takes nothing away', () => {
    const w = has(floor(routed('cover')), 'open');
    const other = decisionOf(act(w, 1, { kind: 'availability-changed', repId: BEN, change: 'away' }));
    const back = decisionOf(act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'back' }));
    expect([other.outcome, back.outcome]).toEqual(['ignored', 'ignored']);
  });
});

describe('an owner who was switched off', () => {
  test('loses what is open, parked ones and deals too', () => {
    const open = has(floor(), 'open');
    const parked = has(floor(), 'open');
    act(parked, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
    const dealt = has(floor(), 'working');
    act(dealt, 1, {
      kind: 'deal-changed',
      by: asRep(ANA),
      dealId: 7,
      change: { to: 'created', at: dealt.now, reason: null },
    });
    for (const w of [open, parked, dealt]) {
      w.reps.set(ANA, rep(ANA, 'Ana', { active: false }));
      act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'deactivated' });
      expect(handoffOf(w)).toMatchObject({ ownerId: BEN });
    }
    expect(handoffOf(dealt).status).toBe('deal');
    const last = dealt.decisions.at(-1)?.changes.filter(({ kind }) => kind === 'clock-started');
    expect(last).toMatchObject([{ clock: 'close', ownerId: BEN }]);
  });

  test('leaves the date that was agreed: parked with the next owner, told as such, and theirs to accept when it is back', () => {
    const w = has(floor(), 'open');
    act(w, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
    w.now += HOUR_MS;
    w.reps.set(ANA, rep(ANA, 'Ana', { active: false }));
    const decision = decisionOf(act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'deactivated' }));
    expect(handoffOf(w)).toMatchObject({
      status: 'parked',
      ownerId: BEN,
      parkedAt: START,
      returnAt: START + DAY_MS,
      acceptedAt: null,
      declinedBy: [ANA],
    });
    expect(decision.changes.filter(({ kind }) => kind.startsWith('clock-'))).toMatchObject([
      { kind: 'clock-stopped', clock: 'return', how: 'replaced' },
      { kind: 'clock-started', clock: 'return', startedAt: START, dueAt: START + DAY_MS, ownerId: BEN },
    ]);
    expect(decision.trace?.assignment).toMatchObject({ how: 'ledger', step: { winner: BEN } });
    expect(decision.trace?.say).toMatch(
      /^Ana is not active any more; Ben has it, parked until 2026-01-06 .* as was agreed$/,
    );
    expect(decision.effects).toMatchObject([
      {
        kind: 'notify-rep',
        repId: BEN,
        about: 'rerouted',
        subject: expect.stringMatching(/^Yours, parked until 2026-01-06/),
      },
    ]);
    runUntil(w, START + DAY_MS);
    const begun = { startedAt: START + DAY_MS };
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN, response: begun, accept: begun });
    act(w, 1, did(asRep(BEN), { do: 'accept' }));
    expect(stateOf(w).ownerId).toBe(BEN);
  });

  test('leaves a parked lead that no route finds anybody for to their manager until its date; without one it waits in the queue', () => {
    for (const managerId of [MIA, undefined]) {
      const w = has(floor(), 'open');
      act(w, 1, did(asRep(ANA), { do: 'park', until: START + DAY_MS, note: null }));
      for (const one of [...w.reps.values()]) w.reps.set(one.id, { ...one, selling: false });
      w.reps.set(ANA, rep(ANA, 'Ana', { active: false, ...(managerId === undefined ? {} : { managerId }) }));
      w.teams.set('inbound', {});
      const decision = decisionOf(act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'deactivated' }));
      if (managerId === undefined) {
        expect(handoffOf(w)).toMatchObject({ status: 'queued', response: { startedAt: w.now } });
        expect(decision.trace?.say).toMatch(/nobody can keep it until its date/);
      } else expect(handoffOf(w)).toMatchObject({ status: 'parked', ownerId: MIA, returnAt: START + DAY_MS });
    }
  });

  test('leaves a deal that no route finds anybody for to their manager, and says so where there is none', () => {
    for (const managerId of [MIA, undefined]) {
      const w = has(floor(), 'working');
      const change = { to: 'created', at: w.now, reason: null } as const;
      act(w, 1, { kind: 'deal-changed', by: asRep(ANA), dealId: 7, change });
      for (const one of [...w.reps.values()]) w.reps.set(one.id, { ...one, selling: false });
      w.reps.set(ANA, rep(ANA, 'Ana', { active: false, ...(managerId === undefined ? {} : { managerId }) }));
      w.teams.set('inbound', {});
      const decision = decisionOf(act(w, 1, { kind: 'availability-changed', repId: ANA, change: 'deactivated' }));
      expect(handoffOf(w)).toMatchObject({ status: 'deal', ownerId: managerId ?? ANA });
      if (managerId === undefined) expect(decision.trace?.say).toMatch(/assign it by hand/);
    }
  });
});
