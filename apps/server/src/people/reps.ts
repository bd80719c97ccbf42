import type { Rep } from '@baton/domain/assignment/assignment.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import type { ContactId, RepId } from '@baton/domain/kernel/ids.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { type Changed, changePeople } from './changePeople.ts';
import { openOn } from './openOn.ts';
import type { PeopleError } from './peopleError.ts';
import { holdPeople, settleLedgers } from './settleLedgers.ts';
import { changeWorkingTime, touchesWorkingTime, type WorkingTime, type WorkingTimeChange } from './workingTime.ts';

export type NewRep = {
  readonly name: string;
  readonly email: string;
  readonly selling?: boolean;
  readonly caps?: Rep['caps'];
};

/** What is absent stays as it is; null takes it away. Caps and skills that are given replace all of them. */
export type RepChange = WorkingTimeChange & {
  readonly name?: string;
  readonly active?: boolean;
  readonly selling?: boolean;
  readonly caps?: Rep['caps'];
  readonly skills?: readonly string[];
  /** Who stands in: an address, a number or a name. */
  readonly cover?: string | null;
  readonly manager?: string | null;
};

const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,255}$/u;
const SKILL = /^[a-z0-9][a-z0-9._+-]{0,39}$/;
const SKILLS_MAX = 50;

const unknownRep = (named: string): PeopleError => ({
  code: 'rep-unknown',
  say: `There is no rep "${named}". "baton rep list" names them.`,
});

/** Adds a rep and answers the id. Each change of a rep or team is kept as a version by the database itself. */
export const addRep = async (client: Queryable, rep: NewRep): Promise<Result<number, PeopleError>> => {
  if (!EMAIL.test(rep.email)) {
    return err({ code: 'rep-email-invalid', say: `"${rep.email}" is no e-mail address.` });
  }
  const { rows } = await client.query<{ id: number }>(
    `insert into rep (name, email, selling, caps) values ($1, $2, $3, $4)
     on conflict (lower(email)) do nothing returning id`,
    [rep.name, rep.email, rep.selling ?? true, JSON.stringify(rep.caps ?? {})],
  );
  const [row] = rows;
  return row === undefined
    ? err({ code: 'rep-email-taken', say: `There is a rep with the address ${rep.email} already.` })
    : ok(row.id);
};

/**
 * Changes a rep. Who is switched off leaves the ledgers of all teams, and what they hold goes to others; whose working time
 * changes has what they owe recomputed: all in the same transaction. Answers the rep and how many handoffs moved.
 */
export const changeRep = async (
  deps: DecideContactsDeps,
  named: string,
  change: RepChange,
): Promise<Result<Changed<RepId>, PeopleError>> => {
  const repId = await findRep(deps.pool, named);
  if (repId === null) return err(unknownRep(named));
  const apply = (client: PoolClient) => writeRep(client, repId, change);
  if (change.active !== false && !touchesWorkingTime(change)) {
    const written = await inTransaction(deps.pool, async (client) => {
      await holdPeople(client);
      return apply(client);
    });
    return written.ok ? ok({ value: repId, decided: 0 }) : written;
  }
  const input: Input =
    change.active === false
      ? { kind: 'availability-changed', repId, change: 'deactivated' }
      : { kind: 'calendar-changed' };
  const cause = change.active === false ? 'owner-gone' : 'calendar';
  const concerned = async (client: Queryable): Promise<readonly ContactId[]> => {
    const held = await openOf(client, repId);
    return change.active === false ? held : [...new Set([...held, ...(await openOn(client, `rep/${repId}`))])];
  };
  return changePeople(deps, { concerned, apply, input, cause });
};

/** Changes a rep who holds nothing yet: what is open is not looked at. */
export const setUpRep = async (pool: Pool, named: string, change: RepChange): Promise<Result<RepId, PeopleError>> => {
  const repId = await findRep(pool, named);
  if (repId === null) return err(unknownRep(named));
  return inTransaction(pool, async (client) => {
    await holdPeople(client);
    return writeRep(client, repId, change);
  });
};

