import type { Ledger, LedgerKey, People, RepLoad } from '../assignment/assignment.ts';
import type { Facts } from '../facts/fact.ts';
import type { CompanyId, DecisionId, RepId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { CompanyState } from './state.ts';

/**
 * All that a decision may look at besides the contact and the input. What is costly to lock (company, ledgers, loads) is
 * loaded only when a decision asks for it: `decide` answers `needs`, the shell locks and loads, and asks again. Asking
 * again is free of effect, since nothing was written.
 */
export type Context = {
  /** `decidedAt`: the database's clock after the locks, never before the contact's last decision. */
  readonly now: Instant;
  /** Handed out before; new rows of this decision take their ids from it. */
  readonly decisionId: DecisionId;
  readonly policy: CompiledPolicy;
  readonly people: People;
  /** The facts of the contact's company, for evaluation; null where it has none. Always loaded. */
  readonly companyFacts: Facts | null;
  /** The company under lock; absent until asked for. */
  readonly companies: ReadonlyMap<CompanyId, CompanyState>;
  /** Ledgers under lock; absent until asked for. A ledger without rows yet is an empty ledger, not an absent one. */
  readonly ledgers: ReadonlyMap<LedgerKey, Ledger>;
  /** Loads of reps under lock; absent until asked for. */
  readonly loads: ReadonlyMap<RepId, RepLoad>;
  /** False for `--as history`: facts and signals fold, nothing is handed off. */
  readonly handsOff: boolean;
  /** False for imports: nobody is told. */
  readonly tells: boolean;
};

/** What the shell must lock and load before the decision can be taken. */
export type Need =
  | { readonly kind: 'company'; readonly companyId: CompanyId }
  | { readonly kind: 'ledger'; readonly key: LedgerKey; readonly reps: readonly RepId[] }
  | { readonly kind: 'loads'; readonly reps: readonly RepId[] };
