import { describe, expect, test } from 'vitest';
import { movedBy } from '../../assignment/ledger.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import type { Accept, LegRule } from '../../policy/document.ts';
import type { Decision } from '../decision.ts';
import {
  ANA,
  accepted,
  asRep,
  BEN,
  call,
  decisionOf,
  did,
  find,
  handoffOf,
  kinds,
  known,
  MARKETING,
  offered,
  refusal,
  SALES,
  stateOf,
  working,
} from '../givenFixture.ts';
import { inboundDocument } from '../inboundFixture.ts';
import type { Input, RepAct } from '../input.ts';
import type { CompanyState } from '../state.ts';
import { undoableStateOf } from '../undoable.ts';
import { act, event, rep, START, type World } from '../worldFixture.ts';

type Undone = Extract<Input, { kind: 'undone' }>;

/** Does something and answers how it would be taken back: what the shell keeps of an act. */
const doUndoable = (w: World, input: Input): Undone => {
  const before = undoableStateOf(stateOf(w));
  const companyBefore = w.companies.get(1) as CompanyState;
  const decision = decisionOf(act(w, 1, input));
  return {
    kind: 'undone',
    by: decision.by,
    later: null,
    act: {
      decisionId: decision.id,
      by: decision.by,
      at: decision.at,
      say: decision.trace?.say ?? '',
      before,
      company: decision.company === null ? null : companyBefore,
      steps: decision.changes.flatMap((change) =>
        change.kind === 'ledger-step'
          ? [{ key: change.step.key, seq: change.step.seq, moved: movedBy(change.step) }]
          : [],
      ),
    },
  };
};

const SPAM: RepAct = { do: 'reject', reason: 'no-intent', detail: null };

const PASS_ON: RepAct = { do: 'pass-on', leg: null, to: null, note: null };
/** Ana's, with a deal; a leg would give it and the deal to Ben at once. */
const passable = (accept: Accept = { by: 'policy' }): World => {
  const to = { kind: 'team', team: 'inbound' } as const;
  const leg: LegRule = {
    id: 'next',
    when: 'by-hand',
    to,
    accept,
    contactWithin: null,
    dealOwner: 'inbound',
  };
  const w = offered({ ...inboundDocument, legs: [leg] });
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};

/** Every act by which something moves, from where it is legal. */
const ACTS: readonly (readonly [name: string, from: () => World, input: (w: World) => Input])[] = [
  ['accept', offered, () => did(asRep(ANA), { do: 'accept' })],
  ['first contact', offered, (w) => did(asRep(ANA), call('connected', w.now))],
  ['next contact', working, (w) => did(asRep(ANA), call('connected', w.now))],
  ['reject', accepted, () => did(asRep(ANA), SPAM)],
  ['wrong owner', offered, () => did(asRep(ANA), { do: 'reject', reason: 'wrong-owner', detail: null })],
  ['hand back', accepted, () => did(asRep(ANA), { do: 'hand-back', reason: 'busy' })],
  ['pass on', passable, () => did(asRep(ANA), PASS_ON)],
  ['park', working, (w) => did(asRep(ANA), { do: 'park', until: w.now + 9 * HOUR_MS, note: null })],
  ['assign', accepted, () => ({ kind: 'manager-acted', by: SALES, act: { do: 'assign', to: BEN } })],
  ['withdraw', accepted, () => ({ kind: 'withdrawn', by: SALES, cause: 'objection' })],
  [
    'deal',
    working,
    (w) => ({
      kind: 'deal-changed',
      by: asRep(ANA),
      dealId: 77,
      change: { to: 'created', at: w.now, reason: null },
    }),
  ],
];