/** Switches a rep off: see `changeRep`. `decided` is how many handoffs went on to others. */
export const deactivateRep = (deps: DecideContactsDeps, named: string): Promise<Result<Changed<RepId>, PeopleError>> =>
  changeRep(deps, named, { active: false });

/** Contacts of all that a rep holds, deals and parked ones too; the most urgent first. */
export const openOf = async (client: Queryable, repId: RepId): Promise<readonly ContactId[]> => {
  const { rows } = await client.query<{ contact_id: number }>(
    'select contact_id from handoff where owner_id = $1 and closed_at is null order by due_at nulls last, id',
    [repId],
  );
  return [...new Set(rows.map((row) => row.contact_id))];
};

type StoredRep = WorkingTime & { cover_id: number | null; manager_id: number | null };

/** Writes what changed. A statement that changes nothing keeps no version. */
const writeRep = async (client: PoolClient, repId: RepId, change: RepChange): Promise<Result<RepId, PeopleError>> => {
  const { rows } = await client.query<StoredRep>(
    'select time_zone, hours, holidays, cover_id, manager_id from rep where id = $1 for no key update',
    [repId],
  );
  const before = rows[0];
  if (before === undefined) return err(unknownRep(String(repId)));
  const time = await changeWorkingTime(client, before, change);
  if (!time.ok) return time;
  const skills = change.skills === undefined ? ok(null) : readSkills(change.skills);
  if (!skills.ok) return skills;
  const cover = await colleagueOf(client, repId, change.cover, before.cover_id, 'cover-invalid');
  if (!cover.ok) return cover;
  const manager = await colleagueOf(client, repId, change.manager, before.manager_id, 'manager-invalid');
  if (!manager.ok) return manager;
  await client.query(
    `update rep set name = coalesce($2, name), active = coalesce($3, active), selling = coalesce($4, selling),
       caps = coalesce($5, caps), skills = coalesce($6, skills), time_zone = $7, hours = $8, holidays = $9,
       cover_id = $10, manager_id = $11 where id = $1`,
    [
      repId,
      change.name ?? null,
      change.active ?? null,
      change.selling ?? null,
      change.caps === undefined ? null : JSON.stringify(change.caps),
      skills.value,
      time.value.time_zone,
      time.value.hours,
      time.value.holidays,
      cover.value,
      manager.value,
    ],
  );
  if (change.active === false) await settleLedgers(client, repId, null);
  return ok(repId);
};

const readSkills = (skills: readonly string[]): Result<string, PeopleError> => {
  const words = [...new Set(skills.map((skill) => skill.trim().toLowerCase()))].sort();
  const wrong = words.find((word) => !SKILL.test(word));
  if (wrong !== undefined || words.length > SKILLS_MAX)
    return err({
      code: 'skills-invalid',
      say:
        wrong === undefined
          ? `A rep has at most ${SKILLS_MAX} skills.`
          : `"${wrong.slice(0, 60)}" is no skill: one word of letters, digits, dots and hyphens, e.g. german or healthcare.`,
    });
  return ok(JSON.stringify(words));
};

const colleagueOf = async (
  client: Queryable,
  repId: RepId,
  named: string | null | undefined,
  before: number | null,
  code: 'cover-invalid' | 'manager-invalid',
): Promise<Result<number | null, PeopleError>> => {
  if (named === undefined) return ok(before);
  if (named === null) return ok(null);
  const found = await findRep(client, named);
  if (found === null) return err(unknownRep(named));
  return found === repId
    ? err({ code, say: `Nobody is their own ${code === 'cover-invalid' ? 'cover' : 'manager'}: name somebody else.` })
    : ok(found);
};

/** The rep that an address, a number or a name means, or null. */
export const findRep = async (client: Queryable, named: string): Promise<number | null> => {
  const { rows } = await client.query<{ id: number }>(
    `select id from rep where lower(email) = lower($1) or id::text = $1 or lower(name) = lower($1)
     order by lower(email) = lower($1) desc, id limit 1`,
    [named.trim()],
  );
  return rows[0]?.id ?? null;
};
