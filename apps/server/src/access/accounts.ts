import { randomUUID } from 'node:crypto';
import type { Role } from '@baton/domain/access/roles.ts';
import type { Pool, PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { NO_ADDRESS, REP_OF_ACCOUNT, readRoles } from './account.ts';
import { type AccountLinkMade, dropAccountLinks, makeAccountLink } from './accountLinks.ts';
import { AccountRefused } from './accountRefused.ts';

/** An account as admins see it. Instants are epoch ms. */
export type AccountShown = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly state: 'invited' | 'active' | 'deactivated';
  readonly roles: readonly Role[];
  readonly repId: number | null;
  readonly hasPassword: boolean;
  readonly twoFactor: boolean;
  readonly passkeys: number;
  readonly sessions: number;
  readonly lastSeenAt: number | null;
  readonly invitedBy: string | null;
  readonly createdAt: number;
};

/** Who is invited, as what, and by whom. `repId` says which rep they are where the address does not. */
export type Invited = {
  readonly email: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  readonly repId?: number | null;
  readonly by: string;
};

/** What is changed of an account; what is absent stays. */
export type AccountChange = {
  readonly roles?: readonly Role[];
  readonly name?: string;
  readonly repId?: number | null;
};

const ADDRESS = /^[^\s@<>(),;:\\"[\]]{1,64}@[^\s@<>(),;:\\"[\]]{1,255}$/;

/** The address in the form in which it is kept. @throws AccountRefused `address-invalid` */
export const cleanAddress = (text: string): string => {
  const address = text.trim().toLowerCase();
  if (!ADDRESS.test(address) || address.endsWith(NO_ADDRESS))
    throw new AccountRefused('address-invalid', `${text.slice(0, 100)} is not one e-mail address.`);
  return address;
};

/** All accounts by name, at most 1,000; or the one with this id. */
export const listAccounts = async (client: Queryable, id: string | null = null): Promise<readonly AccountShown[]> => {
  const { rows } = await client.query<Omit<AccountShown, 'roles' | 'email'> & { roles: string; email: string }>(
    `select a.id, a.name, a.email, a.state, a.roles, ${REP_OF_ACCOUNT} as "repId", a.two_factor as "twoFactor",
       exists (select 1 from account_login l where l.account_id = a.id and l.password is not null) as "hasPassword",
       (select count(*)::int from account_passkey p where p.account_id = a.id) as passkeys,
       (select count(*)::int from account_session s where s.account_id = a.id and s.expires_at > now_ms()) as sessions,
       (select max(s.seen_at) from account_session s where s.account_id = a.id) as "lastSeenAt",
       a.invited_by as "invitedBy", a.created_at as "createdAt"
     from account a where $1::text is null or a.id = $1 order by lower(a.name), a.id limit 1000`,
    [id],
  );
  return rows.map((row) => ({
    ...row,
    roles: readRoles(row.roles),
    email: row.email.endsWith(NO_ADDRESS) ? null : row.email,
  }));
};

/** One account. @throws AccountRefused `account-unknown` */
export const readAccount = async (client: Queryable, id: string): Promise<AccountShown> => {
  const [row] = await listAccounts(client, id);
  if (row === undefined) throw new AccountRefused('account-unknown', `There is no account ${id}.`);
  return row;
};

/** The account with this id or address. @throws AccountRefused `account-unknown` */
export const findAccount = async (client: Queryable, named: string): Promise<AccountShown> => {
  const { rows } = await client.query<{ id: string }>('select id from account where id = $1 or email = lower($1)', [
    named.trim(),
  ]);
  return readAccount(client, rows[0]?.id ?? named);
};

/**
 * Invites somebody: an account that waits for its link. Once more makes a new link and ends the one before.
 * @throws AccountRefused for an address that is none or that somebody has, and for a rep that is none or taken.
 */
export const inviteAccount = async (
  pool: Pool,
  invited: Invited,
): Promise<{ readonly account: AccountShown; readonly link: AccountLinkMade }> => {
  const email = cleanAddress(invited.email);
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; state: string }>(
      'select id, state from account where email = $1 for update',
      [email],
    );
    const known = rows[0];
    if (known !== undefined && known.state !== 'invited')
      throw new AccountRefused('address-taken', `${email} has an account already.`);
    const id = known?.id ?? randomUUID();
    const name = invited.name?.trim() || (email.split('@')[0] as string);
    await client.query(
      `insert into account as a (id, email, name, roles, state, invited_by) values ($1, $2, $3, $4, 'invited', $5)
       on conflict (id) do update set name = excluded.name, roles = excluded.roles, invited_by = excluded.invited_by,
         updated_at = now_ms()`,
      [id, email, name, invited.roles.join(' '), invited.by],
    );
    if (invited.repId !== undefined) await setRep(client, id, invited.repId);
    await audit(client, invited.by, 'account-invited', id, { roles: invited.roles });
    const link = await makeAccountLink(client, 'invitation', id, invited.by);
    return { account: await readAccount(client, id), link };
  });
};

