/** Assignment in real life: hours, absences, covers, skills, territories, groups, what is charged. */
import { describe, expect, test } from 'vitest';
import type { Rep, TeamMember } from '../../assignment/assignment.ts';
import { whyNotMe } from '../../assignment/next.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { PolicyDocument, RouteRule } from '../../policy/document.ts';
import type { Calendar } from '../../promise/clock.ts';
import { checkState } from '../checkState.ts';
import { ANA, asRep, BEN, decisionOf, did, find, handoffOf, ownerOf, SALES, stateOf, world } from '../givenFixture.ts';
import { inboundDocument } from '../inboundFixture.ts';
import { act, addCompany, addContact, event, peopleOf, rep, START, type World } from '../worldFixture.ts';

const CEM = 3;
const [owners, known, everyone] = inboundDocument.route as [RouteRule, RouteRule, RouteRule];
const routes = (...route: RouteRule[]): PolicyDocument => ({ ...inboundDocument, route });
const away = { absences: [{ from: START, to: START + 8 * HOUR_MS, why: 'time-off' as const }] };
const set = (w: World, id: number, name: string, more: Partial<Rep>): void => void w.reps.set(id, rep(id, name, more));

const worldOf = (document: PolicyDocument): World => {
  const w = world(document);
  set(w, CEM, 'Cem', {});
  addCompany(w, 1, { ownerId: CEM });
  addContact(w, 1, 1);
  addContact(w, 2, 2);
  return w;
};
const demo = (w: World, id = 1) => decisionOf(act(w, id, event('Demo Requested', w.now)));
const said = (w: World, id = 1): string => demo(w, id).trace?.assignment?.say ?? '';

describe('an owner who is away', () => {
  test('is covered: the cover has it and is named, the owner keeps company and contact', () => {
    const w = worldOf(routes({ ...known, ifAway: 'cover' }, everyone));
    set(w, CEM, 'Cem', { ...away, coverId: BEN });
    w.contacts.set(1, { ...stateOf(w), ownerId: CEM });
    expect(said(w)).toBe('Cem is the contact’s owner; Cem has time off until 2026-01-05 08:00 UTC, so Ben covers');
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: BEN, coversFor: CEM });
    expect(stateOf(w).ownerId).toBe(CEM);
    expect(w.companies.get(1)?.ownerId).toBe(CEM);
  });

  test('has the contact that a cover accepts for them', () => {
    const w = worldOf(routes({ ...owners, when: null, ifAway: 'cover' }, everyone));
    set(w, CEM, 'Cem', { ...away, coverId: BEN });
    demo(w);
    act(w, 1, did(asRep(BEN), { do: 'accept' }));
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: BEN, coversFor: CEM });
    expect(stateOf(w).ownerId).toBe(CEM);
  });

  test('keeps it where the route says so, and leaves it to the queue where the route says that', () => {
    const keeps = worldOf(routes({ ...owners, when: null, ifAway: 'keep' }, everyone));
    const queues = worldOf(routes({ ...owners, when: null, ifAway: 'queue' }, everyone));
    for (const w of [keeps, queues]) set(w, CEM, 'Cem', away);
    demo(keeps);
    expect(ownerOf(keeps)).toBe(CEM);
    expect(said(queues)).toContain('the route says queue');
    expect(handoffOf(queues)).toMatchObject({ status: 'queued', queueId: 'triage' });
  });

  test('without a cover who is there, the next route has its chance, and the trace says why', () => {
    const w = worldOf(routes({ ...owners, when: null, ifAway: 'cover' }, everyone));
    set(w, CEM, 'Cem', { ...away, coverId: BEN });
    set(w, BEN, 'Ben', away);
    const { trace } = demo(w);
    expect(ownerOf(w)).toBe(ANA);
    expect(trace?.assignment?.routes[0]?.say).toContain('nobody covers');
    const step = trace?.assignment?.step;
    if (step == null) throw new Error('no step');
    expect(whyNotMe(step, BEN, peopleOf(w))).toBe('not eligible: Ben has time off until 2026-01-05 08:00 UTC');
  });

  test('is away for turns too: who is back owes nothing and is owed nothing', () => {
    const w = worldOf(routes(everyone));
    set(w, ANA, 'Ana', away);
    for (let id = 10; id < 15; id++) {
      addContact(w, id, null);
      demo(w, id);
    }
    expect([10, 11, 12, 13, 14].map((id) => ownerOf(w, id))).toEqual([BEN, BEN, BEN, BEN, BEN]);
    w.now += 9 * HOUR_MS;
    const back = Array.from({ length: 6 }, (_, n) => {
      addContact(w, 20 + n, null);
      demo(w, 20 + n);
      return ownerOf(w, 20 + n);
    });
    expect(back.filter((id) => id === ANA)).toHaveLength(3);
    expect(back.slice(0, 3).filter((id) => id === ANA).length).toBeLessThanOrEqual(2);
  });
});

