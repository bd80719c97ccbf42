/**
 * MQL -> SQL -> won, by whatever people ask for, out of the rows themselves. A person is in the cohort of the day on which
 * they qualified and stays there. `mql` counts people (those who joined a colleague's handoff too), `won` handoffs.
 * Times run from the qualifying instant in elapsed time; a deal counts from when the contact
 * became an opportunity: a person made one, or moved the one that policy made.
 */
import type { Instant } from '@baton/domain/kernel/time.ts';
import { MEASURES, type MeasureId, type MeasureTime } from '@baton/domain/measures/measures.ts';
import type { Queryable } from '../database/queryable.ts';

/** What a funnel can be divided by, as SQL over `handoff h`, `rep r` and `touch` (first touch at qualification). */
const DIVISIONS = {
  all: `'all'`,
  source: `coalesce(h.touches::json #>> '{first,source}', '(blank)')`,
  'latest-source': `coalesce(h.touches::json #>> '{latest,source}', '(blank)')`,
  origin: `coalesce(h.touches::json #>> '{first,detail}', '(blank)')`,
  campaign: `coalesce(h.touches::json #>> '{first,campaign}', '(blank)')`,
  form: `coalesce(h.touches::json #>> '{first,form}', '(blank)')`,
  team: `coalesce(h.team_id, '(no team)')`,
  rep: `coalesce(r.name, '(queue ' || h.queue_id || ')')`,
  criterion: 'h.rule_id',
  intent: 'h.intent',
  policy: 'left(h.policy_hash, 12)',
  week: `to_char(date_trunc('week', instant_at(h.qualified_at) at time zone 'UTC'), 'YYYY-MM-DD')`,
  month: `to_char(instant_at(h.qualified_at) at time zone 'UTC', 'YYYY-MM')`,
} as const;
export type FunnelDivision = keyof typeof DIVISIONS;
/** What a funnel can be divided by. */
export const FUNNEL_DIVISIONS = Object.keys(DIVISIONS) as readonly FunnelDivision[];

export type Spread = {
  /** How many the figures are of. */
  readonly count: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
};

export type FunnelRow = {
  readonly group: string;
  readonly mql: number;
  /** Accepted by sales. */
  readonly sql: number;
  /** Of `sql`, those that sales gave back or that were withdrawn afterwards. */
  readonly sqlWithdrawn: number;
  readonly contacted: number;
  readonly deals: number;
  readonly won: number;
  readonly lost: number;
  readonly rejected: number;
  /** Kept and broken response promises; those still running count in neither. */
  readonly promisesKept: number;
  readonly promisesBroken: number;
  readonly toAccept: Spread;
  readonly toContact: Spread;
  readonly toDeal: Spread;
  readonly toWon: Spread;
};

export type FunnelChoice = {
  readonly by: FunnelDivision;
  /** Cohorts of people who qualified at or after this instant, and before that one. */
  readonly since?: Instant | null;
  readonly until?: Instant | null;
};

const spread = (name: string, ms: string): string => `
  count(${ms}) as ${name}_count,
  percentile_cont(0.5) within group (order by ${ms}) as ${name}_median,
  percentile_cont(0.9) within group (order by ${ms}) as ${name}_p90`;

/** Where the rows keep the instants that measures run between. */
const INSTANTS: { readonly [time in MeasureTime]: string } = {
  qualifiedAt: 'h.qualified_at',
  acceptedAt: 'h.accepted_at',
  contactedAt: 'h.contacted_at',
  dealAt: 'deal_at.at',
  wonAt: `case when d.status = 'won' then d.closed_at end`,
};

/** One measure as SQL, from its one definition: its end less its start, null before it has ended. */
const measured = (id: MeasureId): string => `(${INSTANTS[MEASURES[id].end]}) - (${INSTANTS[MEASURES[id].start]})`;

const statement = (by: FunnelDivision): string => `
  with person as (
    select h.id, true as own from handoff h
    union all
    select m.handoff_id, false from handoff_member m join handoff h on h.id = m.handoff_id where m.contact_id <> h.contact_id
  ), promise as materialized (
    select distinct on (handoff_id) handoff_id, how from handoff_clock
    where kind = 'response' and how in ('kept', 'broken') order by handoff_id, stopped_at
  ), opportunity as materialized (
    select h.id as handoff_id, min(e.at) as at from handoff h
    join stage_entry e on e.contact_id = h.contact_id and e.to_stage = 'opportunity' and e.at >= h.qualified_at group by h.id
  ), row_of as (
    select ${DIVISIONS[by]} as "group", person.own, h.status, h.accepted_at, h.contacted_at,
      ${measured('handoff-to-accept')} as to_accept,
      ${measured('handoff-to-contact')} as to_contact,
      ${measured('handoff-to-deal')} as to_deal,
      ${measured('handoff-to-won')} as to_won,
      case when h.status = 'won' then 1 end as won,
      case when h.status = 'lost' then 1 end as lost,
      clock.how as promise
    from person
    join handoff h on h.id = person.id
    left join rep r on r.id = h.owner_id
    left join deal d on d.id = h.deal_id
    left join opportunity deal_at on deal_at.handoff_id = h.id
    left join promise clock on clock.handoff_id = h.id
    where h.kind <> 'own'
      and ($1::bigint is null or h.qualified_at >= $1) and ($2::bigint is null or h.qualified_at < $2)
  )
  select "group", count(*) as mql,
    count(*) filter (where accepted_at is not null) as sql,
    count(*) filter (where accepted_at is not null and status in ('rejected', 'withdrawn')) as sql_withdrawn,
    count(*) filter (where contacted_at is not null) as contacted,
    count(*) filter (where own and to_deal is not null) as deals,
    count(won) filter (where own) as won,
    count(lost) filter (where own) as lost,
    count(*) filter (where status = 'rejected') as rejected,
    count(*) filter (where own and promise = 'kept') as kept,
    count(*) filter (where own and promise = 'broken') as broken,
    ${[
      ['to_accept', 'to_accept'],
      ['to_contact', 'to_contact'],
      ['to_deal', 'case when own then to_deal end'],
      ['to_won', 'case when own then to_won end'],
    ]
      .map(([name, ms]) => spread(name ?? '', ms ?? ''))
      .join(',')}
  from row_of group by 1 order by mql desc, 1`;

type Row = { readonly [column: string]: number | null } & { readonly group: string };

/** The funnel, one row for each group, largest first. One statement; reads each handoff of the cohort once. */
export const loadFunnel = async (client: Queryable, choice: FunnelChoice): Promise<readonly FunnelRow[]> => {
  const { rows } = await client.query<Row>(statement(choice.by), [choice.since ?? null, choice.until ?? null]);
  return rows.map((row) => {
    const of = (column: string): number => row[column] ?? 0;
    const spreadOf = (name: string): Spread => ({
      count: of(`${name}_count`),
      medianMs: rounded(row[`${name}_median`]),
      p90Ms: rounded(row[`${name}_p90`]),
    });
    return {
      group: row.group,
      mql: of('mql'),
      sql: of('sql'),
      sqlWithdrawn: of('sql_withdrawn'),
      contacted: of('contacted'),
      deals: of('deals'),
      won: of('won'),
      lost: of('lost'),
      rejected: of('rejected'),
      promisesKept: of('kept'),
      promisesBroken: of('broken'),
      toAccept: spreadOf('to_accept'),
      toContact: spreadOf('to_contact'),
      toDeal: spreadOf('to_deal'),
      toWon: spreadOf('to_won'),
    };
  });
};

const rounded = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms);
