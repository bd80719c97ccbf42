import { createHash, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

const LIVES_MS = 5 * 60_000;
const nameOf = (what: string): string => `proof ${createHash('sha256').update(what).digest('hex')}`;

/** Remembers that something was asked for, for five minutes. */
export const makeProof = async (pool: Pool, what: string): Promise<void> => {
  await pool.query(
    `with gone as (delete from account_proof where expires_at < now_ms())
     insert into account_proof (id, identifier, value, expires_at) values ($1, $2, '', now_ms() + ${LIVES_MS})`,
    [randomUUID(), nameOf(what)],
  );
};

/** True once for what was asked for within five minutes. */
export const claimProof = async (pool: Pool, what: string): Promise<boolean> => {
  const done = await pool.query('delete from account_proof where identifier = $1 and expires_at > now_ms()', [
    nameOf(what),
  ]);
  return (done.rowCount ?? 0) > 0;
};
