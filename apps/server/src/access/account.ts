import { ROLES, type Role } from '@baton/domain/access/roles.ts';

/**
 * Somebody who can sign in. `email` null: not known yet. `handle`: the address, or the one name that stands for it; nobody
 * can take another's. `repId`: the active rep that they are, if they are one.
 */
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly handle: string;
  readonly repId: number | null;
  readonly roles: readonly Role[];
};

/** Addresses below this stand for one that is not known. */
export const NO_ADDRESS = '@baton.invalid';

/** The rep that account `a` is: the one said by hand, else the one with its address; active ones only. */
export const REP_OF_ACCOUNT = `(select r.id from rep r where r.active
  and (r.id = a.rep_id or (a.rep_id is null and lower(r.email) = a.email)) limit 1)`;

/** Columns that `toAccount` reads, of `account a`. */
export const ACCOUNT_COLUMNS = `a.id as account_id, a.name, a.email, a.roles, ${REP_OF_ACCOUNT} as rep_id`;

export type AccountRow = {
  readonly account_id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: string;
  readonly rep_id: number | null;
};

export const toAccount = (row: AccountRow): Account => ({
  id: row.account_id,
  name: row.name,
  email: row.email.endsWith(NO_ADDRESS) ? null : row.email,
  handle: row.email.endsWith(NO_ADDRESS) ? row.email.slice(0, -NO_ADDRESS.length) : row.email,
  repId: row.rep_id,
  roles: readRoles(row.roles),
});

/** The roles that a text of the database names, in the table's order. */
export const readRoles = (text: string): readonly Role[] => {
  const named = text.split(' ');
  return ROLES.filter((role) => named.includes(role));
};
