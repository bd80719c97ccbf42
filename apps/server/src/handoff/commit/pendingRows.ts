/**
 * What one transaction is going to write, gathered while it decides and flushed once: appended rows by COPY, changed ones
 * set-wise by `update ... from unnest`. A row that was made and changed within the same transaction is written once, as it
 * ended up.
 */
import type { Ledger, LedgerKey } from '@baton/domain/assignment/assignment.ts';
import type { ClockKind, DecisionOutcome } from '@baton/domain/handoff/decision.ts';
import type { CompanyState, ContactState, HandoffStatus, Hold, OpenHandoff } from '@baton/domain/handoff/state.ts';
import type { CompanyId, ContactId, DealId, DecisionId, HandoffId, RepId, TaskId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Touches } from '@baton/domain/source/touch.ts';
import { CopyRows } from '../../database/binary/copyRows.ts';
import { COMMIT_TABLES, type CommitTable } from './tables.ts';

/** A handoff as its row will stand. `open` is its last open state; `closed` says how it ended, where it did. */
export type PendingHandoff = {
  readonly contactId: ContactId;
  readonly isNew: boolean;
  open: OpenHandoff;
  status: HandoffStatus;
  closedAt: Instant | null;
  closedReason: string | null;
  /** Only of a new one. */
  touches: Touches | null;
  updatedAt: Instant;
};

export type PendingClock = {
  readonly handoffId: HandoffId;
  readonly contactId: ContactId;
  readonly kind: ClockKind;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  readonly ownerId: RepId | null;
  nextAt: Instant;
  stop: ClockStop | null;
  /** Steps that it fired in the transaction that started it. */
  readonly steps: PendingStep[];
};

/** How a clock ended: `at` is the instant that counts, `decidedAt` when that was decided. */
export type ClockStop = {
  readonly at: Instant;
  readonly decidedAt: Instant;
  readonly how: string;
  readonly evidence: string | null;
};

/** A step that a running clock fired. */
export type PendingStep = {
  readonly step: number;
  readonly act: string;
  readonly plannedAt: Instant;
  readonly at: Instant;
  readonly nextAt: Instant;
  readonly decisionId: DecisionId;
};

export type PendingTask = {
  readonly handoffId: HandoffId;
  readonly contactId: ContactId;
  readonly decisionId: DecisionId;
  readonly createdAt: Instant;
  readonly type: string;
  readonly title: string;
  ownerId: RepId;
  dueAt: Instant;
  end: { readonly at: Instant; readonly how: string } | null;
};

export type PendingDeal = {
  readonly id: DealId;
  readonly handoffId: HandoffId;
  readonly companyId: CompanyId | null;
  ownerId: RepId | null;
  readonly pipeline: string;
  readonly stage: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly closeAt: Instant;
  end: { readonly at: Instant; readonly how: 'won' | 'lost'; readonly reason: string | null } | null;
};

export type PendingMember = {
  readonly contactId: ContactId;
  readonly groupId: HandoffId;
  readonly handoffId: HandoffId;
  readonly joinedAt: Instant;
  readonly ruleId: string;
  readonly intent: string;
  readonly reason: string;
  leftAt: Instant | null;
};

/** Changes of rows that were there before, each list written by one statement. */
export type PendingUpdates = {
  /** Before `clockStops`: a clock may fire and stop in one decision. */
  clockSteps: ({ readonly handoffId: HandoffId; readonly kind: ClockKind } & PendingStep)[];
  clockStops: ({ readonly handoffId: HandoffId; readonly kind: ClockKind } & ClockStop)[];
  firedClocks: PendingClock[];
  taskCloses: {
    handoffId: HandoffId;
    contactId: ContactId;
    at: Instant;
    how: string;
    by: string;
    decisionId: DecisionId;
  }[];
  taskMoves: { handoffId: HandoffId; contactId: ContactId; ownerId: RepId; dueAt: Instant }[];
  dealCloses: {
    dealId: DealId;
    at: Instant;
    how: 'won' | 'lost';
    reason: string | null;
    by: string;
    decisionId: DecisionId;
  }[];
  dealAttaches: { dealId: DealId; contactId: ContactId; handoffId: HandoffId; at: Instant }[];
  memberLeaves: { contactId: ContactId; at: Instant }[];
  holdEnds: { contactId: ContactId; at: Instant; how: string }[];
  reevaluations: { contactId: ContactId; cause: string; at: Instant; input: string | null }[];
  groupFollows: { groupId: HandoffId; at: Instant; input: string; contactId: ContactId | null }[];
  clockReopens: {
    handoffId: HandoffId;
    kind: ClockKind;
    startedAt: Instant;
    dueAt: Instant;
    ownerId: RepId | null;
  }[];
  /** `exact`: the handoff's own columns are put back; false where the act had opened it. */
  undos: {
    decisionId: DecisionId;
    undoneBy: DecisionId;
    contactId: ContactId;
    handoffId: HandoffId | null;
    actAt: Instant;
    at: Instant;
    by: string;
    untouchedDealId: DealId | null;
  }[];
  taskDones: { taskId: TaskId; at: Instant; by: string; decisionId: DecisionId }[];
  dealMakes: {
    id: DealId;
    contactId: ContactId;
    companyId: CompanyId | null;
    ownerId: RepId | null;
    handoffId: HandoffId | null;
    at: Instant;
    recordedAt: Instant;
    pipeline: string;
    stage: string;
    name: string;
    amount: number | null;
    currency: string | null;
    closeAt: Instant | null;
    by: string;
    decisionId: DecisionId;
  }[];
  dealOwners: { dealId: DealId; ownerId: RepId; at: Instant }[];
  dealMoves: { dealId: DealId; stage: string; at: Instant; recordedAt: Instant; by: string; decisionId: DecisionId }[];
};

