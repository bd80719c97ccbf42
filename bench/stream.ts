/**
 * `decide` over a stream in memory: a thousand contacts, one event in fifty asks for a demo and is handed off with its
 * trace, ledger step, task and deal; what a decision asks for is loaded as the server would, from maps. And the ledger
 * alone: picks of one team of twenty.
 */
import type { Ledger, LedgerKey, LedgerStep, Rep } from '@baton/domain/assignment/assignment.ts';
import { applyStep, assignLead, emptyLedger } from '@baton/domain/assignment/ledger.ts';
import { restoreLedger } from '@baton/domain/assignment/ledgerRow.ts';
import type { Context } from '@baton/domain/handoff/context.ts';
import { decide } from '@baton/domain/handoff/decide.ts';
import { inboundDocument } from '@baton/domain/handoff/inboundFixture.ts';
import type { ObservedEvent } from '@baton/domain/handoff/input.ts';
import { type ContactState, newContact } from '@baton/domain/handoff/state.ts';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import { NOW } from './corePolicy.ts';
import { cpuMicrosEach } from './measure.ts';
import { atLeast, type Bench, row, stated } from './row.ts';

const CONTACTS = 1_000;
const policy = compilePolicy(inboundDocument, 'bench', new Map());
const reps: readonly Rep[] = Array.from({ length: 20 }, (_, index) => ({
  id: index + 1,
  name: `Rep ${index + 1}`,
  email: `rep${index + 1}@sales.example`,
  active: true,
  selling: true,
  caps: {},
}));
const members = reps.map(({ id }) => ({ repId: id, weight: 100 }));
const people: Context['people'] = {
  reps: new Map(reps.map((rep) => [rep.id, rep])),
  teams: new Map([['inbound', { id: 'inbound', name: 'Inbound', members }]]),
};

const freshContact = (id: number): ContactState => ({
  ...newContact(id),
  facts: {
    'contact.email': { value: `c${id}@firm.example`, trust: 'form', at: NOW - 9, source: 'form', key: 'f1' },
    'contact.phone': { value: '+49 30 123', trust: 'form', at: NOW - 9, source: 'form', key: 'f2' },
    'contact.title': { value: 'Analyst', trust: 'form', at: NOW - 9, source: 'form', key: 'f3' },
  },
});

const eventOf = (index: number): ObservedEvent => {
  const asks = index % 50 === 49;
  return {
    key: `m${index}`,
    type: asks ? 'track' : 'page',
    name: asks ? 'Demo Requested' : 'page',
    effectiveAt: NOW + index,
    trust: asks ? 'form' : 'browser',
    source: 'site',
    properties: { path: '/pricing' },
    claims: asks ? [{ path: 'contact.country', value: 'DE' }] : [],
    touch: null,
    marks: [],
  };
};

/** Decides `times` events and answers how many were handed off; a contact that was handed off begins anew. */
export const decideStream = (times: number): number => {
  const contacts = Array.from({ length: CONTACTS }, (_, index) => freshContact(index));
  const ledgers = new Map<LedgerKey, Ledger>();
  let handedOff = 0;
  for (let index = 0; index < times; index += 1) {
    const id = (index * 7) % CONTACTS;
    const event = eventOf(index);
    const loaded = new Map<LedgerKey, Ledger>();
    const context: Context = {
      now: event.effectiveAt,
      decisionId: index + 1,
      policy,
      people,
      companyFacts: null,
      companies: new Map(),
      ledgers: loaded,
      loads: new Map(),
      handsOff: true,
      tells: true,
    };
    const state = contacts[id] as ContactState;
    let decided = decide(state, { kind: 'event-observed', event }, context);
    while (decided.kind === 'needs') {
      for (const need of decided.needs) {
        if (need.kind !== 'ledger') throw new Error(`the bench has no ${need.kind}`);
        loaded.set(need.key, ledgers.get(need.key) ?? emptyLedger(need.key));
      }
      decided = decide(state, { kind: 'event-observed', event }, context);
    }
    if (decided.kind === 'refused') throw new Error(decided.refusal.say);
    for (const change of decided.decision.changes)
      if (change.kind === 'ledger-step')
        ledgers.set(
          change.step.key,
          applyStep(ledgers.get(change.step.key) ?? emptyLedger(change.step.key), change.step),
        );
    const { next } = decided.decision;
    if (next.handoff !== null) handedOff += 1;
    contacts[id] = next.handoff === null ? next : freshContact(id);
  }
  return handedOff;
};

/** Gives `times` leads to a team of twenty and answers the last step; every step is traced and applied. */
export const pickStream = (times: number): LedgerStep | null => {
  let ledger = restoreLedger({ key: 'inbound/high', seq: 0, balances: {}, lastWon: {} });
  let last: LedgerStep | null = null;
  for (let index = 0; index < times; index += 1) {
    last = assignLead(ledger, members, [], NOW + index);
    if (last === null) throw new Error('nobody was eligible');
    ledger = applyStep(ledger, last);
  }
  return last;
};

const PICKS_GOAL = 500_000;

/** How many events a core decides in a second, handoffs included; stated, no goal of its own. */
export const benchDecide: Bench = async (note) => {
  note(`one event in 50 qualifies: ${decideStream(50_000)} of 50,000 were handed off`);
  const micros =
    (await cpuMicrosEach([{ name: 'decide', times: 20_000, run: decideStream }])).get('decide') ?? Number.NaN;
  return [stated({ bench: 'decide', value: Math.round(1e6 / micros), unit: 'events/s of one core' })];
};

/** How many leads a core gives out in a second, each step traced and applied. */
export const benchLedger: Bench = async () => {
  const micros = (await cpuMicrosEach([{ name: 'pick', times: 50_000, run: pickStream }])).get('pick') ?? Number.NaN;
  const rate = 1e6 / micros;
  const measured = { bench: 'ledger', value: Math.round(rate), unit: 'picks/s of one core, team of 20' };
  return [row({ ...measured, against: `${PICKS_GOAL} picks/s`, ratio: rate / PICKS_GOAL }, atLeast(1))];
};
