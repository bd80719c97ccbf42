import type { Pool } from 'pg';

/** Where `fallDue` remembers what it made due: ids of handoffs don't ascend over nodes. */
export const prepareFallDue = (pool: Pool) => pool.query('create table fell_due (handoff_id bigint primary key)');

/**
 * Makes the running response clocks of all handoffs that did not fall due yet do so, evenly over `spreadMs` from `fromMs`
 * from now, in row and state alike, as if they had been promised so. Answers how many it made due.
 */
export const fallDue = async (pool: Pool, fromMs: number, spreadMs: number): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    `with due as materialized (
       select h.id, h.contact_id,
         now_ms() + $1::int8 + (row_number() over (order by h.id) - 1) * $2::int8 / count(*) over () as at
       from handoff h where h.status in ('offered', 'open') and not exists (select from fell_due f where f.handoff_id = h.id)
     ), kept as (
       insert into fell_due select id from due
     ), states as (
       update contact c set state = jsonb_set(c.state::jsonb, '{handoff,response,dueAt}', to_jsonb(d.at))::text
       from due d where c.id = d.contact_id
     ), clocks as (
       update handoff_clock k set due_at = d.at, next_at = d.at
       from due d where k.handoff_id = d.id and k.kind = 'response' and k.stopped_at is null
     )
     select count(*) as count from due`,
    [fromMs, spreadMs],
  );
  return rows[0]?.count ?? 0;
};
