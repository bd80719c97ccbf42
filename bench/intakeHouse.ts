/** A whole server for intake benchmarks: embedded PostgreSQL with fsync on, migrations, people, a policy, the HTTP server in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { createKey } from '../apps/server/src/access/keys.ts';
import { migrate } from '../apps/server/src/database/migrate.ts';
import { openDatabase } from '../apps/server/src/database/openDatabase.ts';
import { createPool } from '../apps/server/src/database/pool.ts';
import { furnish, putInForce } from '../apps/server/src/intake/intakeFixture.ts';
import { cpuOf } from './cpuOf.ts';

export type House = {
  readonly pool: Pool;
  readonly port: number;
  /** Secret key: its events have the trust `server`. */
  readonly key: string;
  readonly sourceId: number;
  /** CPU seconds used so far by the server process and by PostgreSQL with all its processes. */
  readonly cpuSeconds: () => { readonly server: number; readonly postgres: number };
  /** Peak resident memory of the server process, in MB. */
  readonly peakMb: () => number;
  readonly stop: () => Promise<void>;
};

const MAIN = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));
const POLICIES = new URL('../policies/', import.meta.url);

/** Builds the house in a throw-away directory. Takes some seconds. `environment`: more of what the server is told. */
export const openHouse = async (environment: Readonly<Record<string, string>> = {}): Promise<House> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const database = await openDatabase({ dataDir, databaseUrl: null });
  await migrate(database.connection);
  const pool = createPool(database.connection, { max: 4, name: 'bench' });
  await furnish(pool);
  await putInForce(pool, readFileSync(new URL('fit-and-engagement.yaml', POLICIES), 'utf8'), (file) =>
    readFileSync(new URL(file, POLICIES)),
  );
  const { key } = await createKey(pool, { name: 'bench', kind: 'secret', source: 'bench', by: 'bench' });
  const source = await pool.query<{ id: number }>(`select id from source where name = 'bench'`);
  const { child, port } = await startServer(dataDir, environment);
  const cluster = database.embedded?.place.cluster ?? '';
  const postmaster = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    pool,
    port,
    key,
    sourceId: source.rows[0]?.id ?? 0,
    cpuSeconds: () => ({
      server: cpuOf((pid) => pid === child.pid),
      postgres: cpuOf((pid, parent) => pid === postmaster || parent === postmaster),
    }),
    peakMb: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await pool.end();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const startServer = (
  dataDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; port: number }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...serverFlags(), MAIN], {
      env: { ...process.env, BATON_DATA: dataDir, BATON_PORT: '0', DATABASE_URL: '', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /listens on http:\/\/[^:]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ child, port: Number(port) });
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });

/** As `npm start` starts it (scripts/setup.mjs), and flags to look into it, e.g. `--cpu-prof`. */
const serverFlags = (): readonly string[] => [
  '--max-semi-space-size=64',
  '--heap-growing-percent=50',
  ...(process.env.BATON_BENCH_SERVER_FLAGS ?? '').split(' ').filter(Boolean),
];
