import type { People, Rep, TeamMember } from '@baton/domain/assignment/assignment.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Queryable } from '../database/queryable.ts';

type RepRow = { id: number; name: string; email: string; active: boolean; selling: boolean; caps: string };
type MemberRow = { team_id: string; team_name: string; rep_id: number | null; weight: number | null };

const NOW = {
  reps: 'select id, name, email, active, selling, caps from rep order by id',
  members: `select team.id as team_id, team.name as team_name, rep_id, weight
    from team left join team_member on team_member.team_id = team.id order by team.id, rep_id`,
} as const;

const THEN = {
  reps: `select distinct on (rep_id) rep_id as id, name, email, active, selling, caps from rep_version
    where valid_from <= $1 order by rep_id, valid_from desc, recorded_at desc`,
  members: `select team.id as team_id, team.name as team_name, member.rep_id, member.weight
    from team left join lateral (
      select distinct on (rep_id) rep_id, weight from team_member_version
      where team_id = team.id and valid_from <= $1 order by rep_id, valid_from desc, recorded_at desc
    ) member on true order by team.id, member.rep_id`,
} as const;

/**
 * Reps and teams as they are now, or as they were at `at` by what is recorded of them. Linear in reps and members. Whoever
 * asks often keeps the answer until `reference_version` of `people` moves.
 */
export const loadPeople = async (client: Queryable, at: Instant | null = null): Promise<People> => {
  const sql = at === null ? NOW : THEN;
  const values = at === null ? [] : [at];
  const reps = new Map<number, Rep>();
  for (const row of (await client.query<RepRow>(sql.reps, values)).rows) {
    reps.set(row.id, {
      id: row.id,
      name: row.name,
      email: row.email,
      active: row.active,
      selling: row.selling,
      caps: JSON.parse(row.caps) as Rep['caps'],
    });
  }
  const teams = new Map<string, { id: string; name: string; members: TeamMember[] }>();
  for (const row of (await client.query<MemberRow>(sql.members, values)).rows) {
    const team = teams.get(row.team_id) ?? { id: row.team_id, name: row.team_name, members: [] };
    if (row.rep_id !== null && row.weight !== null) team.members.push({ repId: row.rep_id, weight: row.weight });
    teams.set(row.team_id, team);
  }
  return { reps, teams };
};

/** The rep that an address or a name means, without regard to case. Linear. */
export const findRepIn = (reps: ReadonlyMap<number, Rep>, named: string): Rep | undefined => {
  const wanted = named.trim().toLowerCase();
  return [...reps.values()].find((rep) => rep.email.toLowerCase() === wanted || rep.name.toLowerCase() === wanted);
};
