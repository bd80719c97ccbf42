import type { RepId } from '../kernel/ids.ts';
import type { Ledger, LedgerKey } from './assignment.ts';

/** A ledger as a row keeps it: balances in decimal text, steps as numbers, both by rep id; zero entries left out. */
export type LedgerRow = {
  readonly key: LedgerKey;
  readonly seq: number;
  readonly balances: { readonly [repId: string]: string };
  readonly lastWon: { readonly [repId: string]: number };
};

/** The ledger of a row. Linear in the team (after a sort by id). */
export const restoreLedger = (row: LedgerRow): Ledger => {
  const ids = new Set<RepId>([...Object.keys(row.balances), ...Object.keys(row.lastWon)].map(Number));
  const standings = [...ids]
    .sort((a, b) => a - b)
    .map((repId) => ({ repId, balance: BigInt(row.balances[repId] ?? '0'), lastWon: row.lastWon[repId] ?? 0 }));
  return { key: row.key, seq: row.seq, standings };
};

/** The row of a ledger: `restoreLedger(ledgerRow(x))` decides as x does. */
export const ledgerRow = (ledger: Ledger): LedgerRow => ({
  key: ledger.key,
  seq: ledger.seq,
  balances: Object.fromEntries(
    ledger.standings.filter((one) => one.balance !== 0n).map((one) => [one.repId, one.balance.toString()]),
  ),
  lastWon: Object.fromEntries(
    ledger.standings.filter((one) => one.lastWon !== 0).map((one) => [one.repId, one.lastWon]),
  ),
});
