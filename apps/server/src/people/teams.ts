import type { RampStep } from '@baton/domain/assignment/assignment.ts';
import type { ContactId, TeamId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { askAgain, type Changed, changePeople } from './changePeople.ts';
import { openOn } from './openOn.ts';
import type { PeopleError } from './peopleError.ts';
import { findRep } from './reps.ts';
import { holdPeople, settleLedgers } from './settleLedgers.ts';
import {
  changeWorkingTime,
  type ShownWorkingTime,
  showWorkingTime,
  touchesWorkingTime,
  type WorkingTime,
  type WorkingTimeChange,
} from './workingTime.ts';

const TEAM_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const WEIGHT_MAX = 1_000_000;
const RAMP_STEPS_MAX = 24;
/** So many handoffs are recomputed in the transaction of an edit; of more, those beyond follow a moment later. */
const AT_ONCE_MAX = 1_000;

const unknownRep = (rep: string): PeopleError => ({
  code: 'rep-unknown',
  say: `There is no rep "${rep}". "baton rep list" names them.`,
});
const unknownTeam = (team: string): PeopleError => ({
  code: 'team-unknown',
  say: `There is no team "${team}". Make it with "baton team add ${team}".`,
});

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
    `insert into team (id, name) values ($1, $2)
     on conflict (id) do update set name = $3 where $3::text is not null and team.name <> $3`,
    [id, name ?? id, name],
  );
  return ok(id);
};

/** What is absent stays as it is; null takes it away. */
export type TeamChange = WorkingTimeChange & {
  readonly name?: string;
  /** An address, a number or a name. */
  readonly manager?: string | null;
  readonly catchUp?: boolean;
};

/**
 * Changes a team. A changed calendar has what runs on it recomputed in the same transaction (of very many, those beyond the
 * first thousand a moment later); what is broken already stays broken. Answers how many handoffs moved.
 */
export const changeTeam = async (
  deps: DecideContactsDeps,
  team: TeamId,
  change: TeamChange,
): Promise<Result<Changed<TeamId>, PeopleError>> => {
  const apply = (client: PoolClient) => writeTeam(client, team, change);
  if (!touchesWorkingTime(change)) {
    const written = await inTransaction(deps.pool, async (client) => {
      await holdPeople(client);
      return apply(client);
    });
    return written.ok ? ok({ value: team, decided: 0 }) : written;
  }
  return changePeople(deps, {
    concerned: async (client) => (await openOfTeam(client, team)).slice(0, AT_ONCE_MAX),
    apply: async (client) => {
      const written = await apply(client);
      if (!written.ok) return written;
      await askAgain(client, (await openOfTeam(client, team)).slice(AT_ONCE_MAX), 'calendar', {
        kind: 'calendar-changed',
      });
      return written;
    },
    input: { kind: 'calendar-changed' },
    cause: 'calendar',
  });
};

/**
 * Contacts of what is open in a team or runs on its calendar, or would if it had begun now: what waits in its queue, and what
 * its members have that runs on no hours at all. In an order that new ones come last in. Linear in what is open.
 */
const openOfTeam = async (client: Queryable, team: TeamId): Promise<readonly ContactId[]> => {
  const { rows } = await client.query<{ contact_id: number }>(
    `select h.contact_id from handoff h join contact c on c.id = h.contact_id
     where h.closed_at is null and h.status <> 'deal' and (h.team_id = $1 or h.queue_id = $1
       or (exists (select from team_member m where m.team_id = $1 and m.rep_id = h.owner_id)
         and strpos(c.state, '"on":"team/') = 0 and strpos(c.state, '"on":"rep/') = 0))
     order by h.id`,
    [team],
  );
  return [...new Set([...rows.map((row) => row.contact_id), ...(await openOn(client, `team/${team}`))])];
};

/** Changes a team that has no leads yet: what is open is not looked at. */
export const setUpTeam = (pool: Pool, team: TeamId, change: TeamChange): Promise<Result<TeamId, PeopleError>> =>
  inTransaction(pool, async (client) => {
    await holdPeople(client);
    return writeTeam(client, team, change);
  });

const writeTeam = async (
  client: PoolClient,
  team: TeamId,
  change: TeamChange,
): Promise<Result<TeamId, PeopleError>> => {
  const { rows } = await client.query<WorkingTime & { manager_id: number | null }>(
    'select time_zone, hours, holidays, manager_id from team where id = $1 for no key update',
    [team],
  );
  const before = rows[0];
  if (before === undefined) return err(unknownTeam(team));
  const time = await changeWorkingTime(client, before, change);
  if (!time.ok) return time;
  const manager = typeof change.manager === 'string' ? await findRep(client, change.manager) : null;
  if (typeof change.manager === 'string' && manager === null) return err(unknownRep(change.manager));
  await client.query(
    `update team set name = coalesce($2, name), time_zone = $3, hours = $4, holidays = $5, manager_id = $6,
       catch_up = coalesce($7, catch_up) where id = $1`,
    [
      team,
      change.name ?? null,
      time.value.time_zone,
      time.value.hours,
      time.value.holidays,
      change.manager === undefined ? before.manager_id : manager,
      change.catchUp ?? null,
    ],
  );
  return ok(team);
};

