/**
 * What `--as list` does beyond taking events in: hands the people of a list off with the intent that the importer names
 * (marketing's fast track), and tells each rep once what came to them.
 */
import type { Ledger } from '@baton/domain/assignment/assignment.ts';
import { type NextLead, simulateNext } from '@baton/domain/assignment/next.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactId, Intent, TeamId } from '@baton/domain/kernel/ids.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Pool, PoolClient } from 'pg';
import type { ContactSlot } from '../../handoff/contactSlot.ts';
import { type DecideContactsDeps, decideContacts } from '../../handoff/decideContacts.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import { findContacts } from './findContacts.ts';
import type { ImportRun } from './importRun.ts';

/** How fast a list goes out. `perRepDay` null: all at once. */
export type ListPace = { readonly perRepDay: number | null };

/** The hour of a day (UTC) at which the next ones of a list go out: before anybody in Europe or the Americas is at work. */
const DAY_BEGINS_MS = 5 * 3_600_000;

/**
 * Hands off those of a list who have no open handoff, in one transaction; nobody is told one by one. With a pace, those
 * beyond today's share wait as rows that time wakes, a day's share each. Answers why each that was refused was, by contact.
 */
export const handOffList = async (
  deps: DecideContactsDeps,
  run: Pick<ImportRun, 'sourceName'>,
  identities: readonly IncomingIdentity[],
  intent: Intent,
  pace: ListPace = { perRepDay: null },
): Promise<ReadonlyMap<ContactId, string>> => {
  const refused = new Map<ContactId, string>();
  const found = await findContacts(deps.pool, identities);
  const ids = [...new Set(found.filter((id) => id !== null))].sort((one, other) => one - other);
  const by = { kind: 'import', name: run.sourceName } as const;
  const note = `on the list ${run.sourceName}`;
  const input = { kind: 'fast-tracked', by, intent, note } as const;
  const decided = await decideContacts(deps, ids, async ({ client, slotOf, now }) => {
    refused.clear();
    // Whoever was handed off for this list before stays as they are, however often the file comes.
    const before = await client.query<{ contact_id: number }>(
      `select contact_id from handoff where contact_id = any($1) and kind = 'fast-track' and reason like '%' || $2`,
      [ids, note],
    );
    const had = new Set(before.rows.map((row) => row.contact_id));
    const slots = new Set(ids.map(slotOf).filter((slot) => slot !== null));
    const free = [...slots].filter(({ id, state }) => state.handoff === null && state.group === null && !had.has(id));
    const today = pace.perRepDay === null ? free : await putOff(client, free, input, now, pace.perRepDay);
    return today.map((slot) => ({
      slot,
      work: [
        {
          input,
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
 * Keeps back whoever is beyond today's share of a list, each for the day that their share comes; answers today's. Who waits
 * already stays where they are.
 */
const putOff = async (
  client: PoolClient,
  free: readonly ContactSlot[],
  input: Extract<Input, { kind: 'fast-tracked' }>,
  now: Instant,
  perRepDay: number,
): Promise<readonly ContactSlot[]> => {
  const cause = `list: ${input.note}`;
  const midnight = now - (now % DAY_MS);
  const { rows } = await client.query<{ a_day: number; taken: number; waiting: number[] }>(
    `select
       $1::int * (select count(distinct m.rep_id) from team_member m join rep r on r.id = m.rep_id
         where r.active and r.selling and m.weight > 0) as a_day,
       (select count(*) from handoff where kind = 'fast-track' and reason like '%' || $2 and qualified_at >= $3)
         + (select count(*) from reevaluation where cause = $4) as taken,
       coalesce((select array_agg(contact_id) from reevaluation where cause = $4 and contact_id = any($5)), '{}') as waiting`,
    [perRepDay, input.note, midnight, cause, free.map(({ id }) => id)],
  );
  const { a_day, taken, waiting } = rows[0] as { a_day: number; taken: number; waiting: number[] };
  const known = new Set(waiting);
  const fresh = free.filter(({ id }) => !known.has(id));
  const dayOf = (index: number): number => (a_day === 0 ? 1 : Math.floor((taken + index) / a_day));
  const later = fresh.map((slot, index) => ({ slot, day: dayOf(index) })).filter(({ day }) => day > 0);
  await client.query(
    `insert into reevaluation (contact_id, cause, at, input)
     select contact_id, $3, at, $4 from unnest($1::int8[], $2::int8[]) as later(contact_id, at)
     on conflict (contact_id, cause) do nothing`,
    [
      later.map(({ slot }) => slot.id),
      later.map(({ day }) => midnight + day * DAY_MS + DAY_BEGINS_MS),
      cause,
      JSON.stringify(input),
    ],
  );
  return fresh.filter((_slot, index) => dayOf(index) === 0);
};

/** How many of a list wait for the days to come. */
export const countPutOff = async (pool: Pool, run: Pick<ImportRun, 'sourceName'>): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>('select count(*) as n from reevaluation where cause = $1', [
    `list: on the list ${run.sourceName}`,
  ]);
  return rows[0]?.n ?? 0;
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
