import type { Rep } from '@baton/domain/assignment/assignment.ts';
import type { Input } from '@baton/domain/handoff/input.ts';
import { err, ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { holdPeople, settleLedgers } from './settleLedgers.ts';

export type PeopleError = {
  readonly code:
    | 'rep-unknown'
    | 'rep-email-taken'
    | 'rep-email-invalid'
    | 'team-unknown'
    | 'team-id-invalid'
    | 'not-a-member';
  readonly say: string;
};

export type NewRep = {
  readonly name: string;
  readonly email: string;
  readonly selling?: boolean;
  readonly caps?: Rep['caps'];
};

const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,255}$/u;

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
 * Changes what is given and leaves the rest. Caps that are given replace all caps. Who is switched off leaves the ledgers
 * of all teams, and what they have is to be decided anew, in the same transaction.
 */
export const updateRep = async (
  pool: Pool,
  email: string,
  change: {
    readonly name?: string;
    readonly active?: boolean;
    readonly selling?: boolean;
    readonly caps?: Rep['caps'];
  },
): Promise<Result<number, PeopleError>> =>
  inTransaction(pool, async (client) => {
    await holdPeople(client);
    const { rows } = await client.query<{ id: number }>(
      `update rep set name = coalesce($2, name), active = coalesce($3, active), selling = coalesce($4, selling),
         caps = coalesce($5, caps) where lower(email) = lower($1) returning id`,
      [
        email,
        change.name ?? null,
        change.active ?? null,
        change.selling ?? null,
        change.caps === undefined ? null : JSON.stringify(change.caps),
      ],
    );
    const [row] = rows;
    if (row === undefined) {
      return err({
        code: 'rep-unknown',
        say: `There is no rep with the address ${email}. "baton team list" names them.`,
      });
    }
    if (change.active === false) {
      await handOn(client, row.id);
      await settleLedgers(client, row.id, null);
    }
    return ok(row.id);
  });

/**
 * Asks for a new owner for all that a rep who left still has; whoever runs the reevaluations decides it. A statement of
 * its own, after the rep's row was locked and written: what was assigned meanwhile is committed by then and seen.
 */
const handOn = async (client: Queryable, repId: number): Promise<void> => {
  const input: Input = { kind: 'availability-changed', repId, change: 'deactivated' };
  await client.query(
    `insert into reevaluation (contact_id, cause, at, input)
     select distinct contact_id, 'owner-gone', now_ms(), $2 from handoff where owner_id = $1 and closed_at is null
     on conflict (contact_id, cause) do update set at = excluded.at, input = excluded.input`,
    [repId, JSON.stringify(input)],
  );
};

export type ListedRep = Rep & {
  readonly teams: readonly { readonly team: string; readonly weight: number }[];
  readonly openHandoffs: number;
};

/** All reps with their teams and how many handoffs they hold. */
export const listReps = async (client: Queryable): Promise<readonly ListedRep[]> => {
  const { rows } = await client.query<{
    id: number;
    name: string;
    email: string;
    active: boolean;
    selling: boolean;
    caps: string;
    teams: { team: string; weight: number }[] | null;
    open: number;
  }>(
    `select rep.id, rep.name, rep.email, rep.active, rep.selling, rep.caps,
       (select json_agg(json_build_object('team', team_id, 'weight', weight) order by team_id)
          from team_member where rep_id = rep.id) as teams,
       (select count(*) from handoff where owner_id = rep.id and closed_at is null) as open
     from rep order by rep.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    active: row.active,
    selling: row.selling,
    caps: JSON.parse(row.caps) as Rep['caps'],
    teams: row.teams ?? [],
    openHandoffs: row.open,
  }));
};

/** The rep that an address or a number names, or null. */
export const findRep = async (client: Queryable, named: string): Promise<number | null> => {
  const { rows } = await client.query<{ id: number }>(
    'select id from rep where lower(email) = lower($1) or id::text = $1 or lower(name) = lower($1) order by id limit 1',
    [named.trim()],
  );
  return rows[0]?.id ?? null;
};
