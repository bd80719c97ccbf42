import type { Pool } from 'pg';

/** How an account can sign in. */
export type SignInState = { readonly hasPassword: boolean; readonly twoFactor: boolean; readonly passkeys: number };

/** Reads how an account can sign in. */
export const readSignInState = async (pool: Pool, accountId: string): Promise<SignInState> => {
  const { rows } = await pool.query<SignInState>(
    `select exists (select 1 from account_login l where l.account_id = a.id and l.password is not null) as "hasPassword",
            a.two_factor as "twoFactor", (select count(*)::int from account_passkey p where p.account_id = a.id) as passkeys
     from account a where a.id = $1`,
    [accountId],
  );
  return rows[0] ?? { hasPassword: false, twoFactor: false, passkeys: 0 };
};

/** Writes what happened to an account into the audit. */
export const auditAccount = async (pool: Pool, by: string, action: string, accountId: string): Promise<void> => {
  await pool.query(`insert into audit (by, action, subject) values ($1, $2, 'account:' || $3)`, [
    by,
    action,
    accountId,
  ]);
};
