/**
 * What `--as list` does beyond taking events in: hands the people of a list off with the intent that the importer names
 * (marketing's fast track), and tells each rep once what came to them.
 */
import type { Ledger } from '@baton/domain/assignment/assignment.ts';
import { type NextLead, simulateNext } from '@baton/domain/assignment/next.ts';
import type { ContactId, Intent, TeamId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { type DecideContactsDeps, decideContacts } from '../../handoff/decideContacts.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import { findContacts } from './findContacts.ts';
import type { ImportRun } from './importRun.ts';

/**
 * Hands off those of a list who have no open handoff, in one transaction; nobody is told one by one. Answers why
 * each that was refused was, by contact.
 */
export const handOffList = async (
  deps: DecideContactsDeps,
  run: Pick<ImportRun, 'sourceName'>,
  identities: readonly IncomingIdentity[],
  intent: Intent,
): Promise<ReadonlyMap<ContactId, string>> => {
  const refused = new Map<ContactId, string>();
  const found = await findContacts(deps.pool, identities);
  const ids = [...new Set(found.filter((id) => id !== null))].sort((one, other) => one - other);
  const by = { kind: 'import', name: run.sourceName } as const;
  const note = `on the list ${run.sourceName}`;
  const decided = await decideContacts(deps, ids, async ({ client, slotOf }) => {
    refused.clear();
    // Whoever was handed off for this list before stays as they are, however often the file comes.
    const before = await client.query<{ contact_id: number }>(
      `select contact_id from handoff where contact_id = any($1) and kind = 'fast-track' and reason like '%' || $2`,
      [ids, note],
    );
    const had = new Set(before.rows.map((row) => row.contact_id));
    const slots = new Set(ids.map(slotOf).filter((slot) => slot !== null));
    return [...slots]
      .filter(({ id, state }) => state.handoff === null && state.group === null && !had.has(id))
      .map((slot) => ({
        slot,
        work: [
          {
            input: { kind: 'fast-tracked', by, intent, note } as const,
            asOf: null,
            handsOff: true,
            tells: false,
            done: (came) => {
              if ('refusal' in came) refused.set(slot.id, came.refusal.say);
            },
          },
        ],
      }));
  });
  if (!decided) for (const id of ids) refused.set(id, 'no policy is in force');
  return refused;
};

/**
 * One notice for each rep about all handoffs that came to them from this source since `since`, instead of one for each.
 * It hangs on the first of them, so that sending it twice is the same notice.
 */
export const sendDigest = async (
  pool: Pool,
  run: Pick<ImportRun, 'sourceId' | 'sourceName'>,
  since: number,
): Promise<number> => {
  const { rowCount } = await pool.query(
    `with came as (
       select h.id, h.owner_id, h.contact_id from handoff h
       where h.owner_id is not null and h.updated_at >= $3 and h.closed_at is null
         and exists (select 1 from event e where e.contact_id = h.contact_id and e.source_id = $1)
     ), told as (
       select distinct on (owner_id) id, owner_id, contact_id, count(*) over (partition by owner_id) as leads
       from came order by owner_id, id
     )
     insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
     select id, 1000, owner_id, id, contact_id, now_ms(), 'assigned',
       leads || case leads when 1 then ' new lead from ' else ' new leads from ' end || $2::text,
       'The list ' || $2::text || ' was brought in at once; this is the one notice about all of yours.'
     from told on conflict (decision_id, effect_index) do nothing`,
    [run.sourceId, run.sourceName, since],
  );
  return rowCount ?? 0;
};

/** Who would have the next `count` leads of a team if all came now: the allocation preview. Takes no turn. */
export const previewAllocation = async (
  pool: Pool,
  team: TeamId,
  intent: Intent,
  count: number,
): Promise<readonly { readonly rep: string; readonly leads: number }[]> => {
  const people = await loadPeople(pool);
  const { rows } = await pool.query<{ seq: number | null; balances: string | null; now: number }>(
    `select seq, balances, now_ms() as now from (select) as one
     left join ledger on team_id = $1 and intent = $2`,
    [team, intent],
  );
  const standings = JSON.parse(rows[0]?.balances ?? '[]') as [number, string, number][];
  const ledger: Ledger = {
    key: `${team}/${intent}`,
    seq: rows[0]?.seq ?? 0,
    standings: standings.map(([repId, balance, lastWon]) => ({ repId, balance: BigInt(balance), lastWon })),
  };
  const members = people.teams.get(team)?.members ?? [];
  const loads = new Map(members.map(({ repId }) => [repId, { today: 0, thisWeek: 0, open: 0 }]));
  const asked = { now: rows[0]?.now ?? 0, skills: [], inHours: false, teamCalendar: people.teams.get(team)?.calendar };
  const leads = new Map<string, number>();
  for (const next of simulateNext(ledger, members, people, loads, count, asked)) {
    const rep = nameOf(next, people.reps);
    leads.set(rep, (leads.get(rep) ?? 0) + 1);
  }
  return [...leads].map(([rep, each]) => ({ rep, leads: each })).sort((one, other) => other.leads - one.leads);
};

const nameOf = (next: NextLead, reps: ReadonlyMap<number, { readonly name: string }>): string =>
  next.repId === null ? '(queue)' : (reps.get(next.repId)?.name ?? `rep ${next.repId}`);
