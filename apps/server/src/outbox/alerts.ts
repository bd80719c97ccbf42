import type { Pool } from 'pg';

/** An open alert. Instants are epoch ms. */
export type StoredAlert = {
  readonly id: number;
  readonly kind: string;
  readonly say: string;
  readonly count: number;
  readonly at: number;
  readonly latest_at: number;
};

/** Open alerts with an id below `before`, newest first. */
export const listAlerts = async (pool: Pool, before: number, limit: number): Promise<readonly StoredAlert[]> => {
  const { rows } = await pool.query<StoredAlert>(
    `select id, kind, say, count, at, latest_at from alert where closed_at is null and id < $1 order by id desc limit $2`,
    [before, limit],
  );
  return rows;
};

/** Closes an open alert; false where there is none of this id. It comes anew when its cause does. */
export const closeAlert = async (pool: Pool, id: number, by: string): Promise<boolean> => {
  const done = await pool.query(
    'update alert set closed_at = now_ms(), closed_by = $2 where id = $1 and closed_at is null',
    [id, by],
  );
  return (done.rowCount ?? 0) > 0;
};
