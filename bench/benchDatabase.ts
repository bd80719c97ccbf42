import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { migrate } from '../apps/server/src/database/migrate.ts';
import { openDatabase } from '../apps/server/src/database/openDatabase.ts';
import { createPool } from '../apps/server/src/database/pool.ts';
import { cpuOf } from './cpuOf.ts';

/** An embedded PostgreSQL of its own with fsync on, migrated, in a throw-away directory. */
export type BenchDatabase = {
  readonly pool: Pool;
  /** CPU seconds that PostgreSQL has used so far, with all its processes. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
};

/** Opens one; takes some seconds. */
export const openBenchDatabase = async (connections: number): Promise<BenchDatabase> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const database = await openDatabase({ dataDir, databaseUrl: null });
  await migrate(database.connection);
  const pool = createPool(database.connection, { max: connections, name: 'bench' });
  const pidFile = join(database.embedded?.place.cluster ?? '', 'postmaster.pid');
  const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  return {
    pool,
    cpuSeconds: () => cpuOf((pid, parent) => pid === postmaster || parent === postmaster),
    stop: async () => {
      await pool.end();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
