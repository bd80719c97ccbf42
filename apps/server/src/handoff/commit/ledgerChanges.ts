import type { LedgerKey, LedgerStep } from '@baton/domain/assignment/assignment.ts';
import { applyStep } from '@baton/domain/assignment/ledger.ts';
import type { ChangeWriters } from './about.ts';

/** A ledger key in its two columns; intents and team names hold no slash before the first one of the key. */
export const splitLedgerKey = (key: LedgerKey): readonly [team: string, intent: string] => {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
};

/** A step as it is stored in JSON: credits as decimal text, since JSON has no integers of that size for all readers. */
export const storedStep = (step: LedgerStep): object => ({
  ...step,
  ...(step.uncharged === undefined ? {} : { uncharged: String(step.uncharged) }),
  lines: storedLines(step),
});

/** The lines of a step as its row keeps them. */
export const storedLines = (step: LedgerStep): readonly object[] =>
  step.lines.map(({ repId, weight, before, accrued, after }) => ({
    repId,
    weight,
    before: String(before),
    accrued: String(accrued),
    after: String(after),
  }));

export const ledgerChanges: ChangeWriters<'ledger-step'> = {
  'ledger-step': (rows, change, { decision }) => {
    const { step } = change;
    const ledger = rows.ledgers.get(step.key);
    if (ledger === undefined) throw new Error(`decision ${decision.id} steps ledger ${step.key}, which is not locked`);
    rows.ledgers.set(step.key, applyStep(ledger, step));
    rows.steppedLedgers.add(step.key);
    const [team, intent] = splitLedgerKey(step.key);
    rows.copies.ledgerStep.add([
      team,
      intent,
      step.seq,
      step.at,
      step.kind,
      step.winner,
      change.handoffId,
      decision.id,
      step.reverses ?? null,
      step.uncharged === undefined ? null : Number(step.uncharged),
      JSON.stringify(storedLines(step)),
      JSON.stringify(step.excluded),
    ]);
  },
};
