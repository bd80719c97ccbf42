import type { Queryable } from '../database/queryable.ts';

/** How one leg of leads that were passed on inside sales kept its promise of contact. */
export type LegRow = {
  readonly leg: 'first' | 'second';
  /** Handoffs that had this leg. */
  readonly handoffs: number;
  /** Of these, how many its rep made contact in, and in how many of them in time. */
  readonly contacted: number;
  readonly kept: number;
  /** From the leg's begin to its contact, half of them sooner; null: nobody was reached. */
  readonly medianMs: number | null;
};

const READ = `
  with passed as (
    select o.handoff_id, min(o.at) as at from handoff_offer o where o.how = 'leg' group by o.handoff_id
  ), promises as (
    select c.handoff_id, case when c.started_at >= p.at then 'second' else 'first' end as leg,
      c.started_at, c.stopped_at, c.how
    from handoff_clock c join passed p on p.handoff_id = c.handoff_id where c.kind = 'response'
  )
  select leg, count(distinct handoff_id) as handoffs,
    count(*) filter (where how in ('kept', 'broken')) as contacted,
    count(*) filter (where how = 'kept') as kept,
    percentile_cont(0.5) within group (order by stopped_at - started_at) filter (where how in ('kept', 'broken')) as median
  from promises group by leg order by leg`;

/**
 * Both legs of every lead that was passed on inside sales, apart: the second one's response clock is its own. A lead that was
 * passed on before any contact has one clock, which counts as the leg in which it began. Linear in such leads.
 */
export const loadLegs = async (client: Queryable): Promise<readonly LegRow[]> => {
  type Row = { leg: LegRow['leg']; handoffs: number; contacted: number; kept: number; median: number | null };
  const { rows } = await client.query<Row>(READ);
  return rows.map(({ leg, handoffs, contacted, kept, median }) => ({
    leg,
    handoffs,
    contacted,
    kept,
    medianMs: median === null ? null : Math.round(median),
  }));
};
