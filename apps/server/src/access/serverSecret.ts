import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

/** The signing key of this name that all nodes share; made on first use. 32 random bytes. */
export const serverSecret = async (pool: Pool, name: string): Promise<Buffer> => {
  await pool.query('insert into server_secret (name, value) values ($1, $2) on conflict (name) do nothing', [
    name,
    randomBytes(32),
  ]);
  const found = await pool.query<{ value: Buffer }>('select value from server_secret where name = $1', [name]);
  const value = found.rows[0]?.value;
  if (value === undefined) throw new Error(`the server secret ${name} is gone`);
  return value;
};
