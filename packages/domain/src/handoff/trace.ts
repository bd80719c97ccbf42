import type { LedgerStep } from '../assignment/assignment.ts';
import type { Evaluation } from '../policy/evaluation.ts';

/** Why this rep: the routes tried in order, what each came to, and the ledger's step with everybody's balance. */
export type AssignmentTrace = {
  readonly routes: readonly {
    readonly routeId: string;
    readonly verdict: 'met' | 'not-met' | 'unknown';
    readonly say: string;
  }[];
  readonly routeId: string | null;
  readonly how: 'ledger' | 'company-owner' | 'contact-owner' | 'join-owner' | 'by-hand' | 'claimed' | 'queue';
  readonly step: LedgerStep | null;
  readonly say: string;
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
};
