import type { Subject } from '@baton/contract/operation.ts';
import type { Pool } from 'pg';
import { seesSubject } from '../../access/seesSubject.ts';
import { HttpProblem } from '../httpProblem.ts';
import type { Caller } from './caller.ts';
import { sightOf } from './sightOf.ts';

/**
 * What somebody does not see answers as what is not there: before anything is done, and whatever was to be done with it.
 * For ids in a path `implement` asks; for those in a body or query the handler does.
 * @throws HttpProblem `not_found`
 */
export const expectSeen = async (pool: Pool, caller: Caller, subject: Subject, id: number): Promise<void> => {
  if (await seesSubject(pool, sightOf(caller), subject, id)) return;
  const word = subject === 'free-contact' ? 'contact' : subject;
  throw new HttpProblem('not_found', `There is no ${word} ${id}.`);
};