describe('undo', () => {
  test.each(ACTS)('%s: all is as it was, with the same clocks and the same balances', (_name, from, input) => {
    const w = from();
    const before = undoableStateOf(stateOf(w));
    const company = w.companies.get(1);
    const balances = [...w.ledgers.values()].map(({ standings }) =>
      standings.map(({ repId, balance }) => [repId, balance]),
    );
    const back = doUndoable(w, input(w));
    expect(undoableStateOf(stateOf(w))).not.toEqual(before);
    w.now += 9_000;
    const decision = decisionOf(act(w, 1, back));
    expect(decision.outcome).toBe('undone');
    expect(undoableStateOf(stateOf(w))).toEqual(before);
    expect(w.companies.get(1)).toEqual(company);
    expect(
      [...w.ledgers.values()].map(({ standings }) => standings.map(({ repId, balance }) => [repId, balance])),
    ).toEqual(balances);
    expect(kinds(decision)).toContain('act-undone');
  });

  test('a clock that the act had stopped runs on in its own row, with the due instant it had', () => {
    const w = offered();
    const back = doUndoable(w, did(asRep(ANA), call('voicemail', w.now)));
    const decision = decisionOf(act(w, 1, back));
    expect(find(decision, 'clock-reopened')).toMatchObject({
      clock: 'response',
      startedAt: START,
      dueAt: START + 4 * HOUR_MS,
    });
    expect(stoppedIn(decision)).toEqual(['next-step', 'outcome']);
  });

  test('a deal that went along with the lead goes back with it, and forth again where the way back is undone', () => {
    const w = passable();
    const { dealId } = handoffOf(w);
    const passing = doUndoable(w, did(asRep(ANA), PASS_ON));
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: BEN });
    expect(find(decisionOf(act(w, 1, passing)), 'deal-owned')).toEqual({ kind: 'deal-owned', dealId, ownerId: ANA });
    act(w, 1, did(asRep(ANA), PASS_ON));
    const returning = doUndoable(w, did(asRep(BEN), { do: 'hand-back', reason: 'busy' }));
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: ANA });
    expect(find(decisionOf(act(w, 1, returning)), 'deal-owned')).toEqual({ kind: 'deal-owned', dealId, ownerId: BEN });
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: BEN });
  });

  test('of two who accepted within one leg, the deal goes back to the first where the second one takes it back', () => {
    const accept = { by: 'rep', within: null, maxOffers: 3 } as const;
    const w = passable(accept);
    const CEM = 3;
    w.reps.set(CEM, rep(CEM, 'Cem'));
    w.members.set('inbound', [...(w.members.get('inbound') ?? []), { repId: CEM, weight: 100 }]);
    const { dealId } = handoffOf(w);
    act(w, 1, did(asRep(ANA), PASS_ON));
    act(w, 1, did(asRep(BEN), { do: 'accept' }));
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: BEN });
    act(w, 1, did(asRep(BEN), { do: 'reject', reason: 'wrong-owner', detail: null }));
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: CEM });
    const back = doUndoable(w, did(asRep(CEM), { do: 'accept' }));
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: CEM });
    expect(find(decisionOf(act(w, 1, back)), 'deal-owned')).toEqual({ kind: 'deal-owned', dealId, ownerId: BEN });
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: BEN });
    const handing = doUndoable(w, did(asRep(CEM), { do: 'hand-back', reason: 'busy' }));
    expect(w.companies.get(1)?.openDeal).toEqual({ dealId, ownerId: ANA });
    expect(find(decisionOf(act(w, 1, handing)), 'deal-owned')).toEqual({ kind: 'deal-owned', dealId, ownerId: BEN });
  });

  test('a lead that the act had opened is withdrawn again, and is no reason against the next one', () => {
    const w = known();
    const back = doUndoable(w, { kind: 'fast-tracked', by: MARKETING, intent: 'high', note: 'met at the fair' });
    act(w, 1, back);
    expect(stateOf(w)).toMatchObject({ handoff: null, last: null, stage: 'lead', ownerId: null });
    act(w, 1, event('Demo Requested', w.now));
    expect(handoffOf(w)).toMatchObject({ status: 'offered', episode: 2 });
  });

  test('after ten seconds, by somebody else, or after something else it is refused, with the sentence why', () => {
    const late = offered();
    const back = doUndoable(late, did(asRep(ANA), { do: 'accept' }));
    late.now += 10_001;
    expect(refusal(act(late, 1, back))).toBe('too-late');

    const w = offered();
    const mine = doUndoable(w, did(asRep(ANA), { do: 'accept' }));
    expect(refusal(act(w, 1, { ...mine, by: asRep(BEN) }))).toBe('not-yours');
    const raised = { outcome: 'raised' as const, say: 'more intent' };
    const refused = act(w, 1, { ...mine, later: raised });
    expect(refused).toMatchObject({ refusal: { code: 'overtaken', say: expect.stringContaining('was raised') } });
    w.now += MINUTE_MS;
    expect(refusal(act(w, 1, mine))).toBe('too-late');
  });
});

const stoppedIn = (decision: Decision): readonly string[] =>
  decision.changes.flatMap((change) => (change.kind === 'clock-stopped' ? [change.clock] : []));

describe('tasks', () => {
  const task = { id: 5, ownerId: ANA, type: 'call' };

  test('a task that is done stops no clock by itself; with a contact it does', () => {
    const w = accepted();
    const plain = decisionOf(act(w, 1, did(asRep(ANA), { do: 'complete-task', task, contact: null })));
    expect(kinds(plain)).toContain('task-done');
    expect(handoffOf(w).status).toBe('open');
    const contact = { channel: 'call', outcome: 'connected', note: null } as const;
    act(w, 1, did(asRep(ANA), { do: 'complete-task', task, contact }));
    expect(handoffOf(w)).toMatchObject({ status: 'working' });
    expect(stateOf(w).leadStatus).toBe('connected');
  });

  test('somebody else’s is theirs', () => {
    const w = accepted();
    expect(
      refusal(act(w, 1, did(asRep(BEN), { do: 'complete-task', task: { ...task, ownerId: BEN }, contact: null }))),
    ).toBe('not-yours');
    expect(
      refusal(act(w, 1, did(asRep(ANA), { do: 'complete-task', task: { ...task, ownerId: BEN }, contact: null }))),
    ).toBe('not-yours');
  });

  test('what is promised next becomes a task, and a cancelled meeting tells the owner and takes nothing back', () => {
    const w = accepted();
    const next = { type: 'email', title: null, dueAt: START + 9 * HOUR_MS };
    const logged = decisionOf(act(w, 1, did(asRep(ANA), { ...call('connected', w.now), next } as RepAct)));
    expect(find(logged, 'task-created')).toMatchObject({ type: 'email', title: 'Next step: email', dueAt: next.dueAt });
    const cancelled = decisionOf(
      act(
        w,
        1,
        did(SALES, {
          do: 'log-contact',
          channel: 'meeting',
          outcome: 'cancelled',
          note: null,
          at: w.now,
          source: 'Cal.com',
        }),
      ),
    );
    expect(cancelled.effects).toMatchObject([{ kind: 'notify-rep', repId: ANA }]);
    expect(cancelled.trace?.say).toContain('seen by Cal.com');
    expect(handoffOf(w).status).toBe('working');
  });
});
