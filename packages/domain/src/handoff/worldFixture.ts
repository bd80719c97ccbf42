/**
 * A small world for tests: contacts, companies, ledgers and people in memory, and a shell that does with decisions what
 * the real one does in a transaction. Read `act` to see in which order the parts of a decision are to be applied.
 */
import type {
  Ledger,
  LedgerKey,
  LedgerStep,
  People,
  Rep,
  RepLoad,
  Team,
  TeamMember,
} from '../assignment/assignment.ts';
import { applyStep, emptyLedger } from '../assignment/ledger.ts';
import type { FactClaim, Facts, FactValue } from '../facts/fact.ts';
import type { CompanyId, ContactId, RepId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Context } from './context.ts';
import { decide } from './decide.ts';
import type { Decided, Decision } from './decision.ts';
import type { Input, ObservedEvent } from './input.ts';
import { type CompanyState, type ContactState, newContact } from './state.ts';

export type World = {
  policy: CompiledPolicy;
  now: Instant;
  nextDecisionId: number;
  readonly reps: Map<RepId, Rep>;
  readonly members: Map<string, readonly TeamMember[]>;
  /** What teams have besides their members. */
  readonly teams: Map<string, Partial<Team>>;
  readonly contacts: Map<ContactId, ContactState>;
  readonly companies: Map<CompanyId, CompanyState>;
  readonly ledgers: Map<LedgerKey, Ledger>;
  readonly steps: LedgerStep[];
  readonly decisions: Decision[];
};

export const START: Instant = 1_767_571_200_000;

export const rep = (id: RepId, name: string, more: Partial<Rep> = {}): Rep => ({
  id,
  name,
  email: `${name.toLowerCase()}@sales.example`,
  active: true,
  selling: true,
  caps: {},
  ...more,
});

export const newWorld = (
  policy: CompiledPolicy,
  reps: readonly Rep[],
  teams: { [team: string]: readonly RepId[] },
): World => ({
  policy,
  now: START,
  nextDecisionId: 1,
  reps: new Map(reps.map((one) => [one.id, one])),
  members: new Map(Object.entries(teams).map(([id, ids]) => [id, ids.map((repId) => ({ repId, weight: 100 }))])),
  teams: new Map(),
  contacts: new Map(),
  companies: new Map(),
  ledgers: new Map(),
  steps: [],
  decisions: [],
});

export const peopleOf = (world: World): People => ({
  reps: world.reps,
  teams: new Map([...world.members].map(([id, members]) => [id, { id, name: id, members, ...world.teams.get(id) }])),
});

/** Facts as a trusted source told them at the start. */
export const factsOf = (values: { readonly [path: string]: FactValue }, at = START): Facts =>
  Object.fromEntries(
    Object.entries(values).map(([path, value]) => [
      path,
      { value, trust: 'server' as const, at, source: 'test', key: `f-${path}` },
    ]),
  );

export const addContact = (
  world: World,
  id: ContactId,
  companyId: CompanyId | null,
  facts: { [path: string]: FactValue } = {},
) => {
  if (companyId !== null && !world.companies.has(companyId)) addCompany(world, companyId);
  world.contacts.set(id, {
    ...newContact(id, companyId),
    facts: factsOf({ 'contact.email': `c${id}@firm.example`, ...facts }),
  });
};

export const addCompany = (world: World, id: CompanyId, more: Partial<CompanyState> = {}): void => {
  world.companies.set(id, {
    id,
    facts: factsOf({ 'company.name': `Firm ${id}` }),
    stage: null,
    ownerId: null,
    openHandoff: null,
    openDeal: null,
    ...more,
  });
};

let eventCount = 0;
export const event = (name: string, at: Instant, more: Partial<ObservedEvent> = {}): Input => ({
  kind: 'event-observed',
  event: {
    key: `e${eventCount++}`,
    type: name === 'page' ? 'page' : 'track',
    name,
    effectiveAt: at,
    trust: 'server',
    source: 'test',
    properties: {},
    claims: [] as FactClaim[],
    touch: null,
    marks: [],
    ...more,
  },
});

/** The context as the shell loads it: nothing costly until it is asked for. */
export const contextOf = (world: World, state: ContactState, more: Partial<Context> = {}): Context => ({
  now: world.now,
  decisionId: world.nextDecisionId,
  policy: world.policy,
  people: peopleOf(world),
  companyFacts: state.companyId === null ? null : (world.companies.get(state.companyId)?.facts ?? null),
  companies: new Map(),
  ledgers: new Map(),
  loads: new Map(),
  handsOff: true,
  tells: true,
  ...more,
});

/** Asks for a decision until all that it needs is loaded. */
export const ask = (
  world: World,
  state: ContactState,
  input: Input,
  more: Partial<Context> = {},
): Exclude<Decided, { kind: 'needs' }> => {
  const companies = new Map<CompanyId, CompanyState>();
  const ledgers = new Map<LedgerKey, Ledger>();
  const loads = new Map<RepId, RepLoad>();
  for (let round = 0; round < 8; round++) {
    const decided = decide(state, input, contextOf(world, state, { companies, ledgers, loads, ...more }));
    if (decided.kind !== 'needs') return decided;
    for (const need of decided.needs) {
      if (need.kind === 'company') companies.set(need.companyId, world.companies.get(need.companyId) as CompanyState);
      else if (need.kind === 'ledger') ledgers.set(need.key, world.ledgers.get(need.key) ?? emptyLedger(need.key));
      else for (const repId of need.reps) loads.set(repId, loadOf(world, repId));
    }
  }
  throw new Error('the decision asks without end');
};

const loadOf = (world: World, repId: RepId): RepLoad => {
  const owned = [...world.contacts.values()].filter(
    ({ handoff }) => handoff !== null && handoff.status !== 'queued' && handoff.ownerId === repId,
  );
  const given = world.decisions.filter((one) =>
    one.changes.some((change) => change.kind === 'handoff-opened' && change.ownerId === repId),
  ).length;
  return { today: given, thisWeek: given, open: owned.length };
};

/** Decides and writes: contact, company, ledger steps, then the members that follow. Answers what was decided. */
export const act = (
  world: World,
  contactId: ContactId,
  input: Input,
  more: Partial<Context> = {},
): Exclude<Decided, { kind: 'needs' }> => {
  const state = world.contacts.get(contactId) as ContactState;
  const decided = ask(world, state, input, more);
  if (decided.kind === 'refused') return decided;
  const { decision } = decided;
  world.nextDecisionId++;
  world.decisions.push(decision);
  world.contacts.set(contactId, decision.next);
  if (decision.company !== null) world.companies.set(decision.company.id, decision.company);
  for (const change of decision.changes) {
    if (change.kind !== 'ledger-step') continue;
    const { step } = change;
    world.steps.push(step);
    world.ledgers.set(step.key, applyStep(world.ledgers.get(step.key) ?? emptyLedger(step.key), step));
  }
  if (input.kind === 'merged') world.contacts.delete(input.loser.id);
  for (const change of decision.changes) {
    if (change.kind !== 'members-follow') continue;
    const members = [...world.contacts.values()].filter((one) => one.group?.groupId === change.groupId);
    for (const member of members) act(world, member.id, change.input, more);
  }
  return decided;
};
