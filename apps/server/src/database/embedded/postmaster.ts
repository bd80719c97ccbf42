import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, lookUpProcess, postgresProcessesIn, workingDirectory } from './processes.ts';

/** A postmaster of ours that runs, as its pid file names it. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDir: string;
}

const PATIENCE_MS = 5_000;

/**
 * Reads `postmaster.pid` and says whether our postmaster runs: the pid must live (a zombie does not), be called
 * `postgres` and stand in our cluster. Null otherwise, also when the pid now belongs to a stranger.
 */
export function findPostmaster(cluster: string): Postmaster | null {
  const lines = readPidFile(cluster);
  const pid = Number(lines?.[0]);
  if (lines === null || !Number.isInteger(pid) || pid <= 1) return null;
  const facts = lookUpProcess(pid);
  if (facts === null || facts.zombie || facts.command !== 'postgres') return null;
  const standsIn = workingDirectory(pid);
  if (standsIn !== null && standsIn !== realpathSync(cluster)) return null;
  return { pid, socketDir: lines[4] ?? '' };
}

/** Pid in `postmaster.pid`, whoever has that number now; null without a file. */
export function pidInFile(cluster: string): number | null {
  const pid = Number(readPidFile(cluster)?.[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/**
 * Clears what a dead postmaster left: waits for its orphaned children (they leave by themselves; after 5 s they are
 * ended, for their shared memory is lost to everybody), then removes the pid file, which PostgreSQL itself would
 * respect as long as any process, even a zombie or a stranger, has that number. Call it under the start lock and only
 * when `findPostmaster` says null.
 */
export async function clearRemains(cluster: string): Promise<void> {
  const home = realpathSync(cluster);
  const started = performance.now();
  for (let orphans = postgresProcessesIn(home); orphans.length > 0; orphans = postgresProcessesIn(home)) {
    const waited = performance.now() - started;
    if (waited > PATIENCE_MS) signalAll(orphans, waited > 2 * PATIENCE_MS ? 'SIGKILL' : 'SIGQUIT');
    await delay(50);
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/** Waits until the process is gone; false when it still runs after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const started = performance.now();
  while (isRunning(pid)) {
    if (performance.now() - started > timeoutMs) return false;
    await delay(25);
  }
  return true;
}

function readPidFile(cluster: string): string[] | null {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone meanwhile
    }
  }
}
