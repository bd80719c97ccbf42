/** The sales floor of the generated company: teams with their hours, reps in three time zones, and who leads them. */
import type { Result } from '@baton/domain/kernel/result.ts';
import { DAY_MS, type Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import { addTimeOff } from '../people/absences.ts';
import type { PeopleError } from '../people/peopleError.ts';
import { addRep, findRep, type RepChange, setUpRep } from '../people/reps.ts';
import { ensureTeam, type MemberChange, setMember, setUpTeam, type TeamChange } from '../people/teams.ts';
import { DEMO_DOMAIN } from './world.ts';

type FloorRep = {
  readonly name: string;
  /** Null: leads, and takes no leads. */
  readonly team: 'demo-inbound' | 'demo-dach' | null;
  readonly change: RepChange;
  /** Their share; 100 when left out. A ramp is in days before the story's now. */
  readonly weight?: number;
  readonly ramp?: readonly (readonly [daysAgo: number, weight: number])[];
};

const BERLIN = { timeZone: 'Europe/Berlin', hours: 'mon-fri 09:00-12:30, 13:30-18:00', holidays: 'DE' } as const;
const LONDON = { timeZone: 'Europe/London', hours: 'mon-fri 08:30-12:30, 13:15-17:15', holidays: 'GB-ENG' } as const;
const NEW_YORK = { timeZone: 'America/New_York', hours: 'mon-fri 08:00-12:00, 13:00-17:00', holidays: 'US' } as const;

const MANAGER = 'Viktor Salas';
const AWAY = 'Petra Nyqvist';
const AWAY_DAYS = 5;

const emailOf = (name: string): string => `${name.toLowerCase().replace(' ', '.')}@${DEMO_DOMAIN}`;

const TEAMS: readonly { readonly id: string; readonly name: string; readonly change: TeamChange }[] = [
  // somebody of three zones is awake: what is owed runs around the clock
  { id: 'demo-inbound', name: 'Inbound sales', change: { timeZone: 'UTC', hours: 'daily 00:00-24:00' } },
  {
    id: 'demo-dach',
    name: 'Germany, Austria, Switzerland',
    change: { timeZone: 'Europe/Berlin', hours: 'mon-fri 08:00-18:00', holidays: 'DE' },
  },
];

/** Those who take leads, in the order of their numbers, then the one who leads them. */
const FLOOR: readonly FloorRep[] = [
  { name: 'Jonas Aurich', team: 'demo-inbound', change: { ...BERLIN, skills: ['german'] } },
  { name: 'Miriam Castell', team: 'demo-inbound', change: { ...LONDON, skills: ['spanish'] } },
  { name: AWAY, team: 'demo-inbound', change: { ...BERLIN, cover: emailOf('Jonas Aurich') } },
  // works half days
  {
    name: 'Theo Barlow',
    team: 'demo-inbound',
    change: { ...NEW_YORK, hours: 'mon-fri 08:00-12:30' },
    weight: 75,
  },
  { name: 'Ines Okafor', team: 'demo-inbound', change: { ...LONDON, cover: emailOf('Miriam Castell') } },
  // new, and not at a full share yet
  {
    name: 'Rafael Duarte',
    team: 'demo-inbound',
    change: { ...NEW_YORK, caps: { perDay: 6 } },
    ramp: [
      [40, 25],
      [18, 50],
      [-10, 100],
    ],
  },
  { name: 'Klara Weiss', team: 'demo-dach', change: { ...BERLIN, cover: emailOf('Emil Sauter') } },
  {
    name: 'Emil Sauter',
    team: 'demo-dach',
    change: { ...BERLIN, timeZone: 'Europe/Zurich', holidays: 'CH-ZH', skills: ['french'] },
  },
  { name: 'Lena Hofer', team: 'demo-dach', change: { ...BERLIN, timeZone: 'Europe/Vienna', holidays: 'AT' } },
  { name: MANAGER, team: null, change: { ...BERLIN, selling: false } },
];

export const DEMO_TEAM_IDS: readonly string[] = TEAMS.map(({ id }) => id);

/** Makes teams, reps and their manager; nothing twice. Answers the reps' ids, whoever leads them last. */
export const makeFloor = async (pool: Pool, anchor: Instant): Promise<readonly number[]> => {
  for (const { id, name } of TEAMS) await ensureTeam(pool, id, name);
  for (const { name } of FLOOR) await addRep(pool, { name, email: emailOf(name) });
  const repIds: number[] = [];
  for (const { name, team, change, weight, ramp } of FLOOR) {
    const email = emailOf(name);
    const manager = name === MANAGER ? {} : { manager: emailOf(MANAGER) };
    repIds.push(must(await setUpRep(pool, email, { ...change, ...manager })));
    if (team === null) continue;
    const share: MemberChange = {
      weight: weight ?? 100,
      ...(ramp === undefined
        ? {}
        : { ramp: ramp.map(([daysAgo, part]) => ({ from: anchor - daysAgo * DAY_MS, weight: part })) }),
    };
    must(await setMember(pool, team, email, share));
  }
  for (const { id, change } of TEAMS) must(await setUpTeam(pool, id, { ...change, manager: emailOf(MANAGER) }));
  return repIds;
};

/** From the story's now on somebody has a few days off, and a colleague covers them. */
export const beginTimeOff = async (pool: Pool, anchor: Instant): Promise<void> => {
  const repId = await findRep(pool, emailOf(AWAY));
  const known = await pool.query('select 1 from rep_absence where rep_id = $1', [repId]);
  if (known.rows.length > 0) return;
  const off = { from: anchor, to: anchor + AWAY_DAYS * DAY_MS, note: 'A week by the sea' };
  // a story that was broken off and is ended days later has nobody away
  const added = await addTimeOff({ pool }, emailOf(AWAY), off);
  if (!added.ok && added.error.code !== 'time-off-invalid') must(added);
};

const must = <T>(result: Result<T, PeopleError>): T => {
  if (!result.ok) throw new Error(result.error.say);
  return result.value;
};
