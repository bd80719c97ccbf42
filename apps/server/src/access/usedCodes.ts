import type { Pool } from 'pg';
import { hashToken } from './keyFormat.ts';

const KEPT_MS = 600_000;

/** Marks a code of an account as used. False: it was used before, and counts once. */
export const claimCode = async (pool: Pool, accountId: string, code: string): Promise<boolean> => {
  const done = await pool.query(
    `with gone as (delete from account_used_code where used_at < now_ms() - ${KEPT_MS})
     insert into account_used_code (account_id, code_hash) values ($1, $2) on conflict do nothing`,
    [accountId, hashToken(code)],
  );
  return (done.rowCount ?? 0) > 0;
};
