import type { Absence, Rep } from '@baton/domain/assignment/assignment.ts';
import type { RepId } from '@baton/domain/kernel/ids.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Queryable } from '../database/queryable.ts';
import { type ShownWorkingTime, showWorkingTime, type WorkingTime } from './workingTime.ts';

/** A rep as lists and the rep's own page show them. */
export type ListedRep = ShownWorkingTime & {
  readonly id: RepId;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly selling: boolean;
  readonly caps: Rep['caps'];
  readonly skills: readonly string[];
  readonly cover: { readonly id: RepId; readonly name: string } | null;
  readonly manager: { readonly id: RepId; readonly name: string } | null;
  readonly teams: readonly { readonly team: string; readonly weight: number }[];
  /** The absence that holds now, or null. */
  readonly absence: Absence | null;
  readonly openHandoffs: number;
};

type Row = WorkingTime & {
  id: number;
  name: string;
  email: string;
  active: boolean;
  selling: boolean;
  caps: string;
  skills: string;
  cover_id: number | null;
  cover_name: string | null;
  manager_id: number | null;
  manager_name: string | null;
  teams: { team: string; weight: number }[] | null;
  why: Absence['why'] | null;
  from_at: Instant | null;
  to_at: Instant | null;
  open: number;
};

const SELECT = `
select rep.id, rep.name, rep.email, rep.active, rep.selling, rep.caps, rep.skills, rep.time_zone, rep.hours, rep.holidays,
  rep.cover_id, cover.name as cover_name, rep.manager_id, manager.name as manager_name, away.why, away.from_at, away.to_at,
  (select json_agg(json_build_object('team', team_id, 'weight', weight) order by team_id)
    from team_member where rep_id = rep.id) as teams,
  (select count(*)::int from handoff where owner_id = rep.id and closed_at is null) as open
from rep left join rep cover on cover.id = rep.cover_id left join rep manager on manager.id = rep.manager_id
  left join lateral (
    select why, from_at, to_at from rep_absence where rep_id = rep.id and removed_at is null
      and from_at <= now_ms() and (to_at is null or to_at > now_ms()) order by to_at desc nulls first limit 1
  ) away on true`;

/** Reps in order of their ids, at most `limit`, those after `after`; with their teams and how many handoffs they hold. */
export const listReps = async (
  client: Queryable,
  page: { readonly after?: RepId; readonly limit?: number } = {},
): Promise<readonly ListedRep[]> => {
  const { rows } = await client.query<Row>(`${SELECT} where rep.id > $1 order by rep.id limit $2`, [
    page.after ?? 0,
    page.limit ?? 1_000,
  ]);
  return rows.map(toListed);
};

/** One rep as lists show them, or null. */
export const readRep = async (client: Queryable, repId: RepId): Promise<ListedRep | null> => {
  const { rows } = await client.query<Row>(`${SELECT} where rep.id = $1`, [repId]);
  return rows[0] === undefined ? null : toListed(rows[0]);
};

const toListed = (row: Row): ListedRep => ({
  id: row.id,
  name: row.name,
  email: row.email,
  active: row.active,
  selling: row.selling,
  caps: JSON.parse(row.caps) as Rep['caps'],
  skills: JSON.parse(row.skills) as string[],
  ...showWorkingTime(row),
  cover: row.cover_id === null ? null : { id: row.cover_id, name: row.cover_name ?? '' },
  manager: row.manager_id === null ? null : { id: row.manager_id, name: row.manager_name ?? '' },
  teams: row.teams ?? [],
  absence: row.why === null || row.from_at === null ? null : { why: row.why, from: row.from_at, to: row.to_at },
  openHandoffs: row.open,
});
