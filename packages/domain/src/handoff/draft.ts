import type { Ledger, LedgerKey, LedgerStep, RepLoad } from '../assignment/assignment.ts';
import { applyStep } from '../assignment/ledger.ts';
import type { CompanyId, RepId } from '../kernel/ids.ts';
import { EVALUATOR_VERSION } from '../policy/compile.ts';
import type { Context, Need } from './context.ts';
import type { Change, Decided, DecisionOutcome, Effect, TimelineKind } from './decision.ts';
import type { Actor } from './input.ts';
import { ownerOf } from './ownerOf.ts';
import type { CompanyState, ContactState, OpenHandoff } from './state.ts';
import type { Trace } from './trace.ts';

/**
 * A decision while it is being taken: what a transition has changed so far. It lives inside one call of `decide` and is
 * the only thing there that changes in place; whoever calls `decide` sees values alone.
 */
export type Draft = {
  readonly context: Context;
  readonly by: Actor;
  state: ContactState;
  /** The contact's company under lock; null where it has none, or where the transition needed none. */
  company: CompanyState | null;
  companyChanged: boolean;
  readonly loads: Map<RepId, RepLoad>;
  readonly ledgers: Map<LedgerKey, Ledger>;
  readonly changes: Change[];
  readonly effects: Effect[];
};

/** Begins a decision about a contact. */
export const beginDraft = (state: ContactState, by: Actor, context: Context): Draft => ({
  context,
  by,
  state,
  company: state.companyId === null ? null : (context.companies.get(state.companyId) ?? null),
  companyChanged: false,
  loads: new Map(),
  ledgers: new Map(),
  changes: [],
  effects: [],
});

/** Ends a decision. */
export const finish = (draft: Draft, outcome: DecisionOutcome, trace: Trace | null): Decided => {
  const { context, state } = draft;
  return {
    kind: 'decided',
    decision: {
      id: context.decisionId,
      contactId: state.id,
      at: context.now,
      by: draft.by,
      outcome,
      policyHash: context.policy.hash,
      evaluatorVersion: EVALUATOR_VERSION,
      next: { ...state, decidedAt: Math.max(state.decidedAt, context.now) },
      company: draft.companyChanged ? draft.company : null,
      loads: draft.loads,
      changes: draft.changes,
      effects: draft.effects,
      trace: withZoneData(draft, trace),
    },
  };
};

/** What was promised can be told again only by the time zones of that day. */
const withZoneData = ({ context, changes }: Draft, trace: Trace | null): Trace | null => {
  const { zoneData } = context.people;
  if (trace === null || zoneData === undefined) return trace;
  return changes.some(({ kind }) => kind === 'clock-started') ? { ...trace, zoneData } : trace;
};

const POLICY: Actor = { kind: 'policy' };
const NO_LOADS: ReadonlyMap<RepId, RepLoad> = new Map();
const NO_CHANGES: readonly Change[] = [];
const NO_EFFECTS: readonly Effect[] = [];

/**
 * Nothing but what is known has changed, and at most when to look again (`changes`). The end of nearly every event, so it
 * is written without a draft and its maps and lists.
 */
export const unchanged = (state: ContactState, context: Context, changes: readonly Change[] = NO_CHANGES): Decided => ({
  kind: 'decided',
  decision: {
    id: context.decisionId,
    contactId: state.id,
    at: context.now,
    by: POLICY,
    outcome: 'observed',
    policyHash: context.policy.hash,
    evaluatorVersion: EVALUATOR_VERSION,
    next: { ...state, decidedAt: Math.max(state.decidedAt, context.now) },
    company: null,
    loads: NO_LOADS,
    changes,
    effects: NO_EFFECTS,
    trace: null,
  },
});

/** The reasons of a decision that needed no evaluation. */
export const plainTrace = (transition: string, say: string): Trace => ({
  evaluation: null,
  assignment: null,
  transition,
  say,
  otherwise: [],
});

/** An input that changes nothing, with the reason: recorded, never dropped. */
export const ignore = (state: ContactState, by: Actor, context: Context, transition: string, say: string): Decided =>
  finish(beginDraft(state, by, context), 'ignored', plainTrace(transition, say));

/** An act that may not be done. Nothing is recorded; the actor gets the sentence. */
export const refuse = (code: string, say: string, by: RepId | null = null): Decided => ({
  kind: 'refused',
  refusal: { code, say, by },
});

/** Says what must be locked and loaded before the decision can be taken. */
export const need = (...needs: readonly Need[]): Decided => ({ kind: 'needs', needs });

/** The company's need, where the contact has one that is not loaded yet; else null. */
export const needCompany = (state: ContactState, context: Context): Decided | null =>
  state.companyId === null || context.companies.has(state.companyId)
    ? null
    : need({ kind: 'company', companyId: state.companyId });

/** Changes the company, if there is one. */
export const changeCompany = (
  draft: Draft,
  change: Partial<Omit<CompanyState, 'id'>>,
): { readonly id: CompanyId } | null => {
  if (draft.company === null) return null;
  draft.company = { ...draft.company, ...change };
  draft.companyChanged = true;
  return draft.company;
};

/** Writes on the contact's timeline. Sentences name reps and reasons, never the contact: those texts outlive an erasure. */
export const note = (draft: Draft, entry: TimelineKind, say: string): void => {
  draft.changes.push({ kind: 'timeline', entry, handoffId: draft.state.handoff?.id ?? null, say });
};

/** Records a ledger's step and moves the ledger on. */
export const recordStep = (draft: Draft, handoffId: number, step: LedgerStep): void => {
  draft.changes.push({ kind: 'ledger-step', handoffId, step });
  const ledger = ledgerOf(draft, step.key);
  if (ledger !== undefined) draft.ledgers.set(step.key, applyStep(ledger, step));
};

/** The ledger as this decision has it so far; undefined: not loaded. */
export const ledgerOf = (draft: Draft, key: LedgerKey): Ledger | undefined =>
  draft.ledgers.get(key) ?? draft.context.ledgers.get(key);

/** The contact's open handoff as the company sees it, kept in step with it. */
export const putHandoff = (draft: Draft, handoff: OpenHandoff): void => {
  draft.state = { ...draft.state, handoff };
  const { company } = draft;
  // Only the group's own handoff stands for the company; where companies don't group, the first open one does.
  const leads = company !== null && (company.openHandoff === null || company.openHandoff.contactId === draft.state.id);
  if (leads)
    changeCompany(draft, {
      openHandoff: {
        handoffId: handoff.id,
        groupId: handoff.groupId,
        contactId: draft.state.id,
        ownerId: ownerOf(handoff),
        queueId: handoff.status === 'queued' ? handoff.queueId : null,
        teamId: handoff.teamId,
        status: handoff.status,
        dealId: handoff.dealId,
      },
    });
  const openedNow = handoff.id === draft.context.decisionId;
  if (!openedNow)
    draft.changes.push({ kind: 'handoff-changed', handoffId: handoff.id, status: handoff.status, reason: null });
};

/** The name by which people know a rep. */
export const nameOf = (draft: Draft, repId: RepId): string =>
  draft.context.people.reps.get(repId)?.name ?? `rep ${repId}`;

/** Tells the other contacts of the group, where this handoff leads one. */
export const tellMembers = (draft: Draft, ended: Extract<Change, { kind: 'members-follow' }>['input']): void => {
  const groupId = ended.kind === 'group-changed' ? ended.groupId : null;
  if (groupId !== null && draft.state.companyId !== null)
    draft.changes.push({ kind: 'members-follow', groupId, input: ended });
};
