import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '@baton/domain/access/roles.ts';
import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import { readRoles } from './account.ts';
import { hashToken } from './keyFormat.ts';

/** A link for one person that sets a password, once. Only its hash is kept. */
export type AccountLinkKind = 'invitation' | 'reset';
export type AccountLinkMade = { readonly kind: AccountLinkKind; readonly token: string; readonly expiresAt: number };

/** What a link that still counts is for. */
export type AccountLinkShown = {
  readonly kind: AccountLinkKind;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly madeBy: string;
  readonly expiresAt: number;
};

const MINUTE_MS = 60_000;
/** How long each kind counts: an invitation waits in a mailbox, a way back in is used at once. */
const LIVES_MS: { readonly [kind in AccountLinkKind]: number } = {
  invitation: 7 * 24 * 60 * MINUTE_MS,
  reset: 30 * MINUTE_MS,
};

/** Makes a link; the ones before it of the same account count no more. */
export const makeAccountLink = async (
  client: Queryable,
  kind: AccountLinkKind,
  accountId: string,
  by: string,
): Promise<AccountLinkMade> => {
  await dropAccountLinks(client, accountId);
  const token = randomBytes(32).toString('base64url');
  const { rows } = await client.query<{ expires_at: number }>(
    `insert into account_link (token_hash, kind, account_id, made_by, expires_at)
     values ($1, $2, $3, $4, now_ms() + $5) returning expires_at`,
    [hashToken(token), kind, accountId, by, LIVES_MS[kind]],
  );
  return { kind, token, expiresAt: rows[0]?.expires_at ?? 0 };
};

/** Ends the links of an account. */
export const dropAccountLinks = async (client: Queryable, accountId: string): Promise<void> => {
  await client.query('delete from account_link where account_id = $1', [accountId]);
};

/** The address that a link is opened by. Its secret stands behind the #, which no server and no log sees. */
export const accountLinkAddress = (publicUrl: string, { kind, token }: AccountLinkMade): string =>
  `${publicUrl.replace(/\/$/, '')}/${kind === 'invitation' ? 'welcome' : 'new-password'}#${token}`;

const STANDING = `l.used_at is null and l.expires_at > now_ms()
  and a.state = case l.kind when 'invitation' then 'invited' else 'active' end`;

/** What a link is for; null where it was used, has expired, never was, or is of somebody it is no longer for. */
export const readAccountLink = async (client: Queryable, token: string): Promise<AccountLinkShown | null> => {
  const { rows } = await client.query<Omit<AccountLinkShown, 'roles'> & { roles: string }>(
    `select l.kind, a.id as "accountId", a.name, a.email, a.roles, l.made_by as "madeBy", l.expires_at as "expiresAt"
     from account_link l join account a on a.id = l.account_id where l.token_hash = $1 and ${STANDING}`,
    [hashToken(token)],
  );
  const row = rows[0];
  return row === undefined ? null : { ...row, roles: readRoles(row.roles) };
};

/**
 * Uses a link up: the password is set, an invitation makes the account active, and every session there was ends. Null
 * where it counts no more; of two at once one wins.
 */
export const useAccountLink = async (
  pool: Pool,
  token: string,
  kind: AccountLinkKind,
  given: { readonly passwordHash: string; readonly name?: string },
): Promise<AccountLinkShown | null> =>
  inTransaction(pool, async (client) => {
    const found = await readAccountLink(client, token);
    if (found === null || found.kind !== kind) return null;
    const { accountId } = found;
    const used = await client.query(
      'update account_link set used_at = now_ms() where token_hash = $1 and used_at is null',
      [hashToken(token)],
    );
    if (used.rowCount === 0) return null;
    await client.query(
      `update account set state = 'active', email_verified = true, name = coalesce($2, name), updated_at = now_ms()
       where id = $1`,
      [accountId, given.name?.trim() || null],
    );
    await setPassword(client, accountId, given.passwordHash);
    await client.query('delete from account_session where account_id = $1', [accountId]);
    await client.query(`insert into audit (by, action, subject) values ($1, $2, 'account:' || $3)`, [
      found.email,
      kind === 'invitation' ? 'invitation-accepted' : 'password-reset',
      accountId,
    ]);
    return found;
  });

/** Keeps the hash of an account's password, in place of the one before. */
export const setPassword = async (client: Queryable, accountId: string, passwordHash: string): Promise<void> => {
  await client.query(
    `insert into account_login (id, account_id, provider, subject, password) values ($1, $2, 'credential', $2, $3)
     on conflict (provider, subject) do update set password = excluded.password, updated_at = now_ms()`,
    [randomUUID(), accountId, passwordHash],
  );
};
