import { describe, expect, test } from 'vitest';
import { compiled, inboundDocument } from '../handoff/inboundFixture.ts';
import { newWorld, peopleOf, rep, START } from '../handoff/worldFixture.ts';
import type { PolicyDocument, RouteRule } from '../policy/document.ts';
import type { Ledger } from './assignment.ts';
import type { Asked } from './eligibility.ts';
import { emptyLedger } from './ledger.ts';
import { sayBalance, sayCredit, sayTurn, simulateNext, whyNotMe } from './next.ts';
import { type RouteRequest, routeLead } from './route.ts';

const everyone = inboundDocument.route[2] as RouteRule;
const withRoutes = (...route: readonly RouteRule[]): PolicyDocument => ({ ...inboundDocument, route });
const people = peopleOf(
  newWorld(compiled(), [rep(1, 'Ana'), rep(2, 'Ben'), rep(3, 'Cem', { active: false })], {
    inbound: [1, 2],
    wide: [2],
    empty: [3],
  }),
);

const request = (document: PolicyDocument, more: Partial<RouteRequest> = {}): RouteRequest => ({
  policy: compiled(document),
  view: { facts: {}, companyFacts: null, touches: { first: null, latest: null }, signals: {}, now: START },
  people,
  ledgerOf: (key) => emptyLedger(key),
  loadOf: () => undefined,
  intent: 'high',
  now: START,
  contactOwnerId: null,
  companyOwnerId: null,
  refusers: { declinedBy: [] },
  target: null,
  ...more,
});
const place = (...args: Parameters<typeof request>) => {
  const routed = routeLead(request(...args));
  if (routed.kind === 'needs') throw new Error('needs');
  return routed.placed;
};

describe('route', () => {
  test('asks for the ledger and for the loads of those with caps, and for nothing else', () => {
    const capped = { ...people, reps: new Map(people.reps).set(2, rep(2, 'Ben', { caps: { perDay: 3 } })) };
    expect(routeLead(request(withRoutes(everyone), { people: capped, ledgerOf: () => undefined }))).toEqual({
      kind: 'needs',
      needs: [
        { kind: 'ledger', key: 'inbound/high', reps: [1, 2] },
        { kind: 'loads', reps: [2] },
      ],
    });
  });

  test('keeps every route that was tried, with what it came to', () => {
    const placed = place(inboundDocument, {});
    expect(placed.trace.routes.map(({ routeId, verdict }) => [routeId, verdict])).toEqual([
      ['named-account', 'unknown'],
      ['known-contact', 'unknown'],
      ['everyone', 'met'],
    ]);
  });

  test('an owner who left gives the next route its chance', () => {
    const owner: RouteRule = { ...everyone, id: 'owner', to: { kind: 'company-owner' } };
    const placed = place(withRoutes(owner, everyone), { companyOwnerId: 3 });
    expect(placed.routeId).toBe('everyone');
    expect(placed.trace.routes[0]?.say).toBe('the company’s owner is not active or does not sell');
  });

  test('a team without anybody widens to the next one, else waits in the fallback queue', () => {
    const empty: RouteRule = { ...everyone, to: { kind: 'team', team: 'empty' } };
    expect(place(withRoutes({ ...empty, widenTo: 'wide' }))).toMatchObject({ ownerId: 2, teamId: 'wide' });
    expect(place(withRoutes(empty))).toMatchObject({ ownerId: null, queueId: 'triage', tell: 'sales-managers' });
  });

  test('a route to a queue is a queue, and a team that does not exist is nobody', () => {
    expect(place(withRoutes({ ...everyone, to: { kind: 'queue', queue: 'desk' } }))).toMatchObject({
      queueId: 'desk',
      routeId: 'everyone',
    });
    expect(place(withRoutes({ ...everyone, to: { kind: 'team', team: 'gone' } }))).toMatchObject({ queueId: 'triage' });
  });

  test('offered to the group, it waits for the first of those who could take it', () => {
    expect(place(withRoutes({ ...everyone, tellGroup: true }))).toMatchObject({
      ownerId: null,
      queueId: 'inbound',
      offeredTo: [1, 2],
      step: null,
    });
  });

  test('an owner route that charges the team charges the one whose route would have won', () => {
    const owner: RouteRule = { ...everyone, id: 'owner', to: { kind: 'company-owner' }, charge: 'team' };
    const placed = place(withRoutes(owner, everyone), { companyOwnerId: 1 });
    expect(placed.step).toMatchObject({ kind: 'forced', key: 'inbound/high', winner: 1, uncharged: 0n });
  });
});

const ASKED: Asked = { now: START, skills: [], inHours: false, teamCalendar: undefined };

describe('who is next', () => {
  const loads = new Map([[1, { today: 0, thisWeek: 0, open: 0 }]]);
  const ledger: Ledger = emptyLedger('inbound/high');
  const members = people.teams.get('inbound')?.members ?? [];

  test('plays the next leads without taking a turn, and drops who is full on the way', () => {
    const capped = { reps: new Map(people.reps).set(1, rep(1, 'Ana', { caps: { perDay: 1 } })) };
    const next = simulateNext(ledger, members, capped, loads, 4, ASKED);
    expect(next.map(({ repId }) => repId)).toEqual([1, 2, 2, 2]);
    expect(next[2]?.excluded[0]?.code).toBe('cap-day');
    expect(ledger.seq).toBe(0);
  });

  test('“why not me” has an answer: not eligible, behind, or came after', () => {
    const step = place(withRoutes(everyone)).step;
    if (step === null) throw new Error('no step');
    expect(whyNotMe(step, 1, people)).toBeNull();
    expect(whyNotMe(step, 2, people)).toContain('longer wait came first');
    expect(whyNotMe(step, 7, people)).toBe('not a member of the team at that time');
    expect(sayTurn(step, people)).toContain('Ana');
    const other = {
      ...ledger,
      standings: [
        { repId: 1, balance: 600_000_000n, lastWon: 0 },
        { repId: 2, balance: -600_000_000n, lastWon: 0 },
      ],
    };
    expect(sayBalance(other, 1)).toBe('0.60 leads owed to you');
    expect(sayBalance(other, 2)).toBe('0.60 leads ahead of your share');
    expect(sayCredit(-1_250_000_000n)).toBe('-1.25 leads');
  });
});
