/**
 * A rep leaves: what the ledgers owe them, or they owe, is shared out by weight among those who stay, as a step of its own.
 */
import type { Ledger, LedgerStep } from '@baton/domain/assignment/assignment.ts';
import { weightAt } from '@baton/domain/assignment/availability.ts';
import { applyStep, leaveLedger } from '@baton/domain/assignment/ledger.ts';
import type { RepId, TeamId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { PoolClient } from 'pg';
import { storedLines } from '../handoff/commit/ledgerChanges.ts';
import { PEOPLE_LOCK } from '../handoff/locks.ts';
import { type MemberRow, toMember } from './loadPeople.ts';

/** First in a transaction that changes reps or teams: nobody is assigned a lead before it commits. */
export const holdPeople = async (client: PoolClient): Promise<void> => {
  await client.query(`select pg_advisory_xact_lock(${PEOPLE_LOCK})`);
};

/** A ledger as its row keeps it. */
export type LedgerRow = { team_id: string; intent: string; seq: number; balances: string; now: Instant };
type StoredStanding = [repId: RepId, balance: string, lastWon: number];

/**
 * Takes a rep who left out of the ledgers of `team`, or of every team (null): those who are still members, active and of
 * weight that day inherit. The ledgers are locked in the one order, after people. Linear in ledgers and members.
 */
export const settleLedgers = async (client: PoolClient, repId: RepId, team: TeamId | null): Promise<void> => {
  const ledgers = await client.query<LedgerRow>(
    `select team_id, intent, seq, balances, now_ms() as now from ledger where $1::text is null or team_id = $1
     order by team_id || '/' || intent collate "C" for no key update`,
    [team],
  );
  const members = await client.query<MemberRow & { weight: number }>(
    `select team_id, rep_id, weight, ramp from team_member join rep on rep.id = rep_id
     where rep.active and rep_id <> $1 and ($2::text is null or team_id = $2)`,
    [repId, team],
  );
  for (const row of ledgers.rows) {
    const ledger = ledgerOfRow(row);
    const staying = members.rows
      .filter((member) => member.team_id === row.team_id)
      .map((member) => ({ repId: member.rep_id, weight: weightAt(toMember(member), row.now) }))
      .filter(({ weight }) => weight > 0);
    const step = leaveLedger(ledger, repId, staying, row.now);
    if (step !== null) await writeStep(client, row, applyStep(ledger, step), step);
  }
};

/** The ledger of a row. */
export const ledgerOfRow = (row: LedgerRow): Ledger => ({
  key: `${row.team_id}/${row.intent}`,
  seq: row.seq,
  standings: (JSON.parse(row.balances) as StoredStanding[]).map(([repId, balance, lastWon]) => ({
    repId,
    balance: BigInt(balance),
    lastWon,
  })),
});

/** Writes a step that no decision made, and the ledger after it. The ledger's row is locked. */
export const writeStep = async (client: PoolClient, row: LedgerRow, after: Ledger, step: LedgerStep): Promise<void> => {
  const balances = after.standings.map((one): StoredStanding => [one.repId, String(one.balance), one.lastWon]);
  await client.query('update ledger set seq = $3, balances = $4 where team_id = $1 and intent = $2', [
    row.team_id,
    row.intent,
    after.seq,
    JSON.stringify(balances),
  ]);
  await client.query(
    `insert into ledger_step (team_id, intent, seq, at, kind, winner, handoff_id, decision_id, reverses, uncharged, lines, excluded)
     values ($1, $2, $3, $4, $5, null, null, null, null, null, $6, $7)`,
    [
      row.team_id,
      row.intent,
      step.seq,
      step.at,
      step.kind,
      JSON.stringify(storedLines(step)),
      JSON.stringify(step.excluded),
    ],
  );
};