/** A member's share; what is absent stays as it is, a ramp of null is taken away. */
export type MemberChange = { readonly weight?: number; readonly ramp?: readonly RampStep[] | null };

/**
 * Puts a rep into a team with a weight (100 is a full share, 0 takes none) and, for a new hire, a ramp of dated weights; a
 * member's are changed. Nobody's balance moves.
 */
export const setMember = async (
  client: Queryable,
  team: string,
  rep: string,
  share: number | MemberChange,
): Promise<Result<number, PeopleError>> => {
  const { weight, ramp }: MemberChange = typeof share === 'number' ? { weight: share } : share;
  const wrong = [...(weight === undefined ? [] : [weight]), ...(ramp ?? []).map((step) => step.weight)].find(
    (one) => !Number.isInteger(one) || one < 0 || one > WEIGHT_MAX,
  );
  if (wrong !== undefined)
    return err({ code: 'weight-invalid', say: `A weight is a whole number from 0 to ${WEIGHT_MAX}; ${wrong} is not.` });
  const ascends = (ramp ?? []).every((step, index) => index === 0 || step.from > (ramp?.[index - 1]?.from ?? 0));
  if (!ascends || (ramp ?? []).length > RAMP_STEPS_MAX)
    return err({
      code: 'ramp-invalid',
      say: `A ramp is at most ${RAMP_STEPS_MAX} steps, each later than the one before.`,
    });
  const repId = await findRep(client, rep);
  if (repId === null) return err(unknownRep(rep));
  const found = await client.query('select 1 from team where id = $1', [team]);
  if (found.rows.length === 0) return err(unknownTeam(team));
  await client.query(
    `insert into team_member (team_id, rep_id, weight, ramp) values ($1, $2, coalesce($3::int, 100), $4)
     on conflict (team_id, rep_id) do update set weight = coalesce($3::int, team_member.weight),
       ramp = case when $5 then excluded.ramp else team_member.ramp end
     where team_member.weight <> coalesce($3::int, team_member.weight)
       or ($5 and team_member.ramp is distinct from excluded.ramp)`,
    [
      team,
      repId,
      weight ?? null,
      ramp === undefined || ramp === null || ramp.length === 0
        ? null
        : JSON.stringify(ramp.map((step) => [step.from, step.weight])),
      ramp !== undefined,
    ],
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
    if (repId === null) return err(unknownRep(rep));
    const { rowCount } = await client.query('delete from team_member where team_id = $1 and rep_id = $2', [
      team,
      repId,
    ]);
    if (rowCount === 0) return err({ code: 'not-a-member', say: `${rep} is not in team ${team}.` });
    await settleLedgers(client, repId, team);
    return ok(repId);
  });

export type ListedTeam = ShownWorkingTime & {
  readonly id: string;
  readonly name: string;
  readonly manager: { readonly id: number; readonly name: string } | null;
  readonly catchUp: boolean;
  readonly members: readonly {
    readonly repId: number;
    readonly name: string;
    readonly weight: number;
    readonly ramp: readonly RampStep[];
  }[];
};

type TeamRow = WorkingTime & {
  id: string;
  name: string;
  manager_id: number | null;
  manager_name: string | null;
  catch_up: boolean;
  members: { repId: number; name: string; weight: number; ramp: string | null }[] | null;
};

/** Teams in order of their ids, at most `limit`, those after `after`; with their members. */
export const listTeams = async (
  client: Queryable,
  page: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly ListedTeam[]> => {
  const { rows } = await client.query<TeamRow>(
    `select team.id, team.name, team.time_zone, team.hours, team.holidays, team.manager_id, manager.name as manager_name,
       team.catch_up, (select json_agg(json_build_object('repId', rep.id, 'name', rep.name, 'weight', weight, 'ramp', ramp)
          order by rep.id) from team_member join rep on rep.id = rep_id where team_id = team.id) as members
     from team left join rep manager on manager.id = team.manager_id
     where team.id collate "C" > $1 order by team.id collate "C" limit $2`,
    [page.after ?? '', page.limit ?? 1_000],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...showWorkingTime(row),
    manager: row.manager_id === null ? null : { id: row.manager_id, name: row.manager_name ?? '' },
    catchUp: row.catch_up,
    members: (row.members ?? []).map(({ ramp, ...member }) => ({
      ...member,
      ramp: ramp === null ? [] : (JSON.parse(ramp) as [number, number][]).map(([from, weight]) => ({ from, weight })),
    })),
  }));
};
