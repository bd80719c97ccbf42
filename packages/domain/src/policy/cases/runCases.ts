/**
 * Runs cases through the same `decide` that live intake calls, in a world of one contact that is kept in memory. It is
 * handed in, since it reads policies itself.
 */
import type { Ledger, LedgerKey, People, Rep, RepLoad } from '../../assignment/assignment.ts';
import { applyStep, emptyLedger } from '../../assignment/ledger.ts';
import type { FactClaim, FactValue } from '../../facts/fact.ts';
import { foldCompanyFacts } from '../../facts/foldFacts.ts';
import type { Context, Need } from '../../handoff/context.ts';
import type { Decided, Decision } from '../../handoff/decision.ts';
import type { Actor, Input, ObservedEvent, RepAct } from '../../handoff/input.ts';
import { type CompanyState, type ContactState, newContact } from '../../handoff/state.ts';
import { subjectOf } from '../../handoff/subject.ts';
import { assertNever } from '../../kernel/assertNever.ts';
import type { RepId } from '../../kernel/ids.ts';
import type { JsonValue } from '../../kernel/json.ts';
import type { Instant } from '../../kernel/time.ts';
import { LIFECYCLE_STAGES } from '../../lifecycle/stage.ts';
import type { CompiledPolicy } from '../compiled.ts';
import { evaluate } from '../evaluate.ts';
import type { CaseFile, CaseStep, PolicyCase } from './caseFile.ts';
import { type CaseOutcome, EXPECTATIONS } from './expectations.ts';

export type Decide = (state: ContactState, input: Input, context: Context) => Decided;

/** One thing that came out otherwise than expected. */
export type Deviation = { readonly what: string; readonly expected: JsonValue; readonly actual: JsonValue };

export type CaseResult = { readonly say: string; readonly deviations: readonly Deviation[] };

/** Runs every case by itself, each beginning with empty ledgers. Linear in the steps. */
export const runCases = (file: CaseFile, policy: CompiledPolicy, decide: Decide): readonly CaseResult[] =>
  file.cases.map((one) => {
    const outcome = runCase(one, file, policy, decide);
    const deviations = Object.entries(one.expect).flatMap(([what, expected]): readonly Deviation[] => {
      const actual = EXPECTATIONS[what]?.(outcome) ?? null;
      return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [{ what, expected, actual }];
    });
    return { say: one.say, deviations };
  });

const NO_LOAD: RepLoad = { today: 0, thisWeek: 0, open: 0 };
const COMPANY_ID = 1;

const runCase = (one: PolicyCase, file: CaseFile, policy: CompiledPolicy, decide: Decide): CaseOutcome => {
  const people = peopleOf(file);
  const repNamed = (name: FactValue): RepId | null =>
    [...people.reps.values()].find((rep) => rep.name === name)?.id ?? null;
  const begin = Math.min(file.now, ...one.steps.map((step) => step.at)) - 1;
  const world = new World(policy, people, decide, firstState(one, begin, repNamed), firstCompany(one, begin, repNamed));
  world.take({ kind: 'event-observed', event: eventOf('identify', begin, 0, one.contact) }, begin);
  for (const [index, step] of one.steps.entries()) world.take(inputOf(step, index + 1, repNamed), step.at);
  return {
    state: world.state,
    decisions: world.decisions,
    refused: world.refused,
    evaluation: evaluate(policy, subjectOf(world.state, world.context(file.now), world.company), file.now),
    nameOf: (rep) => people.reps.get(rep)?.name ?? `rep ${rep}`,
  };
};

/** One contact, its company, ledgers and loads; does for a case what the shell does with rows and locks. */
class World {
  state: ContactState;
  company: CompanyState | null;
  readonly decisions: Decision[] = [];
  readonly refused: string[] = [];
  readonly #policy: CompiledPolicy;
  readonly #people: People;
  readonly #decide: Decide;
  readonly #ledgers = new Map<LedgerKey, Ledger>();
  readonly #loads = new Map<RepId, RepLoad>();

  constructor(
    policy: CompiledPolicy,
    people: People,
    decide: Decide,
    state: ContactState,
    company: CompanyState | null,
  ) {
    this.#policy = policy;
    this.#people = people;
    this.#decide = decide;
    this.state = state;
    this.company = company;
  }

  context(now: Instant, loaded: Pick<Context, 'companies' | 'ledgers' | 'loads'> = NOTHING): Context {
    return {
      now,
      decisionId: this.decisions.length + this.refused.length + 1,
      policy: this.#policy,
      people: this.#people,
      companyFacts: this.company?.facts ?? null,
      ...loaded,
      handsOff: true,
      tells: true,
    };
  }

  take(input: Input, now: Instant): void {
    const loaded = {
      companies: new Map<number, CompanyState>(),
      ledgers: new Map<LedgerKey, Ledger>(),
      loads: new Map<RepId, RepLoad>(),
    };
    // Each answer loads something new, and there is little to load: a handful of rounds, or something asks in a circle.
    for (let round = 0; round < 16; round += 1) {
      const decided = this.#decide(this.state, input, this.context(now, loaded));
      if (decided.kind === 'needs') {
        for (const need of decided.needs) this.#load(need, loaded);
        continue;
      }
      if (decided.kind === 'refused') this.refused.push(decided.refusal.code);
      else this.#apply(decided.decision);
      return;
    }
    throw new Error('a decision keeps asking for what it was given');
  }

