import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { readMigrations, schemaVersion } from '../../database/migrate.ts';
import { HttpProblem } from '../httpProblem.ts';

/** What readiness asks. */
export type HealthDeps = {
  readonly pool: Pool;
  /** False while the server drains before it stops. */
  readonly takesWork: () => boolean;
};

const DATABASE_WAIT_MS = 2_000;

type Readiness = { readonly writes: boolean; readonly schema: number; readonly timerLagMs: number };

/**
 * `/healthz` and `/livez`: the process answers. `/readyz`: it takes work, the database takes writes, and its schema is the
 * one of this version. How far timers lag is said beside it and makes no node unready: that is the company's, not a node's.
 */
export const registerHealthRoutes = (app: FastifyInstance, deps: HealthDeps): void => {
  const expected = readMigrations().at(-1)?.version ?? 0;
  for (const path of ['/healthz', '/livez']) {
    app.get(path, (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  }
  app.get('/readyz', async (_request, reply) => {
    if (!deps.takesWork()) throw new HttpProblem('unavailable', 'The server is stopping.', { retryAfterS: 5 });
    const now = await readReadiness(deps.pool);
    if (now?.writes !== true) {
      throw new HttpProblem('unavailable', 'The database cannot be reached or cannot write.', { retryAfterS: 5 });
    }
    if (now.schema !== expected) {
      throw new HttpProblem(
        'unavailable',
        `The database has schema version ${now.schema}, this server needs ${expected}: start the same version everywhere.`,
        { retryAfterS: 30 },
      );
    }
    return reply
      .header('cache-control', 'no-store')
      .send({ status: 'ready', schema: now.schema, timerLagMs: now.timerLagMs });
  });
};

const readReadiness = async (pool: Pool): Promise<Readiness | null> => {
  const waited = new Promise<null>((resolve) => setTimeout(resolve, DATABASE_WAIT_MS, null).unref());
  const asked = askReadiness(pool).catch(() => null);
  return Promise.race([asked, waited]);
};

const askReadiness = async (pool: Pool): Promise<Readiness | null> => {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ writes: boolean; lag: number | null }>(
      `select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writes,
        now_ms() - (select k.next_at from handoff_clock k where k.stopped_at is null order by k.next_at limit 1) as lag`,
    );
    const schema = await schemaVersion(client);
    return { writes: rows[0]?.writes === true, schema, timerLagMs: Math.max(0, rows[0]?.lag ?? 0) };
  } finally {
    client.release();
  }
};
