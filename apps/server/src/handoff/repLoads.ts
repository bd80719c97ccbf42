import type { People, RepLoad } from '@baton/domain/assignment/assignment.ts';
import { capSpan } from '@baton/domain/assignment/availability.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { Queryable } from '../database/queryable.ts';

/**
 * What each of these reps carries, as their caps count it: leads of their own calendar's day and week (UTC's where none is
 * known), and what is offered, open or tried. Whoever decides by it has locked the reps before. Linear in reps and their
 * leads of a week.
 */
export const readLoads = async (
  client: Queryable | ClientBase,
  reps: readonly RepId[],
  people: Pick<People, 'reps'>,
  now: Instant,
): Promise<ReadonlyMap<RepId, RepLoad>> => {
  const spans = reps.map((id) => capSpan(people.reps.get(id)?.calendar, now));
  const { rows } = await client.query<[RepId, number, number, number]>({
    name: 'rep-loads',
    text: `select r.id,
        (select count(*) from handoff_offer o where o.rep_id = r.id and o.at >= r.day_from),
        (select count(*) from handoff_offer o where o.rep_id = r.id and o.at >= r.week_from),
        (select count(*) from handoff h
          where h.owner_id = r.id and h.closed_at is null and h.status in ('offered', 'open', 'working'))
      from unnest($1::int8[], $2::int8[], $3::int8[]) as r(id, day_from, week_from)`,
    values: [
      int8Array(reps),
      int8Array(spans.map(({ dayFrom }) => dayFrom)),
      int8Array(spans.map(({ weekFrom }) => weekFrom)),
    ],
    rowMode: 'array',
  });
  return new Map(rows.map(([id, today, thisWeek, open]) => [id, { today, thisWeek, open }]));
};