  #load(
    need: Need,
    loaded: { companies: Map<number, CompanyState>; ledgers: Map<LedgerKey, Ledger>; loads: Map<RepId, RepLoad> },
  ): void {
    switch (need.kind) {
      case 'company':
        if (this.company !== null) loaded.companies.set(this.company.id, this.company);
        return;
      case 'ledger':
        loaded.ledgers.set(need.key, this.#ledgers.get(need.key) ?? emptyLedger(need.key));
        for (const rep of need.reps) loaded.loads.set(rep, this.#loads.get(rep) ?? NO_LOAD);
        return;
      case 'loads':
        for (const rep of need.reps) loaded.loads.set(rep, this.#loads.get(rep) ?? NO_LOAD);
        return;
      default:
        assertNever(need);
    }
  }

  #apply(decision: Decision): void {
    this.state = decision.next;
    this.company = decision.company ?? this.company;
    for (const [rep, load] of decision.loads) this.#loads.set(rep, load);
    for (const change of decision.changes)
      if (change.kind === 'ledger-step') {
        const { step } = change;
        this.#ledgers.set(step.key, applyStep(this.#ledgers.get(step.key) ?? emptyLedger(step.key), step));
      }
    this.decisions.push(decision);
  }
}

const NOTHING: Pick<Context, 'companies' | 'ledgers' | 'loads'> = {
  companies: new Map(),
  ledgers: new Map(),
  loads: new Map(),
};

const peopleOf = (file: CaseFile): People => {
  const reps = file.reps.map(({ name, active, selling }, index): Rep => {
    return { id: index + 1, name, email: `${index + 1}@example.com`, active, selling, caps: {} };
  });
  const members = (names: readonly string[]) =>
    reps.filter((rep) => names.includes(rep.name)).map((rep) => ({ repId: rep.id, weight: 100 }));
  return {
    reps: new Map(reps.map((rep) => [rep.id, rep])),
    teams: new Map(Object.entries(file.teams).map(([id, names]) => [id, { id, name: id, members: members(names) }])),
  };
};

type RepNamed = (name: FactValue) => RepId | null;

const stageNamed = (value: FactValue | undefined) => LIFECYCLE_STAGES.find((stage) => stage === value) ?? null;

const firstState = (one: PolicyCase, at: Instant, repNamed: RepNamed): ContactState => {
  const touch = one.source === null ? null : { at, key: 'source', source: one.source };
  return {
    ...newContact(1, one.company === null ? null : COMPANY_ID),
    touches: { first: touch, latest: touch },
    stage: stageNamed(one.contact['contact.lifecycle']),
    ownerId: repNamed(one.contact['contact.owner'] ?? null),
  };
};

const firstCompany = (one: PolicyCase, at: Instant, repNamed: RepNamed): CompanyState | null => {
  if (one.company === null) return null;
  const origin = { trust: 'server', effectiveAt: at, source: 'case', key: 'company' } as const;
  return {
    id: COMPANY_ID,
    facts: foldCompanyFacts({}, claimsOf(one.company), origin),
    stage: stageNamed(one.company['company.lifecycle']),
    ownerId: repNamed(one.company['company.owner'] ?? null),
    openHandoff: null,
    openDeal: null,
  };
};

/** Records that Baton keeps itself are set on the state, not claimed. */
const OWN_RECORDS = new Set(['contact.owner', 'contact.lifecycle', 'company.owner', 'company.lifecycle']);

const claimsOf = (facts: { readonly [path: string]: FactValue }): readonly FactClaim[] =>
  Object.entries(facts)
    .filter(([path]) => !OWN_RECORDS.has(path))
    .map(([path, value]) => ({ path, value }));

const EVENT_TYPES = ['page', 'screen', 'identify', 'group', 'alias'] as const;

const eventOf = (
  name: string,
  at: Instant,
  index: number,
  facts: { readonly [path: string]: FactValue },
): ObservedEvent => ({
  key: `case-${String(index).padStart(4, '0')}`,
  type: EVENT_TYPES.find((type) => type === name) ?? 'track',
  name,
  effectiveAt: at,
  trust: 'server',
  source: 'case',
  properties: {},
  claims: claimsOf(facts),
  touch: null,
  marks: [],
});

const inputOf = (step: CaseStep, index: number, repNamed: RepNamed): Input => {
  const actor = (name: string): Actor => {
    const id = repNamed(name);
    return id === null ? { kind: 'person', name, team: 'sales' } : { kind: 'rep', id };
  };
  const act = (by: string, what: RepAct): Input => ({ kind: 'rep-acted', by: actor(by), act: what });
  switch (step.kind) {
    case 'event': {
      const { trust, properties, marks } = step;
      return {
        kind: 'event-observed',
        event: { ...eventOf(step.name, step.at, index, step.facts), trust, properties, marks },
      };
    }
    case 'fast-track':
      return {
        kind: 'fast-tracked',
        by: { kind: 'person', name: 'marketing', team: 'marketing' },
        intent: step.intent,
        note: step.note,
      };
    case 'accept':
      return act(step.by, { do: 'accept' });
    case 'reject':
      return act(step.by, { do: 'reject', reason: step.reason, detail: null });
    case 'log-contact':
      return act(step.by, { do: 'log-contact', channel: 'call', outcome: step.outcome, note: null, at: step.at });
    default:
      return assertNever(step);
  }
};
