/** Worlds and words for tests of single transitions: Ana's turn comes first, Ben's second; contact 1 is Ada of company 1. */
import type { RepId } from '../kernel/ids.ts';
import { HOUR_MS } from '../kernel/time.ts';
import type { Change, Decided, Decision } from './decision.ts';
import { compiled, inboundDocument } from './inboundFixture.ts';
import type { Actor, Input, RepAct } from './input.ts';
import type { ContactState, OpenHandoff } from './state.ts';
import { act, addContact, event, newWorld, rep, type World } from './worldFixture.ts';

export const ANA = 1;
export const BEN = 2;
export const asRep = (id: RepId): Actor => ({ kind: 'rep', id });
export const SALES: Actor = { kind: 'person', name: 'Mia', team: 'sales' };
export const MARKETING: Actor = { kind: 'person', name: 'Max', team: 'marketing' };
export const did = (by: Actor, what: RepAct): Input => ({ kind: 'rep-acted', by, act: what });
export const call = (outcome: 'connected' | 'voicemail' | 'bounced', at: number): RepAct => ({
  do: 'log-contact',
  channel: 'call',
  outcome,
  note: null,
  at,
});

export const world = (document = inboundDocument): World =>
  newWorld(compiled(document), [rep(ANA, 'Ana'), rep(BEN, 'Ben'), rep(9, 'Mia', { selling: false })], {
    inbound: [ANA, BEN],
  });

/** A world in which contact 1 of company 1 has asked for a demo and was offered to Ana. */
export const offered = (document = inboundDocument): World => {
  const w = world(document);
  addContact(w, 1, 1, { 'contact.name': 'Ada Lovelace', 'contact.phone': '+49 30 1' });
  act(w, 1, event('Demo Requested', w.now));
  return w;
};
export const accepted = (): World => {
  const w = offered();
  act(w, 1, did(asRep(ANA), { do: 'accept' }));
  return w;
};
export const working = (): World => {
  const w = accepted();
  w.now += HOUR_MS;
  act(w, 1, did(asRep(ANA), call('voicemail', w.now)));
  return w;
};

export const stateOf = (w: World, id = 1): ContactState => w.contacts.get(id) as ContactState;
export const handoffOf = (w: World, id = 1): OpenHandoff => stateOf(w, id).handoff as OpenHandoff;
export const ownerOf = (w: World, id = 1): RepId | null => {
  const handoff = handoffOf(w, id);
  return handoff.status === 'queued' ? null : handoff.ownerId;
};
export const decisionOf = (decided: Decided): Decision => {
  if (decided.kind !== 'decided') throw new Error(`not decided: ${JSON.stringify(decided)}`);
  return decided.decision;
};
export const kinds = (decision: Decision): readonly string[] => decision.changes.map((change) => change.kind);
export const find = <K extends Change['kind']>(decision: Decision, kind: K): Extract<Change, { kind: K }> =>
  decision.changes.find((change) => change.kind === kind) as Extract<Change, { kind: K }>;
export const refusal = (decided: Decided): string => (decided.kind === 'refused' ? decided.refusal.code : decided.kind);

export const known = (): World => {
  const w = world();
  addContact(w, 1, 1);
  return w;
};
