import { randomUUID } from 'node:crypto';
import type { Role } from '@baton/domain/access/roles.ts';
import type { Pool } from 'pg';
import { cookieNames } from './auth.ts';
import { hashSessionToken } from './authAdapter.ts';

/** Somebody signed in, as a test sends them along: `headers` of a page of ours. */
export type TestAccount = { readonly id: string; readonly sessionId: string; readonly headers: Record<string, string> };

/** Makes an active account with these roles and a session of it. `email`: a rep's address makes the account that rep. */
export const signIn = async (
  { pool }: { readonly pool: Pool },
  roles: readonly Role[],
  who: { readonly email?: string; readonly name?: string } = {},
): Promise<TestAccount> => {
  const id = randomUUID();
  const email = (who.email ?? `${roles.join('.')}.${id.slice(0, 8)}@people.example`).toLowerCase();
  const token = id.replaceAll('-', '');
  const sessionId = randomUUID();
  await pool.query('insert into account (id, email, name, roles) values ($1, $2, $3, $4)', [
    id,
    email,
    who.name ?? email.split('@')[0],
    roles.join(' '),
  ]);
  await pool.query(
    `insert into account_session (id, account_id, token_hash, expires_at) values ($1, $2, $3, now_ms() + 3600000)`,
    [sessionId, id, hashSessionToken(token)],
  );
  return { id, sessionId, headers: { cookie: `${cookieNames(false).session}=${token}`, 'x-baton': '1' } };
};
