/**
 * A rep is back: in teams that catch up, what would have accrued to them meanwhile is granted, as a step of its own that the
 * others bear by weight. Teams that don't (the rule) owe nobody anything for an absence.
 */
import { ABSENCE_WHYS, type Ledger, type LedgerStep, type TeamMember } from '@baton/domain/assignment/assignment.ts';
import { absenceAt, weightAt } from '@baton/domain/assignment/availability.ts';
import { canOwn } from '@baton/domain/assignment/eligibility.ts';
import { applyStep, grantCatchUp, missedCredit } from '@baton/domain/assignment/ledger.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { PoolClient } from 'pg';
import { loadPeople } from './loadPeople.ts';
import { type LedgerRow, ledgerOfRow, writeStep } from './settleLedgers.ts';

/** More leads than that were missed in no absence that could still be granted: two leads are the most. */
const STEPS_MAX = 10_000;

/**
 * Grants a rep whose absence has just ended what they missed, in every ledger of every team that catches up; nothing where
 * they are away still, or where it was granted already. In a transaction of the caller. Answers how many ledgers it was.
 * Linear in the missed steps.
 */
export const grantCatchUps = async (client: PoolClient, repId: RepId): Promise<number> => {
  const clock = await client.query<{ now: Instant }>('select now_ms() as now');
  const now = clock.rows[0]?.now ?? 0;
  const people = await loadPeople(client);
  const rep = people.reps.get(repId);
  if (!canOwn(rep) || absenceAt(rep, now) !== null) return 0;
  const isThere = ({ repId: id }: TeamMember): boolean => {
    const member = people.reps.get(id);
    return canOwn(member) && absenceAt(member, now) === null;
  };
  let granted = 0;
  for (const { id, members } of [...people.teams.values()].filter((team) => team.catchUp === true)) {
    const mine = members.find((member) => member.repId === repId);
    const weight = mine === undefined ? 0 : weightAt(mine, now);
    if (weight <= 0) continue;
    const others = members
      .filter((member) => member.repId !== repId && isThere(member))
      .map((member) => ({ repId: member.repId, weight: weightAt(member, now) }))
      .filter((other) => other.weight > 0);
    const { rows } = await client.query<LedgerRow>(
      `select team_id, intent, seq, balances, now_ms() as now from ledger where team_id = $1
       order by intent collate "C" for no key update`,
      [id],
    );
    for (const row of rows) {
      const ledger = ledgerOfRow(row);
      const credit = missedCredit(await missedSteps(client, ledger, row, repId, now), weight);
      const step = grantCatchUp(ledger, repId, credit, others, now);
      if (step === null) continue;
      await writeStep(client, row, applyStep(ledger, step), step);
      granted += 1;
    }
  }
  return granted;
};

/** The steps of the last absence that named the rep as away, after whatever was granted before. */
const missedSteps = async (
  client: PoolClient,
  { key }: Ledger,
  row: LedgerRow,
  repId: RepId,
  now: Instant,
): Promise<readonly LedgerStep[]> => {
  const { rows } = await client.query<{ seq: number; at: Instant; kind: LedgerStep['kind']; lines: string }>(
    `with absence as (
       select from_at from rep_absence where rep_id = $3 and to_at <= $4 and removed_at is null order by to_at desc limit 1
     )
     select seq, at, kind, lines from ledger_step s
     where team_id = $1 and intent = $2 and kind = 'assigned' and at >= (select from_at from absence)
       and exists (select 1 from jsonb_array_elements(s.excluded::jsonb) as one
         where (one ->> 'repId')::int8 = $3 and one ->> 'code' = any($5::text[]))
       and seq > coalesce((select max(seq) from ledger_step g where g.team_id = $1 and g.intent = $2 and g.kind = 'granted'
         and exists (select 1 from jsonb_array_elements(g.lines::jsonb) as line
           where (line ->> 'repId')::int8 = $3 and (line ->> 'accrued')::numeric > 0)), 0)
     order by seq desc limit ${STEPS_MAX}`,
    [row.team_id, row.intent, repId, now, [...ABSENCE_WHYS]],
  );
  return rows.map(({ seq, at, kind, lines }) => ({
    key,
    seq,
    kind,
    at,
    winner: null,
    lines: (
      JSON.parse(lines) as { repId: number; weight: number; before: string; accrued: string; after: string }[]
    ).map((line) => ({
      repId: line.repId,
      weight: line.weight,
      before: BigInt(line.before),
      accrued: BigInt(line.accrued),
      after: BigInt(line.after),
    })),
    excluded: [],
  }));
};
