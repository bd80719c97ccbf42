/** Whose turn it is: who would have the next leads of a team, and why one rep did not have a given one. */
import type { Ledger, LedgerStep } from '@baton/domain/assignment/assignment.ts';
import { emptyLedger } from '@baton/domain/assignment/ledger.ts';
import { type NextLead, sayBalance, simulateNext, whyNotMe } from '@baton/domain/assignment/next.ts';
import type { Intent, RepId, TeamId } from '@baton/domain/kernel/ids.ts';
import type { Queryable } from '../database/queryable.ts';
import { readLoads } from '../handoff/repLoads.ts';
import { loadPeople } from '../people/loadPeople.ts';

export type TeamTurns = {
  readonly next: readonly (NextLead & { readonly name: string | null })[];
  /** Where each member stands, in the team's order. */
  readonly standings: readonly {
    readonly repId: RepId;
    readonly name: string;
    readonly weight: number;
    readonly say: string;
  }[];
};

/** Plays the next `count` leads of a team and intent on a copy, as things stand now. Null where there is no such team. */
export const nextInTeam = async (
  client: Queryable,
  team: TeamId,
  intent: Intent,
  count: number,
): Promise<TeamTurns | null> => {
  const people = await loadPeople(client);
  const found = people.teams.get(team);
  if (found === undefined) return null;
  const { members } = found;
  const stored = await client.query<{ seq: number; balances: string }>(
    'select seq, balances from ledger where team_id = $1 and intent = $2',
    [team, intent],
  );
  const row = stored.rows[0];
  const ledger: Ledger =
    row === undefined
      ? emptyLedger(`${team}/${intent}`)
      : {
          key: `${team}/${intent}`,
          seq: row.seq,
          standings: (JSON.parse(row.balances) as [RepId, string, number][]).map(([repId, balance, lastWon]) => ({
            repId,
            balance: BigInt(balance),
            lastWon,
          })),
        };
  const clock = await client.query<{ now: number }>('select now_ms() as now');
  const now = clock.rows[0]?.now ?? 0;
  const ids = members.map((member) => member.repId);
  const loads = await readLoads(client, ids, people, now);
  const asked = { now, skills: [], inHours: false, teamCalendar: found.calendar };
  const nameOf = (repId: RepId): string => people.reps.get(repId)?.name ?? `rep ${repId}`;
  return {
    next: simulateNext(ledger, members, people, loads, count, asked).map((one) => ({
      ...one,
      name: one.repId === null ? null : nameOf(one.repId),
    })),
    standings: members.map(({ repId, weight }) => ({
      repId,
      name: nameOf(repId),
      weight,
      say: sayBalance(ledger, repId),
    })),
  };
};

/**
 * “Why not me”: why a rep did not get a handoff when it was last assigned by turn, or how it was given without one. Null:
 * they did get it.
 */
export const whyNotThisRep = async (client: Queryable, handoffId: number, repId: RepId): Promise<string | null> => {
  const { rows } = await client.query<Omit<LedgerStep, 'lines' | 'excluded' | 'key'> & StoredStep>(
    `select team_id, intent, seq, at, kind, winner, lines, excluded from ledger_step
     where handoff_id = $1 and kind in ('assigned', 'forced') order by at desc, seq desc limit 1`,
    [handoffId],
  );
  const row = rows[0];
  const owner = await client.query<{ owner_id: RepId | null }>('select owner_id from handoff where id = $1', [
    handoffId,
  ]);
  const ownerId = owner.rows[0]?.owner_id ?? null;
  if (ownerId === repId) return null;
  if (row === undefined) return 'nobody had a turn: it was given by rule or by hand, or waits in a queue';
  const step: LedgerStep = {
    key: `${row.team_id}/${row.intent}`,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    winner: row.winner,
    lines: (JSON.parse(row.lines) as StoredLine[]).map((line) => ({
      repId: line.repId,
      weight: line.weight,
      before: BigInt(line.before),
      accrued: BigInt(line.accrued),
      after: BigInt(line.after),
    })),
    excluded: JSON.parse(row.excluded) as LedgerStep['excluded'],
  };
  return (
    whyNotMe(step, repId, await loadPeople(client, row.at)) ?? 'it was their turn, and it went on to somebody else'
  );
};

type StoredStep = {
  readonly team_id: string;
  readonly intent: string;
  readonly lines: string;
  readonly excluded: string;
};
type StoredLine = {
  readonly repId: RepId;
  readonly weight: number;
  readonly before: string;
  readonly accrued: string;
  readonly after: string;
};
