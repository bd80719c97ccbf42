import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { findRep, type PeopleError } from './reps.ts';
import { holdPeople, settleLedgers } from './settleLedgers.ts';

const TEAM_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Makes the team where there is none of that id; policies name teams by it. */
export const ensureTeam = async (
  client: Queryable,
  id: string,
  name: string | null,
): Promise<Result<string, PeopleError>> => {
  if (!TEAM_ID.test(id) || id.length > 60) {
    return err({
      code: 'team-id-invalid',
      say: `"${id}" can't name a team: lower case, digits and hyphens, e.g. inbound.`,
    });
  }
  await client.query(
    'insert into team (id, name) values ($1, $2) on conflict (id) do update set name = coalesce($3, team.name)',
    [id, name ?? id, name],
  );
  return ok(id);
};

/** Puts a rep into a team with a weight (100 is a full share, 0 takes none); a member's weight is changed. */
export const setMember = async (
  client: Queryable,
  team: string,
  rep: string,
  weight: number,
): Promise<Result<number, PeopleError>> => {
  const repId = await findRep(client, rep);
  if (repId === null)
    return err({ code: 'rep-unknown', say: `There is no rep "${rep}". "baton team list" names them.` });
  const found = await client.query('select 1 from team where id = $1', [team]);
  if (found.rows.length === 0) {
    return err({ code: 'team-unknown', say: `There is no team "${team}". Make it with "baton team add ${team}".` });
  }
  await client.query(
    `insert into team_member (team_id, rep_id, weight) values ($1, $2, $3)
     on conflict (team_id, rep_id) do update set weight = excluded.weight where team_member.weight <> excluded.weight`,
    [team, repId, weight],
  );
  return ok(repId);
};

/**
 * Takes a rep out of a team. What the team's ledgers owe them, or they owe, is shared out by weight among those who stay, in
 * the same transaction. The rep keeps what they hold.
 */
export const removeMember = async (pool: Pool, team: string, rep: string): Promise<Result<number, PeopleError>> =>
  inTransaction(pool, async (client) => {
    await holdPeople(client);
    const repId = await findRep(client, rep);
    if (repId === null)
      return err({ code: 'rep-unknown', say: `There is no rep "${rep}". "baton team list" names them.` });
    const { rowCount } = await client.query('delete from team_member where team_id = $1 and rep_id = $2', [
      team,
      repId,
    ]);
    if (rowCount === 0) return err({ code: 'not-a-member', say: `${rep} is not in team ${team}.` });
    await settleLedgers(client, repId, team);
    return ok(repId);
  });

export type ListedTeam = {
  readonly id: string;
  readonly name: string;
  readonly members: readonly { readonly repId: number; readonly name: string; readonly weight: number }[];
};

/** All teams with their members. */
export const listTeams = async (client: Queryable): Promise<readonly ListedTeam[]> => {
  const { rows } = await client.query<{ id: string; name: string; members: ListedTeam['members'] | null }>(
    `select team.id, team.name,
       (select json_agg(json_build_object('repId', rep.id, 'name', rep.name, 'weight', weight) order by rep.id)
          from team_member join rep on rep.id = rep_id where team_id = team.id) as members
     from team order by team.id`,
  );
  return rows.map((row) => ({ ...row, members: row.members ?? [] }));
};