/** An act that can be taken back for a while; `handoffId`: the handoff that was open before it. */
export type PendingAct = {
  readonly decisionId: DecisionId;
  readonly contactId: ContactId;
  readonly recordedAt: Instant;
  readonly handoffId: HandoffId | null;
  readonly act: string;
};

export class PendingRows {
  readonly inAppOnly: boolean;
  readonly copies: Readonly<Record<CommitTable, CopyRows>>;
  readonly handoffs = new Map<HandoffId, PendingHandoff>();
  /** Clocks started here and still running, by `handoff kind`. Stopped ones are in `clocks` only. */
  readonly running = new Map<string, PendingClock>();
  clocks: PendingClock[] = [];
  readonly tasks = new Map<HandoffId, PendingTask[]>();
  readonly deals = new Map<DealId, PendingDeal>();
  readonly holds = new Map<
    ContactId,
    { hold: Hold; reason: string; decisionId: DecisionId; end: { at: Instant; how: string } | null }[]
  >();
  /** Companies under lock, as they stand; those in `changedCompanies` are written. */
  readonly companies = new Map<CompanyId, CompanyState>();
  readonly changedCompanies = new Map<
    CompanyId,
    { isNew: boolean; domain: string | null; sourceId: number; at: Instant }
  >();
  /** Ledgers under lock, as they stand; those that were stepped are written. */
  readonly ledgers = new Map<LedgerKey, Ledger>();
  readonly steppedLedgers = new Set<LedgerKey>();
  members: PendingMember[] = [];
  updates: PendingUpdates = noUpdates();
  undoables: PendingAct[] = [];
  /** How often each outcome was decided, for counters. */
  readonly outcomes = new Map<DecisionOutcome, number>();

  /** `inAppOnly`: no way that reaches a person is set up, so what reps are told stands in the app alone. */
  constructor({ inAppOnly }: { readonly inAppOnly: boolean }) {
    this.inAppOnly = inAppOnly;
    const copies: Partial<Record<CommitTable, CopyRows>> = {};
    for (const name of Object.keys(COMMIT_TABLES) as CommitTable[]) copies[name] = new CopyRows(COMMIT_TABLES[name]);
    this.copies = copies as Record<CommitTable, CopyRows>;
  }

  /** Forgets everything, for the next transaction or for another try of this one. */
  clear(): void {
    for (const rows of Object.values(this.copies)) rows.clear();
    for (const map of [
      this.handoffs,
      this.running,
      this.tasks,
      this.deals,
      this.holds,
      this.companies,
      this.changedCompanies,
      this.ledgers,
      this.steppedLedgers,
      this.outcomes,
    ])
      map.clear();
    this.clocks = [];
    this.members = [];
    this.updates = noUpdates();
    this.undoables = [];
  }
}

function noUpdates(): PendingUpdates {
  return {
    clockSteps: [],
    clockStops: [],
    firedClocks: [],
    taskCloses: [],
    taskMoves: [],
    dealCloses: [],
    dealAttaches: [],
    memberLeaves: [],
    holdEnds: [],
    reevaluations: [],
    groupFollows: [],
    clockReopens: [],
    undos: [],
    taskDones: [],
    dealMakes: [],
    dealOwners: [],
    dealMoves: [],
  };
}

/** A contact's columns beside its state. */
export const contactColumns = (
  state: ContactState,
): { readonly email: string | null; readonly name: string | null } => {
  const text = (path: string): string | null => {
    const value = state.facts[path]?.value;
    return typeof value === 'string' ? value : null;
  };
  const name =
    text('contact.name') ?? ([text('contact.first-name'), text('contact.last-name')].filter(Boolean).join(' ') || null);
  return { email: text('contact.email'), name };
};
