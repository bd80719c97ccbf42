import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '@baton/domain/access/roles.ts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { NO_ADDRESS } from './account.ts';
import { hashToken } from './keyFormat.ts';

/** For whom a one-time link is: a person by address or name, and the side that they begin on if they have no account. */
export type LinkFor = { readonly person: string; readonly team: 'marketing' | 'sales' | 'admin' };

/** Who signs in by the link that the first start prints: nobody by name until they say who they are. */
export const OWNER: LinkFor = { person: 'admin', team: 'admin' };

const OWNER_ID = 'owner';
const HOUR_MS = 3_600_000;
const LINK_MS = 24 * HOUR_MS;

/** Makes a one-time link's secret for a person. Whoever has it can sign in once within 24 hours. */
export const createSignInLink = async (
  pool: Pool,
  who: LinkFor = OWNER,
): Promise<{ readonly token: string; readonly expiresAt: number }> => {
  const token = randomBytes(32).toString('base64url');
  const made = await pool.query<{ expires_at: number }>(
    `with gone as (delete from access_session where expires_at < now_ms()), a as (
       insert into audit (by, action, subject) values ($2, 'link-created', 'person:' || $2)
     )
     insert into access_session (token_hash, kind, person, team, expires_at)
     values ($1, 'link', $2, $3, now_ms() + $4) returning expires_at`,
    [hashToken(token), who.person, who.team, LINK_MS],
  );
  return { token, expiresAt: made.rows[0]?.expires_at ?? 0 };
};

/** The address that a link is opened by. */
export const linkAddress = (publicUrl: string, token: string): string =>
  `${publicUrl.replace(/\/$/, '')}/?key=${token}`;

/**
 * Uses a link up and answers the id of the account that it signs in, made on first use. Null: it was used, has expired,
 * never was, or is for somebody who was deactivated; the four look the same.
 */
export const useSignInLink = async (pool: Pool, token: string): Promise<string | null> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<LinkFor>(
      `update access_session set used_at = now_ms()
       where token_hash = $1 and kind = 'link' and used_at is null and expires_at > now_ms() returning person, team`,
      [hashToken(token)],
    );
    const who = rows[0];
    if (who === undefined) return null;
    const account = await accountFor(client, who);
    if (account.state === 'deactivated') return null;
    // a link is printed by whoever runs the server: somebody invited is let in by it as well
    if (account.state === 'invited')
      await client.query(`update account set state = 'active', updated_at = now_ms() where id = $1`, [account.id]);
    await client.query(`insert into audit (by, action, subject) values ($1, 'signed-in', 'account:' || $2)`, [
      who.person,
      account.id,
    ]);
    return account.id;
  });

/** The owner keeps one id, whatever address they say is theirs; everybody else is known by address. */
const accountFor = async (
  client: PoolClient,
  who: LinkFor,
): Promise<{ readonly id: string; readonly state: string }> => {
  const email = addressOf(who.person);
  const isOwner = who.person === OWNER.person && who.team === OWNER.team;
  const roles = await firstRoles(client, who, isOwner, email);
  const name = who.person.includes('@') ? (who.person.split('@')[0] as string) : who.person;
  await client.query('insert into account (id, email, name, roles) values ($1, $2, $3, $4) on conflict do nothing', [
    isOwner ? OWNER_ID : randomUUID(),
    email,
    name,
    roles.join(' '),
  ]);
  const { rows } = await client.query<{ id: string; state: string }>(
    `select id, state from account where ${isOwner ? 'id' : 'email'} = $1`,
    [isOwner ? OWNER_ID : email],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the account of a link is gone');
  return row;
};

/** Names that are no address stand below a domain that never is one. */
const addressOf = (person: string): string => {
  const text = person.trim().toLowerCase();
  return text.includes('@') ? text : `${text.replace(/[^\p{L}\p{N}._-]+/gu, '-')}${NO_ADDRESS}`;
};

/** Whoever begins alone may do everything but what takes two: a policy is still signed by two people. */
const firstRoles = async (
  client: PoolClient,
  who: LinkFor,
  isOwner: boolean,
  email: string,
): Promise<readonly Role[]> => {
  if (isOwner) return ['admin', 'marketing', 'sales-manager'];
  if (who.team !== 'sales') return [who.team];
  const rep = await client.query('select 1 from rep where lower(email) = $1 and active', [email]);
  return (rep.rowCount ?? 0) > 0 ? ['rep'] : ['sales-manager'];
};
