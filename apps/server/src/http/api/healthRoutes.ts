import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { HttpProblem } from '../httpProblem.ts';

/** What readiness asks. */
export type HealthDeps = {
  readonly pool: Pool;
  /** False while the server drains before it stops. */
  readonly takesWork: () => boolean;
};

const DATABASE_WAIT_MS = 2_000;

/** `/healthz` and `/livez`: the process answers. `/readyz`: it takes work and the database takes writes. */
export const registerHealthRoutes = (app: FastifyInstance, deps: HealthDeps): void => {
  for (const path of ['/healthz', '/livez']) {
    app.get(path, (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  }
  app.get('/readyz', async (_request, reply) => {
    if (!deps.takesWork()) throw new HttpProblem('unavailable', 'The server is stopping.', { retryAfterS: 5 });
    if (!(await canWrite(deps.pool))) {
      throw new HttpProblem('unavailable', 'The database cannot be reached or cannot write.', { retryAfterS: 5 });
    }
    return reply.header('cache-control', 'no-store').send({ status: 'ready' });
  });
};

const canWrite = async (pool: Pool): Promise<boolean> => {
  const waited = new Promise<false>((resolve) => setTimeout(resolve, DATABASE_WAIT_MS, false).unref());
  const asked = pool
    .query<{ writes: boolean }>(
      "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writes",
    )
    .then((answer) => answer.rows[0]?.writes === true)
    .catch(() => false);
  return Promise.race([asked, waited]);
};
