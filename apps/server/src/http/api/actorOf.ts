import type { Actor } from '@baton/domain/handoff/input.ts';
import type { Pool } from 'pg';
import { HttpProblem } from '../httpProblem.ts';
import type { Caller } from './caller.ts';

/**
 * Who acts: the rep that a key or a person names by `as`, the rep whose address the signed-in person has, else that
 * person. A key that names nobody acts as the program that it is.
 */
export const actorOf = async (pool: Pool, caller: Caller, as: number | undefined): Promise<Actor> => {
  if (as !== undefined) {
    const found = await pool.query('select 1 from rep where id = $1', [as]);
    if (found.rowCount === 0) throw new HttpProblem('invalid_field', `as: there is no rep ${as}.`, { at: 'as' });
    return { kind: 'rep', id: as };
  }
  if (caller.kind === 'key') return { kind: 'person', name: `key ${caller.holder.name}`, team: 'admin' };
  if (caller.kind === 'nobody') throw new HttpProblem('unauthorized', 'Sign in first.');
  const { person, team } = caller.session;
  const found = await pool.query<{ id: number }>('select id from rep where lower(email) = lower($1) and active', [
    person,
  ]);
  const id = found.rows[0]?.id;
  return id === undefined ? { kind: 'person', name: person, team } : { kind: 'rep', id };
};
