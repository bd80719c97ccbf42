import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/** How often in a minute somebody may try to sign in to one account, whoever tries. */
export const TRIES_A_MINUTE = 5;
const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;

/**
 * Counts one attempt at what is named, for all nodes together, and answers 0 or the seconds to wait. What is named need
 * not exist: an account that is none is throttled alike.
 */
export const countAttempt = async (pool: Pool, named: string): Promise<number> => {
  const key = createHash('sha256').update(named.trim().toLowerCase()).digest();
  const { rows } = await pool.query<{ tries: number; before: number; left: number }>(
    `with gone as (delete from sign_in_attempt where minute < now_ms() / ${MINUTE_MS} - ${KEPT_MINUTES})
     insert into sign_in_attempt as a (key_hash, minute, tries) values ($1, now_ms() / ${MINUTE_MS}, 1)
     on conflict (key_hash, minute) do update set tries = least(a.tries + 1, 1000000)
     returning tries, ${MINUTE_MS} - now_ms() % ${MINUTE_MS} as left,
       coalesce((select b.tries from sign_in_attempt b where b.key_hash = $1 and b.minute = a.minute - 1), 0) as before`,
    [key],
  );
  const row = rows[0];
  if (row === undefined) return 0;
  // the last minute counts by as much of it as lies within the last 60 seconds
  const lately = row.tries + (row.before * row.left) / MINUTE_MS;
  return lately <= TRIES_A_MINUTE ? 0 : Math.max(1, Math.ceil(row.left / 1_000));
};
