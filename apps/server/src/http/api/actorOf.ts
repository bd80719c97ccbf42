import { mayDo } from '@baton/domain/access/roles.ts';
import type { Actor } from '@baton/domain/handoff/input.ts';
import type { Pool } from 'pg';
import { HttpProblem } from '../httpProblem.ts';
import type { Caller } from './caller.ts';

/**
 * Who acts: the rep that the signed-in account is, else that person. A key, or whoever assigns handoffs, may name another
 * rep by `as`. A key that names nobody acts as the program that it is.
 * @throws HttpProblem `forbidden` for `as` without the right to it, `invalid_field` for a rep that is none.
 */
export const actorOf = async (pool: Pool, caller: Caller, as: number | undefined): Promise<Actor> => {
  if (caller.kind === 'nobody') throw new HttpProblem('unauthorized', 'Sign in first.');
  const own = caller.kind === 'session' ? caller.session.account.repId : null;
  if (as !== undefined && as !== own) {
    if (caller.kind === 'session' && !mayDo(caller.session.account.roles, 'handoffs.assign'))
      throw new HttpProblem('forbidden', 'as: you act in your own name.', { at: 'as' });
    const found = await pool.query('select 1 from rep where id = $1', [as]);
    if (found.rowCount === 0) throw new HttpProblem('invalid_field', `as: there is no rep ${as}.`, { at: 'as' });
    return { kind: 'rep', id: as };
  }
  if (caller.kind === 'key') return { kind: 'person', name: `key ${caller.holder.name}`, team: 'admin' };
  const { person, team } = caller.session;
  return own === null ? { kind: 'person', name: person, team } : { kind: 'rep', id: own };
};
