import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { ROLE } from './initCluster.ts';

/** The database that holds everything. */
export const DATABASE = 'baton';

const TELL_AFTER_MS = 3_000;

/**
 * Waits until the server takes connections (crash recovery may take minutes) and answers its socket directory; null
 * when `stillThere` says that it has gone.
 */
export async function whenReady(
  socketDir: () => string,
  stillThere: () => boolean,
  say: (line: string) => void,
): Promise<string | null> {
  const started = performance.now();
  let told = false;
  let pause = 10;
  while (stillThere()) {
    const dir = socketDir();
    if (dir !== '' && (await answers(dir))) return dir;
    if (!told && performance.now() - started > TELL_AFTER_MS) {
      told = true;
      say('PostgreSQL is recovering from a crash or shutting down; waiting for it.');
    }
    await delay(pause);
    pause = Math.min(pause * 1.5, 200);
  }
  return null;
}

/** Makes the database when it is missing. Call it under the start lock. */
export async function ensureDatabase(socketDir: string): Promise<void> {
  await withClient(socketDir, 'postgres', async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}

async function answers(socketDir: string): Promise<boolean> {
  try {
    await withClient(socketDir, 'postgres', async () => {});
    return true;
  } catch {
    return false;
  }
}

async function withClient(socketDir: string, database: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ host: socketDir, port: 5432, user: ROLE, database, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