/** Changes an account. @throws AccountRefused where it is not there, or nobody would be left who can invite people. */
export const changeAccount = async (pool: Pool, id: string, change: AccountChange, by: string): Promise<AccountShown> =>
  inTransaction(pool, async (client) => {
    const before = await lockAccount(client, id);
    if (change.roles !== undefined) {
      if (!change.roles.includes('admin')) await expectOtherAdmin(client, before);
      await client.query('update account set roles = $2, updated_at = now_ms() where id = $1', [
        id,
        change.roles.join(' '),
      ]);
      await audit(client, by, 'account-roles-set', id, { before: before.roles, after: change.roles });
    }
    if (change.name !== undefined) {
      await client.query('update account set name = $2, updated_at = now_ms() where id = $1', [id, change.name.trim()]);
      await audit(client, by, 'account-renamed', id, {});
    }
    if (change.repId !== undefined) {
      await setRep(client, id, change.repId);
      await audit(client, by, 'account-rep-set', id, { repId: change.repId });
    }
    return readAccount(client, id);
  });

/**
 * Locks somebody out: their sessions and links end in the same transaction. The rep that they are stays as it is.
 * @throws AccountRefused where it is not there, or is the last admin.
 */
export const deactivateAccount = async (pool: Pool, id: string, by: string): Promise<AccountShown> =>
  inTransaction(pool, async (client) => {
    const before = await lockAccount(client, id);
    await expectOtherAdmin(client, before);
    await client.query(
      `update account set state = 'deactivated', deactivated_at = now_ms(), updated_at = now_ms() where id = $1`,
      [id],
    );
    await client.query('delete from account_session where account_id = $1', [id]);
    await dropAccountLinks(client, id);
    await audit(client, by, 'account-deactivated', id, {});
    return readAccount(client, id);
  });

/** Lets somebody in again. @throws AccountRefused where it is not there, or was not deactivated. */
export const activateAccount = async (pool: Pool, id: string, by: string): Promise<AccountShown> =>
  inTransaction(pool, async (client) => {
    const before = await lockAccount(client, id);
    if (before.state !== 'deactivated')
      throw new AccountRefused('not-deactivated', `${before.name} was not deactivated.`);
    await client.query(
      `update account set state = 'active', deactivated_at = null, updated_at = now_ms() where id = $1`,
      [id],
    );
    await audit(client, by, 'account-activated', id, {});
    return readAccount(client, id);
  });

/**
 * Makes a link by which somebody sets a new password; `secondFactor` takes their authenticator away, for whoever lost it.
 * @throws AccountRefused where it is not there or not active.
 */
export const resetAccount = async (
  pool: Pool,
  id: string,
  by: string,
  secondFactor = false,
): Promise<{ readonly account: AccountShown; readonly link: AccountLinkMade }> =>
  inTransaction(pool, async (client) => {
    const before = await lockAccount(client, id);
    if (before.state !== 'active') throw new AccountRefused('not-active', `${before.name} is ${before.state}.`);
    if (secondFactor) {
      await client.query('delete from account_totp where account_id = $1', [id]);
      await client.query('update account set two_factor = false where id = $1', [id]);
    }
    await audit(client, by, 'account-reset', id, { secondFactor });
    const link = await makeAccountLink(client, 'reset', id, by);
    return { account: await readAccount(client, id), link };
  });

const lockAccount = async (client: PoolClient, id: string): Promise<AccountShown> => {
  // one lock for all admins: two who demote each other at once don't leave the company without one
  await client.query(`select pg_advisory_xact_lock(hashtext('baton-admins'))`);
  await client.query('select 1 from account where id = $1 for update', [id]);
  return readAccount(client, id);
};

const expectOtherAdmin = async (client: PoolClient, account: AccountShown): Promise<void> => {
  if (!account.roles.includes('admin') || account.state !== 'active') return;
  const { rows } = await client.query<{ roles: string }>(
    `select roles from account where state = 'active' and id <> $1`,
    [account.id],
  );
  if (!rows.some(({ roles }) => readRoles(roles).includes('admin')))
    throw new AccountRefused('last-admin', `${account.name} is the last admin; make somebody else one first.`);
};

const setRep = async (client: PoolClient, id: string, repId: number | null): Promise<void> => {
  if (repId !== null) {
    const found = await client.query('select 1 from rep where id = $1', [repId]);
    if (found.rowCount === 0) throw new AccountRefused('rep-unknown', `There is no rep ${repId}.`);
    const other = await client.query<{ name: string }>('select name from account where rep_id = $1 and id <> $2', [
      repId,
      id,
    ]);
    const [taken] = other.rows;
    if (taken !== undefined) throw new AccountRefused('rep-taken', `Rep ${repId} is ${taken.name} already.`);
  }
  await client.query('update account set rep_id = $2, updated_at = now_ms() where id = $1', [id, repId]);
};

const audit = async (client: Queryable, by: string, action: string, id: string, detail: object): Promise<void> => {
  await client.query(`insert into audit (by, action, subject, detail) values ($1, $2, 'account:' || $3, $4)`, [
    by,
    action,
    id,
    JSON.stringify(detail),
  ]);
};
