/**
 * Decides the inputs of many contacts within one transaction. A contact whose decision needs a lock waits for the end of
 * the round; then all that is needed is locked set-wise, in order, and the round goes on. Within a contact the inputs are
 * decided one by one, in the order given.
 */

import type { Facts } from '@baton/domain/facts/fact.ts';
import type { Context, Need } from '@baton/domain/handoff/context.ts';
import { decide } from '@baton/domain/handoff/decide.ts';
import type { Decision, Refusal } from '@baton/domain/handoff/decision.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { CompanyId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { PendingRows } from './commit/pendingRows.ts';
import { isKept, recordDecision, recordLookAgain } from './commit/recordDecision.ts';
import type { ContactSlot } from './contactSlot.ts';
import type { IdBlocks } from './idBlocks.ts';
import type { Locks } from './locks.ts';
import type { References } from './references.ts';

/** One input for one contact, and how it is to be decided. */
export type Work = {
  readonly input: Input;
  /** Null: the clock of the transaction. An instant: as of then (an import's own row). */
  readonly asOf: Instant | null;
  readonly handsOff: boolean;
  readonly tells: boolean;
  /** Called with what came of it; a refusal leaves everything as it was. */
  readonly done?: (outcome: { readonly decision: Decision } | { readonly refusal: Refusal }) => void;
  /** What this is about, for whoever has to single it out when it can't be decided. */
  readonly about?: unknown;
};

export type SlotWork = { readonly slot: ContactSlot; readonly work: readonly Work[] };

/** A decision could not be taken: our bug or data that lies. `about` is the work's own. */
export class Undecidable extends Error {
  readonly about: unknown;

  constructor(about: unknown, cause: unknown) {
    super(`could not be decided: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.about = about;
  }
}

export type DecideDeps = {
  readonly rows: PendingRows;
  readonly locks: Locks;
  readonly ids: IdBlocks;
  readonly references: References & { readonly policy: CompiledPolicy };
  /** The database's clock after the contacts were locked. */
  readonly now: Instant;
  /** Facts of every company of these contacts, read before. */
  readonly companyFacts: ReadonlyMap<CompanyId, Facts>;
  /**
   * Called once before the first ledger is locked, with the contacts that are decided to the end: what can be written for
   * them is best added now to what goes ahead of the lock, because everybody else waits for that ledger until the commit.
   */
  readonly beforeLedgers?: (decided: readonly ContactSlot[]) => void;
};

/** What was waiting, one contact each: how far it is, and how often its present input asked for more. */
type Waiting = SlotWork & { next: number; rounds: number };

/** How often one input may ask for more before that is taken for a bug: company, ledger and loads, for two teams each. */
const ROUNDS_MAX = 8;

/** Decides all work. Ids must have been reserved (`ids.reserve(client, 'decision', number of inputs)`). */
export async function decideAll(deps: DecideDeps, all: readonly SlotWork[]): Promise<void> {
  const contexts = new Contexts(deps);
  let waiting = all.map(({ slot, work }): Waiting => ({ slot, work, next: 0, rounds: 0 }));
  let isEarlyWritten = false;
  while (waiting.length > 0) {
    const needs: Need[] = [];
    const still: typeof waiting = [];
    for (const one of waiting) {
      while (one.next < one.work.length) {
        const wanted = decideOne(deps, contexts, one.slot, one.work[one.next] as Work);
        if (wanted === null) {
          one.next += 1;
          one.rounds = 0;
          continue;
        }
        one.rounds += 1;
        if (one.rounds > ROUNDS_MAX)
          throw new Error(`contact ${one.slot.id}: needs never end: ${JSON.stringify(wanted)}`);
        needs.push(...wanted);
        still.push(one);
        break;
      }
    }
    waiting = still;
    if (!isEarlyWritten && needs.some((need) => need.kind === 'ledger')) {
      isEarlyWritten = true;
      const open = new Set(waiting.map((one) => one.slot));
      deps.beforeLedgers?.(all.filter(({ slot }) => !open.has(slot)).map(({ slot }) => slot));
    }
    if (needs.length > 0) await deps.locks.satisfy(needs);
  }
}

/** Makes what a decision may look at. Most contacts of a group have no company and share one context. */
class Contexts {
  readonly #deps: DecideDeps;
  #last: Context | null = null;

  constructor(deps: DecideDeps) {
    this.#deps = deps;
  }

  of({ companyId, decidedAt }: ContactState, { asOf, handsOff, tells }: Work): Context {
    const { rows, ids, locks, references, companyFacts: known } = this.#deps;
    const now = Math.max(asOf ?? this.#deps.now, decidedAt);
    const decisionId = ids.peek('decision');
    const companyFacts =
      companyId === null ? null : (rows.companies.get(companyId)?.facts ?? known.get(companyId) ?? {});
    const last = this.#last;
    if (
      last !== null &&
      last.now === now &&
      last.decisionId === decisionId &&
      last.companyFacts === companyFacts &&
      last.handsOff === handsOff &&
      last.tells === tells
    )
      return last;
    this.#last = {
      now,
      decisionId,
      policy: references.policy,
      people: references.people,
      companyFacts,
      companies: rows.companies,
      ledgers: rows.ledgers,
      loads: locks.loads,
      handsOff,
      tells,
    };
    return this.#last;
  }
}

/** Decides one input; answers what it needs first, or null when it is done. */
function decideOne(deps: DecideDeps, contexts: Contexts, slot: ContactSlot, work: Work): readonly Need[] | null {
  const { rows, ids, locks } = deps;
  const before = slot.state;
  const context = contexts.of(before, work);
  let decided: ReturnType<typeof decide>;
  try {
    decided = decide(before, work.input, context);
  } catch (error) {
    throw new Undecidable(work.about, error);
  }
  if (decided.kind === 'needs') return decided.needs;
  if (decided.kind === 'refused') {
    work.done?.({ refusal: decided.refusal });
    return null;
  }
  const { decision } = decided;
  slot.state = moved(before, decision.next);
  for (const [repId, load] of decision.loads) locks.loads.set(repId, load);
  if (isKept(decision)) {
    ids.take('decision');
    recordDecision(rows, before, decision, work.input, deps.now);
    if (work.input.kind === 'merged') leaveCompany(rows, work.input.loser, slot.state);
  } else if (decision.changes.length > 0) recordLookAgain(rows, decision);
  if (decision.company !== null && !isKept(decision))
    throw new Undecidable(work.about, 'a decision without changes changed a company');
  work.done?.({ decision });
  return null;
}

/** A merge took a handoff along to another company: the one it came from is no longer led by it. */
function leaveCompany(rows: PendingRows, loser: ContactState, survivor: ContactState): void {
  const left = loser.companyId === null ? undefined : rows.companies.get(loser.companyId);
  if (left === undefined || left.id === survivor.companyId || loser.handoff === null) return;
  const { openHandoff, openDeal } = left;
  rows.companies.set(left.id, {
    ...left,
    openHandoff: openHandoff?.handoffId === loser.handoff.id ? null : openHandoff,
    openDeal: openDeal !== null && openDeal.dealId === loser.handoff.dealId ? null : openDeal,
  });
}

/** The state to keep: where nothing but `decidedAt` moved, the old one, so that an idle event writes no contact row. */
function moved(before: ContactSlot['state'], after: ContactSlot['state']): ContactSlot['state'] {
  if (before === after) return before;
  for (const key in after)
    if (key !== 'decidedAt' && after[key as keyof ContactState] !== before[key as keyof ContactState]) return after;
  return before;
}
