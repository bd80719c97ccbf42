import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Connection } from './connection.ts';
import { lookUpProcess } from './embedded/processes.ts';
import { openDatabase } from './openDatabase.ts';
import type {} from './testDatabase.ts';

const PREFIX = 'baton-test-';

/**
 * Vitest's global set-up: one embedded cluster per run, in a temporary directory named by our pid. It ends with the
 * run; after a run that was killed the server stops by itself, and the next run removes the directory.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const settings = { max_connections: '200', shared_buffers: '128MB', max_wal_size: '1GB' };
  const database = await openDatabase({ dataDir, databaseUrl: null, settings });
  project.provide('testCluster', database.connection as Extract<Connection, { host: string }>);
  return async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

function removeLeftovers(): void {
  for (const entry of readdirSync(tmpdir())) {
    if (!entry.startsWith(PREFIX)) continue;
    const pid = Number(entry.slice(PREFIX.length).split('-')[0]);
    if (lookUpProcess(pid) === null) rmSync(join(tmpdir(), entry), { recursive: true, force: true });
  }
}