describe('a lead outside hours', () => {
  const morning: Calendar = {
    kind: 'intervals',
    open: [
      { from: START + 9 * HOUR_MS, to: START + 17 * HOUR_MS },
      { from: START + 33 * HOUR_MS, to: START + 41 * HOUR_MS },
    ],
    days: [
      { from: START, to: START + 24 * HOUR_MS },
      { from: START + 24 * HOUR_MS, to: START + 48 * HOUR_MS },
    ],
  };
  const night = (outsideHours: RouteRule['outsideHours'], more: Partial<RouteRule> = {}): World => {
    const w = worldOf(routes({ ...everyone, outsideHours, ...more }));
    w.teams.set('inbound', { calendar: morning });
    return w;
  };

  test('is assigned all the same where the route says so', () => {
    const w = night('assign-now');
    demo(w);
    expect(ownerOf(w)).toBe(ANA);
  });

  test('is held until the team opens, claimable and with its clocks, and then looks for an owner by itself', () => {
    const w = night('hold-until-open');
    expect(said(w)).toBe('nobody of inbound works at this hour; it waits in inbound until 2026-01-05 09:00 UTC');
    // Four hours are promised, from nine.
    expect(handoffOf(w)).toMatchObject({
      status: 'queued',
      queueId: 'inbound',
      response: { dueAt: START + 13 * HOUR_MS },
    });
    w.now = START + 9 * HOUR_MS;
    const opened = decisionOf(act(w, 1, { kind: 'timer-fired', timer: 'response' }));
    expect(opened.trace?.assignment?.how).toBe('ledger');
    expect(handoffOf(w)).toMatchObject({
      status: 'offered',
      ownerId: ANA,
      response: { dueAt: START + 13 * HOUR_MS },
      accept: { dueAt: w.now + HOUR_MS / 2 },
    });
    expect(checkState(stateOf(w))).toEqual([]);
  });

  test('of a route that the policy accepts for is theirs at once when it opens', () => {
    const w = night('hold-until-open', { accept: { by: 'policy' } });
    demo(w);
    w.now = START + 9 * HOUR_MS;
    act(w, 1, { kind: 'timer-fired', timer: 'response' });
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA });
  });

  test('goes to the queue where the route says that, and to the wider team where that one is open', () => {
    const queue = night('queue');
    expect(said(queue)).toContain('outside hours the route says queue');
    expect(handoffOf(queue)).toMatchObject({ status: 'queued', queueId: 'triage' });
    const wider = night('hold-until-open', { widenTo: 'follow-the-sun' });
    wider.members.set('follow-the-sun', [{ repId: CEM, weight: 100 }]);
    expect(said(wider)).toBe(
      'nobody of inbound works at this hour; Cem’s turn in follow-the-sun, of 1 who could take it',
    );
    expect(ownerOf(wider)).toBe(CEM);
  });

  test('asks each rep’s own hours too: who has lunch is not asked', () => {
    const w = worldOf(routes({ ...everyone, outsideHours: 'hold-until-open' }));
    set(w, ANA, 'Ana', { calendar: morning });
    const { trace } = demo(w);
    expect(ownerOf(w)).toBe(BEN);
    expect(trace?.assignment?.step?.excluded).toEqual([
      { repId: ANA, code: 'off-hours', say: 'Ana does not work at this hour' },
    ]);
  });

  test('whose calendar never opens again waits in the fallback queue, not forever in silence', () => {
    const w = night('hold-until-open');
    w.now = START + 100 * HOUR_MS;
    w.teams.set('inbound', { calendar: { ...morning, open: [], days: [] } as Calendar });
    const { trace } = demo(w);
    expect(trace?.assignment?.say).toContain('no opening is in sight');
  });
});

describe('skills and territories', () => {
  test('only who has every skill is asked', () => {
    const w = worldOf(routes({ ...everyone, skills: ['german', 'enterprise'] }));
    set(w, ANA, 'Ana', { skills: ['german'] });
    set(w, BEN, 'Ben', { skills: ['enterprise', 'german'] });
    const { trace } = demo(w);
    expect(ownerOf(w)).toBe(BEN);
    expect(trace?.assignment?.step?.excluded).toEqual([
      { repId: ANA, code: 'skill', say: 'Ana does not have the skill enterprise' },
    ]);
  });

  test('a territory gives its owner, a team its turn, and nobody the next route', () => {
    const w = worldOf(routes({ ...everyone, id: 'patch', to: { kind: 'territory' } }, everyone));
    const territories = [
      {
        id: 'dach',
        when: [{ path: 'contact.country', op: 'in' as const, values: ['DE'] }],
        to: { kind: 'rep' as const, repId: CEM },
        validFrom: null,
        validTo: null,
      },
      {
        id: 'uk',
        when: [{ path: 'contact.country', op: 'in' as const, values: ['GB'] }],
        to: { kind: 'team' as const, team: 'inbound' },
        validFrom: null,
        validTo: null,
      },
    ];
    const people = { ...peopleOf(w), territories };
    const ask = (id: number, country: string) => {
      addContact(w, id, null, { 'contact.country': country });
      return decisionOf(act(w, id, event('Demo Requested', w.now), { people })).trace?.assignment;
    };
    expect(ask(10, 'DE')).toMatchObject({ how: 'territory', say: 'Cem is the territory dach’s owner' });
    expect(ask(11, 'GB')).toMatchObject({ how: 'ledger', routeId: 'patch' });
    expect(ask(12, 'US')).toMatchObject({ how: 'ledger', routeId: 'everyone' });
  });
});

