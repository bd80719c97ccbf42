import { seesOf } from '@baton/domain/access/roles.ts';
import type { Sight } from '../../access/sight.ts';
import type { Caller } from './caller.ts';

/** Which rows a caller sees: null for all; else the id of the rep whose rows they are. Keys see all that their scopes name. */
export const sightOf = (caller: Caller): Sight => {
  if (caller.kind !== 'session') return null;
  const { roles, repId } = caller.session.account;
  return seesOf(roles) === 'everything' ? null : (repId ?? 0);
};
