import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import { actionsFor, whyNot } from '../actions.ts';
import {
  ANA,
  accepted,
  asRep,
  BEN,
  call,
  decisionOf,
  did,
  handoffOf,
  kinds,
  known,
  MARKETING,
  offered,
  ownerOf,
  refusal,
  SALES,
  stateOf,
  working,
  world,
} from '../givenFixture.ts';
import type { Input, RepAct } from '../input.ts';
import { act, addContact, event, peopleOf, rep, START } from '../worldFixture.ts';

describe('people', () => {
  test('a manager gives it to somebody by hand, uncharged; the clock keeps its due instant', () => {
    const w = offered();
    w.now += HOUR_MS;
    act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: BEN } });
    expect(handoffOf(w)).toMatchObject({ status: 'offered', ownerId: BEN, response: { dueAt: START + 4 * HOUR_MS } });
    expect(w.steps).toHaveLength(1);
    expect(refusal(act(w, 1, { kind: 'manager-acted', by: MARKETING, act: { do: 'assign', to: ANA } }))).toBe(
      'not-sales',
    );
    expect(refusal(act(w, 1, { kind: 'manager-acted', by: SALES, act: { do: 'assign', to: 9 } }))).toBe('not-selling');
  });

  test('a full rep gets no more, with the reason', () => {
    const w = world();
    w.reps.set(ANA, rep(ANA, 'Ana', { caps: { open: 1 } }));
    for (let id = 1; id <= 3; id++) {
      addContact(w, id, id);
      act(w, id, event('Demo Requested', w.now));
    }
    expect([1, 2, 3].map((id) => ownerOf(w, id))).toEqual([ANA, BEN, BEN]);
    expect(w.steps[2]?.excluded).toEqual([{ repId: ANA, code: 'cap-open', say: 'Ana has 1 of at most 1 open leads' }]);
  });

  test('marketing fast-tracks with a note, as its own criterion', () => {
    const w = world();
    addContact(w, 1, 1);
    const input = (note: string): Input => ({ kind: 'fast-tracked', by: MARKETING, intent: 'high', note });
    expect(refusal(act(w, 1, input(' ')))).toBe('note-needed');
    act(w, 1, input('met at the fair'));
    expect(handoffOf(w)).toMatchObject({
      kind: 'fast-track',
      ruleId: 'fast-track',
      reason: 'named by marketing: met at the fair',
    });
  });

  test('a rep’s own lead is theirs at once, without rotation, and is no MQL', () => {
    const w = world();
    addContact(w, 1, 1);
    const decision = decisionOf(act(w, 1, { kind: 'fast-tracked', by: asRep(BEN), intent: 'standard', note: '' }));
    expect(handoffOf(w)).toMatchObject({ kind: 'own', status: 'open', ownerId: BEN });
    expect(stateOf(w).stage).toBe('sql');
    expect(kinds(decision)).not.toContain('qualified');
    expect(decision.changes.filter((change) => change.kind === 'stage-entered').map((change) => change.to)).toEqual([
      'sql',
    ]);
  });

  test('the action table says why not: whose it is, what there is not, of which team one must be', () => {
    const people = peopleOf(world());
    expect(whyNot('accept', stateOf(offered()), asRep(BEN), people)).toEqual({
      code: 'not-yours',
      say: 'Accept: it is Ana’s',
      by: ANA,
    });
    expect(whyNot('park', stateOf(offered()), asRep(ANA), people)).toBeNull();
    expect(whyNot('reject', stateOf(known()), SALES, people)?.code).toBe('no-open-handoff');
    expect(whyNot('fast-track', stateOf(known()), SALES, people)?.code).toBe('not-marketing');
  });

  test('a queue of a team is claimed from by its members, its manager and those who were offered it; one that is no team’s by all who sell', () => {
    const w = world();
    const [CEM, DOT, EVE] = [21, 22, 23];
    for (const id of [CEM, DOT, EVE]) w.reps.set(id, rep(id, `Rep ${id}`));
    w.teams.set('inbound', { name: 'Inbound', managerId: CEM });
    w.members.set('inbound', []);
    addContact(w, 1, 1);
    act(w, 1, event('Demo Requested', w.now));
    const people = peopleOf({ ...w, members: new Map([['inbound', [{ repId: ANA, weight: 100 }]]]) });
    const waiting = handoffOf(w);
    if (waiting.status !== 'queued') throw new Error('expected it to wait in a queue');
    const why = (repId: number, handoff = waiting) =>
      whyNot('claim', { ...stateOf(w), handoff }, asRep(repId), people)?.say ?? null;
    expect(waiting.queueId).toBe('triage');
    expect([ANA, BEN, CEM, DOT].map((id) => why(id))).toEqual([null, null, null, null]);
    expect(why(9)).toBe('Claim: only an active rep who takes leads can');

    const inTeam = { ...waiting, queueId: 'inbound' };
    const no = 'Claim: it waits in the queue of Inbound, and only who is in that team can';
    expect([ANA, CEM, BEN, DOT].map((id) => why(id, inTeam))).toEqual([null, null, no, no]);
    expect(why(DOT, { ...inTeam, offeredTo: [DOT, EVE] })).toBeNull();
    w.contacts.set(1, { ...stateOf(w), handoff: inTeam });
    expect(refusal(act(w, 1, did(asRep(BEN), { do: 'claim' }), { people }))).toBe('not-in-team');
    act(w, 1, did(asRep(ANA), { do: 'claim' }), { people });
    expect(handoffOf(w)).toMatchObject({ status: 'open', ownerId: ANA });
  });

  test('the list of actions agrees with what the transitions do: what it allows is not refused for its state or actor', () => {
    const acts: { [action: string]: RepAct } = {
      accept: { do: 'accept' },
      claim: { do: 'claim' },
      'log-contact': call('connected', START),
      reject: { do: 'reject', reason: 'no-intent', detail: null },
      park: { do: 'park', until: START + 9 * DAY_MS, note: null },
      'hand-back': { do: 'hand-back', reason: 'busy' },
      'set-status': { do: 'set-status', status: 'in-progress', reason: null, until: null },
    };
    for (const make of [known, offered, accepted, working]) {
      for (const by of [asRep(ANA), asRep(BEN), SALES, MARKETING])
        for (const { action, refusal: why } of actionsFor(stateOf(make()), by, peopleOf(make()))) {
          const what = acts[action];
          if (what === undefined) continue;
          expect([action, refusal(act(make(), 1, did(by, what)))]).toEqual([
            action,
            why === null ? 'decided' : why.code,
          ]);
        }
    }
  });
});