describe('the first of a group', () => {
  test('has it, and the others hear who; the second is told so', () => {
    const w = worldOf(routes({ ...everyone, tellGroup: true }));
    const offered = demo(w);
    expect(offered.effects.flatMap((one) => (one.kind === 'notify-rep' ? [one.repId] : []))).toEqual([ANA, BEN]);
    expect(handoffOf(w)).toMatchObject({ status: 'queued', queueId: 'inbound', offeredTo: [ANA, BEN] });
    const accepted = decisionOf(act(w, 1, did(asRep(BEN), { do: 'accept' })));
    expect(ownerOf(w)).toBe(BEN);
    expect(accepted.effects).toContainEqual(
      expect.objectContaining({ kind: 'notify-rep', repId: ANA, subject: 'Ben has it: asked for a demo' }),
    );
    const late = act(w, 1, did(asRep(ANA), { do: 'accept' }));
    expect(late).toEqual({
      kind: 'refused',
      refusal: { code: 'already-accepted', say: 'It was accepted by Ben already', by: BEN },
    });
  });
});

describe('what a lead costs', () => {
  test('by hand nothing, and where that is asked for a turn of the team whose lead it is, down to the floor', () => {
    const w = worldOf(routes(everyone));
    demo(w);
    act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: BEN } });
    expect(w.steps).toHaveLength(1);
    demo(w, 2);
    const decision = decisionOf(
      act(w, 2, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: ANA, charge: 'team' } }),
    );
    expect(find(decision, 'ledger-step').step).toMatchObject({ kind: 'forced', key: 'inbound/high', winner: ANA });
    for (const ledger of w.ledgers.values())
      expect(ledger.standings.reduce((sum, { balance }) => sum + balance, 0n)).toBe(0n);
  });

  test('declined for a good reason it costs no turn, declined without one it does; after the most offers the queue has it', () => {
    const good = worldOf(routes(everyone));
    demo(good);
    act(good, 1, did(asRep(ANA), { do: 'hand-back', reason: 'wrong-territory' }));
    expect(good.steps.map(({ kind }) => kind)).toEqual(['assigned', 'reversed', 'assigned']);
    expect(ownerOf(good)).toBe(BEN);
    const bad = worldOf(routes({ ...everyone, accept: { by: 'rep', within: null, maxOffers: 2 } }));
    bad.members.set(
      'inbound',
      [ANA, BEN, CEM].map((repId) => ({ repId, weight: 100 })),
    );
    demo(bad);
    act(bad, 1, did(asRep(ANA), { do: 'hand-back', reason: 'busy' }));
    expect(bad.steps.map(({ kind }) => kind)).toEqual(['assigned', 'assigned']);
    expect(ownerOf(bad)).toBe(BEN);
    const last = decisionOf(act(bad, 1, did(asRep(BEN), { do: 'hand-back', reason: 'busy' })));
    expect(handoffOf(bad)).toMatchObject({ status: 'queued', queueId: 'triage' });
    expect(last.trace?.assignment?.say).toBe('offered 2 times, at most 2 by its route');
  });

  test('taken back, the part of somebody who has left is shared by the weights of that day', () => {
    const w = worldOf(routes(everyone));
    const [ana, ben] = [ANA, BEN].map((repId) => ({ repId, weight: 100 }));
    const cem = { repId: CEM, weight: 100, ramp: [{ from: START, weight: 0 }] };
    w.members.set('inbound', [ana, ben, cem] as TeamMember[]);
    demo(w);
    w.members.set('inbound', [ana, cem] as TeamMember[]);
    const back = decisionOf(act(w, 1, did(asRep(ANA), { do: 'hand-back', reason: 'wrong-territory' })));
    const { step } = find(back, 'ledger-step');
    expect([step.kind, step.lines.map(({ repId }) => repId)]).toEqual(['reversed', [ANA]]);
  });
});

test('“why not me” is answered for leads that nobody could take, and for those that went past the turns', () => {
  const w = worldOf(routes(everyone));
  for (const [id, name] of [
    [ANA, 'Ana'],
    [BEN, 'Ben'],
  ] as const)
    set(w, id, name, { absences: [{ from: START, to: null, why: 'out-of-office' }] });
  const { trace } = demo(w);
  if (trace?.assignment == null) throw new Error('no assignment');
  expect(whyNotMe(trace.assignment, ANA, peopleOf(w))).toBe('not eligible: Ana is out of office');
  const owned = worldOf(inboundDocument);
  const assignment = demo(owned).trace?.assignment;
  if (assignment == null) throw new Error('no assignment');
  expect(whyNotMe(assignment, ANA, peopleOf(owned))).toBe('it was nobody’s turn: Cem is the company’s owner');
});
