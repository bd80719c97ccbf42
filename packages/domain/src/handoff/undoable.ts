import type { LedgerKey } from '../assignment/assignment.ts';
import type { Moved } from '../assignment/ledger.ts';
import type { DecisionId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Actor, Input } from './input.ts';
import type { CompanyState, ContactState } from './state.ts';

/** So long an act can be taken back; its notices wait as long. */
export const UNDO_MS = 10_000;

/** What undoing an act puts back of a contact. Facts, touches and signals are what events said, and stay. */
export type UndoableState = Pick<
  ContactState,
  'handoff' | 'group' | 'hold' | 'stage' | 'leadStatus' | 'ownerId' | 'last' | 'suppressed'
>;

/** An act as it is kept while it can be taken back: what there was before it, and what it moved beyond the contact. */
export type UndoableAct = {
  readonly decisionId: DecisionId;
  readonly by: Actor;
  readonly at: Instant;
  /** What was done, as the trace said it. */
  readonly say: string;
  readonly before: UndoableState;
  /** The company before the act, where the act changed it; else null. */
  readonly company: Pick<CompanyState, 'stage' | 'ownerId' | 'openHandoff' | 'openDeal'> | null;
  readonly steps: readonly { readonly key: LedgerKey; readonly seq: number; readonly moved: Moved }[];
};

const KINDS: ReadonlySet<Input['kind']> = new Set([
  'rep-acted',
  'manager-acted',
  'fast-tracked',
  'stage-set',
  'deal-changed',
  'withdrawn',
]);

/** True for what a person did by hand, and nobody else. */
export const isUndoable = (input: Input): boolean =>
  KINDS.has(input.kind) && 'by' in input && (input.by.kind === 'rep' || input.by.kind === 'person');

/** The part of a state that undoing puts back. */
export const undoableStateOf = ({
  handoff,
  group,
  hold,
  stage,
  leadStatus,
  ownerId,
  last,
  suppressed,
}: ContactState): UndoableState => ({ handoff, group, hold, stage, leadStatus, ownerId, last, suppressed });
