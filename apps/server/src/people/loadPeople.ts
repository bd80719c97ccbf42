import type { Absence, People, RampStep, Rep, Team, TeamMember } from '@baton/domain/assignment/assignment.ts';
import type { TerritoryCondition, TerritoryRow } from '@baton/domain/assignment/territory.ts';
import type { RepId, TeamId } from '@baton/domain/kernel/ids.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Calendar } from '@baton/domain/promise/clock.ts';
import type { Queryable } from '../database/queryable.ts';
import { calendarOf, zoneData } from './calendars.ts';

type Hours = { time_zone: string | null; hours: string | null; holidays: string | null };
type RepRow = Hours & {
  id: number;
  name: string;
  email: string;
  active: boolean;
  selling: boolean;
  caps: string;
  cover_id: number | null;
  manager_id: number | null;
  skills: string;
};
type TeamRow = Hours & { id: string; name: string; manager_id: number | null; catch_up: boolean };
/** A member of a team as rows keep it; without a weight it was one once. */
export type MemberRow = { team_id: string; rep_id: number; weight: number | null; ramp: string | null };
type AbsenceRow = { rep_id: number; from_at: number; to_at: number | null; why: Absence['why'] };
type StoredTerritory = {
  name: string;
  conditions: string;
  rep_id: number | null;
  team_id: string | null;
  valid_from: number | null;
  valid_to: number | null;
};

const REP = 'name, email, active, selling, caps, time_zone, hours, holidays, cover_id, manager_id, skills';
const TEAM = 'name, time_zone, hours, holidays, manager_id, catch_up';
const TERRITORY = `select name, conditions, rep_id, team_id, valid_from, valid_to from territory_row where import_id =`;

/** Absences that ended longer ago than this concern no decision of now. */
const ABSENCES_BACK_MS = 35 * DAY_MS;

const NOW = {
  reps: `select id, ${REP} from rep order by id`,
  teams: `select id, ${TEAM} from team order by id`,
  members: 'select team_id, rep_id, weight, ramp from team_member order by team_id, rep_id',
  absences: `select rep_id, from_at, to_at, why from rep_absence
    where removed_at is null and (to_at is null or to_at > $1) order by rep_id, from_at, id`,
  territories: `${TERRITORY} (select max(id) from territory_import) order by position`,
} as const;

const THEN = {
  reps: `select distinct on (rep_id) rep_id as id, ${REP} from rep_version
    where valid_from <= $1 order by rep_id, valid_from desc, recorded_at desc`,
  // a team that was made before its versions were kept is taken as it is
  teams: `select team.id, known.* from team, lateral (
      select ${TEAM} from (
        select ${TEAM}, valid_from, recorded_at from team_version where team_id = team.id and valid_from <= $1
        union all select team.name, team.time_zone, team.hours, team.holidays, team.manager_id, team.catch_up, -1, -1
      ) version order by valid_from desc, recorded_at desc limit 1
    ) known order by team.id`,
  members: `select distinct on (team_id, rep_id) team_id, rep_id, weight, ramp from team_member_version
    where valid_from <= $1 order by team_id, rep_id, valid_from desc, recorded_at desc`,
  absences: `select rep_id, from_at, to_at, why from rep_absence
    where recorded_at <= $2 and (removed_at is null or removed_at > $2) and (to_at is null or to_at > $1)
    order by rep_id, from_at, id`,
  territories: `${TERRITORY} (select max(id) from territory_import where at <= $1) order by position`,
} as const;

/**
 * Reps, teams and territories as they are now, or as they were at `at` by what was known of them then, with calendars
 * resolved over a year and more around that instant: an answer is good for a day. Linear in reps, members and territories.
 * Whoever asks often keeps the answer until `reference_version` of `people` moves, or a day has gone by.
 */
export const loadPeople = async (client: Queryable, at: Instant | null = null): Promise<People> => {
  const sql = at === null ? NOW : THEN;
  const values = at === null ? [] : [at];
  const now = at ?? (await client.query<{ now: Instant }>('select now_ms() as now')).rows[0]?.now ?? 0;
  const reps = (await client.query<RepRow>(sql.reps, values)).rows;
  const teams = (await client.query<TeamRow>(sql.teams, values)).rows;
  const members = (await client.query<MemberRow>(sql.members, values)).rows;
  const absences = (await client.query<AbsenceRow>(sql.absences, [now - ABSENCES_BACK_MS, ...values])).rows;
  const territories = (await client.query<StoredTerritory>(sql.territories, values)).rows;

  const absencesOf = Map.groupBy(absences, (row) => row.rep_id);
  const membersOf = Map.groupBy(members, (row) => row.team_id);
  const people = { reps: new Map<RepId, Rep>(), teams: new Map<TeamId, Team>() };
  for (const row of reps) {
    const calendar = await resolved(row, now);
    const away = absencesOf.get(row.id);
    const skills = JSON.parse(row.skills) as string[];
    people.reps.set(row.id, {
      id: row.id,
      name: row.name,
      email: row.email,
      active: row.active,
      selling: row.selling,
      caps: JSON.parse(row.caps) as Rep['caps'],
      ...(calendar === null ? {} : { calendar }),
      ...(away === undefined ? {} : { absences: away.map(({ from_at: from, to_at: to, why }) => ({ from, to, why })) }),
      ...(row.cover_id === null ? {} : { coverId: row.cover_id }),
      ...(row.manager_id === null ? {} : { managerId: row.manager_id }),
      ...(skills.length === 0 ? {} : { skills }),
      ...(row.time_zone === null ? {} : { timeZone: row.time_zone }),
    });
  }
  for (const row of teams) {
    const calendar = await resolved(row, now);
    people.teams.set(row.id, {
      id: row.id,
      name: row.name,
      members: (membersOf.get(row.id) ?? []).filter(isMember).map(toMember),
      ...(calendar === null ? {} : { calendar }),
      ...(row.manager_id === null ? {} : { managerId: row.manager_id }),
      ...(row.catch_up ? { catchUp: true } : {}),
    });
  }
  return {
    ...people,
    ...(territories.length === 0 ? {} : { territories: territories.map(toTerritory) }),
    zoneData: zoneData(),
  };
};

/** Null: nothing is said about their hours, so they are always there. */
const resolved = async ({ time_zone: zone, hours, holidays }: Hours, now: Instant): Promise<Calendar | null> =>
  zone === null || hours === null ? null : calendarOf({ zone, hours, holidays }, now);

const isMember = (row: MemberRow): row is MemberRow & { weight: number } => row.weight !== null;

/** The member of a row. */
export const toMember = ({ rep_id: repId, weight, ramp }: MemberRow & { weight: number }): TeamMember => ({
  repId,
  weight,
  ...(ramp === null ? {} : { ramp: (JSON.parse(ramp) as [Instant, number][]).map(toStep) }),
});

const toStep = ([from, weight]: [Instant, number]): RampStep => ({ from, weight });

const toTerritory = (row: StoredTerritory): TerritoryRow => ({
  id: row.name,
  when: JSON.parse(row.conditions) as TerritoryCondition[],
  to: row.rep_id === null ? { kind: 'team', team: row.team_id ?? '' } : { kind: 'rep', repId: row.rep_id },
  validFrom: row.valid_from,
  validTo: row.valid_to,
});

/** The rep that an address or a name means, without regard to case. Linear. */
export const findRepIn = (reps: ReadonlyMap<number, Rep>, named: string): Rep | undefined => {
  const wanted = named.trim().toLowerCase();
  return [...reps.values()].find((rep) => rep.email.toLowerCase() === wanted || rep.name.toLowerCase() === wanted);
};
