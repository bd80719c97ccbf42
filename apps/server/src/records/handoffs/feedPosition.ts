import type { Pool } from 'pg';

/**
 * Where the feed stands: everything that commits from now on has a transaction id at or above the snapshot's xmin, so a
 * reader that starts at `<xmin>-0` misses nothing of it. `now` is the database's clock, epoch ms.
 */
export const feedPosition = async (pool: Pool): Promise<{ readonly position: string; readonly now: number }> => {
  const found = await pool.query<{ xmin: string; now: number }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, now_ms() as now',
  );
  const row = found.rows[0];
  return { position: `${row?.xmin ?? '0'}-0`, now: row?.now ?? 0 };
};
