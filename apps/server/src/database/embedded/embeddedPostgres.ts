import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../refusal.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { withFileLock } from './fileLock.ts';
import { ensureCluster } from './initCluster.ts';
import { keepAdopted, keepNew } from './keeper.ts';
import { dropLease, leaseHolders, takeLease } from './leases.ts';
import { findPlace, giveTo, type Place } from './place.ts';
import { clearRemains, findPostmaster, waitUntilGone } from './postmaster.ts';
import { ensureDatabase, whenReady } from './readiness.ts';
import { settingArguments } from './settings.ts';
import { prepareSocketDir } from './socketDir.ts';

/** How the embedded server is started. */
export interface EmbeddedOptions {
  /** Holds everything: `.baton/`, or what `BATON_DATA` names. Made when missing. */
  readonly dataDir: string;
  /** PostgreSQL settings on top of ours (tests, measurements). */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where root puts data that the dropped uid could not reach; `/var/lib/baton` when left out. */
  readonly systemPlace?: string;
  /** Takes one-line notes for the person who started us. */
  readonly say?: (line: string) => void;
}

/** A running embedded server, kept alive until `stop`. */
export interface EmbeddedPostgres {
  readonly place: Place;
  readonly binaries: Binaries;
  /** Directory of the socket, `host` of a connection. Stays the same when the server has to be restarted. */
  readonly socketDir: string;
  /** Pid of the postmaster; changes when it had to be restarted. */
  pid(): number;
  /** Whether another process had started it. */
  readonly adopted: boolean;
  /** Gives the server up: it stops with its last user, and then this waits until it is down. */
  stop(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly socketDir: string;
  readonly adopted: boolean;
  readonly keeper: ChildProcess;
}

const LOCK_TIMEOUT_MS = 120_000;
const WATCH_MS = 250;
const STOP_TIMEOUT_MS = 60_000;
/** The keepers ask the server to stop; when they were killed, we do after this. */
const KEEPER_PATIENCE_MS = 1_500;
const LOG_LIMIT = 10_000_000;

/**
 * Starts the embedded PostgreSQL of a data directory, or joins the one that already runs there, and keeps it running:
 * when it dies under us it is started again. Several processes may use one; it ends with the last of them, also when
 * that one is killed.
 * @throws Refusal with the codes `embedded-*` and `data-*`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {});
  const place = findPlace(options.dataDir, options.systemPlace);
  const binaries = findBinaries(place);
  takeLease(place.leases);
  let running: Running;
  try {
    running = await bringUp(place, binaries, options, say);
  } catch (error) {
    dropLease(place.leases);
    throw error;
  }
  const first = running;
  let stopping = false;
  let restarting: Promise<void> | null = null;

  async function restart(): Promise<void> {
    let pause = 250;
    while (!stopping) {
      try {
        say(`PostgreSQL (process ${running.pid}) has ended; starting it again.`);
        const next = await bringUp(place, binaries, options, say);
        running.keeper.stdin?.end();
        running = next;
        return;
      } catch (error) {
        say(`Starting PostgreSQL again failed: ${(error as Error).message}`);
        await delay(pause, undefined, { ref: false });
        pause = Math.min(pause * 2, 30_000);
      }
    }
  }

  const watch = setInterval(() => {
    if (stopping || restarting !== null || findPostmaster(place.cluster)?.pid === running.pid) return;
    restarting = restart().finally(() => {
      restarting = null;
    });
  }, WATCH_MS);
  watch.unref();

  return {
    place,
    binaries,
    socketDir: first.socketDir,
    adopted: first.adopted,
    pid: () => running.pid,
    async stop() {
      if (stopping) return;
      stopping = true;
      clearInterval(watch);
      await restarting;
      dropLease(place.leases);
      running.keeper.stdin?.end();
      if (leaseHolders(place.leases).length > 0) return;
      if (await waitUntilGone(running.pid, KEEPER_PATIENCE_MS)) return;
      askToStop(place, running.pid);
      if (!(await waitUntilGone(running.pid, STOP_TIMEOUT_MS))) {
        say(`PostgreSQL (process ${running.pid}) has not stopped within a minute and is left to finish.`);
      }
    },
  };
}

function askToStop(place: Place, pid: number): void {
  if (findPostmaster(place.cluster)?.pid !== pid) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // gone meanwhile
  }
}

function bringUp(
  place: Place,
  binaries: Binaries,
  options: EmbeddedOptions,
  say: (line: string) => void,
): Promise<Running> {
  const onWait = (pid: number): void => say(`Waiting for process ${pid}, which is starting this database.`);
  return withFileLock(place.lock, { timeoutMs: LOCK_TIMEOUT_MS, onWait }, async () => {
    const running = (await adopt(place, say)) ?? (await launch(place, binaries, options, say));
    await ensureDatabase(running.socketDir);
    return running;
  });
}

/** Joins a postmaster that runs; null when there is none, or when it was on its way down and has gone. */
async function adopt(place: Place, say: (line: string) => void): Promise<Running | null> {
  if (!existsSync(place.cluster)) return null;
  const found = findPostmaster(place.cluster);
  if (found === null) return null;
  const log = openLog(place);
  const keeper = keepAdopted({ account: place.account, leases: place.leases, pidFile: pidFile(place), log }, found.pid);
  closeSync(log);
  const stillThere = (): boolean => findPostmaster(place.cluster)?.pid === found.pid;
  const socketDir = await whenReady(() => findPostmaster(place.cluster)?.socketDir ?? found.socketDir, stillThere, say);
  if (socketDir !== null) return { pid: found.pid, socketDir, adopted: true, keeper };
  keeper.stdin?.end();
  return null;
}

async function launch(
  place: Place,
  binaries: Binaries,
  options: EmbeddedOptions,
  say: (line: string) => void,
): Promise<Running> {
  if (existsSync(place.cluster)) await clearRemains(place.cluster);
  else say(`Making a database in ${place.cluster}.`);
  await ensureCluster(place, binaries);
  const socketDir = await prepareSocketDir(place);
  removeOldSockets(socketDir);
  const log = openLog(place);
  const postgres = [join(binaries.bin, 'postgres'), '-D', place.cluster];
  const command = [...place.account.runPrefix, ...postgres, ...settingArguments(options.settings ?? {}, socketDir)];
  const logFrom = statSync(place.log).size;
  const keeper = keepNew({ account: place.account, leases: place.leases, pidFile: pidFile(place), log }, command);
  closeSync(log);
  let ended = false;
  keeper.once('exit', () => {
    ended = true;
  });
  keeper.once('error', () => {
    ended = true;
  });
  const ready = await whenReady(
    () => socketDir,
    () => !ended,
    say,
  );
  const postmaster = findPostmaster(place.cluster);
  if (ready === null || postmaster === null) {
    keeper.stdin?.end();
    throw new Refusal(
      'embedded-start-failed',
      `PostgreSQL did not start in ${place.cluster}: ${lastWords(place.log, logFrom)} (its log: ${place.log})`,
    );
  }
  return { pid: postmaster.pid, socketDir, adopted: false, keeper };
}

/** A socket's lock file, too, is respected as long as any process has the number in it; the directory is ours alone. */
function removeOldSockets(socketDir: string): void {
  for (const entry of readdirSync(socketDir)) {
    if (entry.startsWith('.s.PGSQL.')) rmSync(join(socketDir, entry), { force: true });
  }
}

function pidFile(place: Place): string {
  return join(place.cluster, 'postmaster.pid');
}

function openLog(place: Place): number {
  if (existsSync(place.log) && statSync(place.log).size > LOG_LIMIT) renameSync(place.log, `${place.log}.1`);
  const log = openSync(place.log, 'a', 0o640);
  giveTo(place.account, place.log);
  chmodSync(place.log, 0o640);
  return log;
}

function lastWords(log: string, from: number): string {
  const said = readFileSync(log).subarray(from).toString('utf8').trim().split('\n');
  const telling = said.filter((line) => /FATAL|PANIC|ERROR|HINT|not found|denied|error while/.test(line));
  return (telling.length > 0 ? telling : said).slice(-3).join(' / ') || 'it said nothing';
}
