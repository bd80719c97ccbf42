import type { Exclusion, LedgerStep } from '../assignment/assignment.ts';
import type { TeamId } from '../kernel/ids.ts';
import type { Evaluation } from '../policy/evaluation.ts';

/** `held`: it waits for somebody's hours; `cover`: somebody stands in for the one whose it is; `leg`: passed on. */
export const ASSIGNMENT_HOWS = [
  'ledger',
  'company-owner',
  'contact-owner',
  'territory',
  'cover',
  'join-owner',
  'by-hand',
  'claimed',
  'leg',
  'held',
  'queue',
] as const;
export type AssignmentHow = (typeof ASSIGNMENT_HOWS)[number];

/** Why this rep: the routes tried in order, what each came to, and the ledger's step with everybody's balance. */
export type AssignmentTrace = {
  readonly routes: readonly {
    readonly routeId: string;
    readonly verdict: 'met' | 'not-met' | 'unknown';
    readonly say: string;
  }[];
  readonly routeId: string | null;
  readonly how: AssignmentHow;
  readonly step: LedgerStep | null;
  readonly say: string;
  /** The teams in which nobody could take it, in the order in which they were looked in; absent: none. */
  readonly nobody?: readonly { readonly teamId: TeamId; readonly excluded: readonly Exclusion[] }[];
};

/** The reasons of one decision. Bigints are decimal texts when stored. */
export type Trace = {
  readonly evaluation: Evaluation | null;
  readonly assignment: AssignmentTrace | null;
  /** The transition taken, in the order of handoff.md's table, and the sentence that people read. */
  readonly transition: string;
  readonly say: string;
  /** What would have changed it, computed: each a condition and what would then have been. */
  readonly otherwise: readonly { readonly if: string; readonly then: string }[];
  /** The version of the time-zone data by which working time was told, where a clock began; absent: none did. */
  readonly zoneData?: string;
};
