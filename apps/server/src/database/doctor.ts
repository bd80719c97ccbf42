import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { belowFloor, checkServer, describeConnection } from './checkServer.ts';
import type { Connection } from './connection.ts';
import { type Binaries, findBinaries, installedBinaries } from './embedded/binaries.ts';
import { lockHolder } from './embedded/fileLock.ts';
import { ROLE } from './embedded/initCluster.ts';
import { leaseHolders } from './embedded/leases.ts';
import { lookAtPlace, type Place, SYSTEM_PLACE } from './embedded/place.ts';
import { findPostmaster, pidInFile } from './embedded/postmaster.ts';
import { lookUpProcess, postgresProcessesIn } from './embedded/processes.ts';
import { DATABASE } from './embedded/readiness.ts';
import { readMigrations, schemaVersion } from './migrate.ts';
import type { DatabaseChoice } from './openDatabase.ts';
import { Refusal } from './refusal.ts';

/** One thing that was looked at. */
export interface Finding {
  /** Stable name, kebab-case. */
  readonly check: string;
  /** `note`: nothing is broken, but somebody should know. `problem`: Baton would not start or data is at risk. */
  readonly state: 'ok' | 'note' | 'problem';
  readonly says: string;
}

const LITTLE_SPACE = 2_000_000_000;
const ALMOST_NO_SPACE = 200_000_000;

/**
 * Looks at runtime, data directory, server and schema, and explains what it finds. Starts and stops nothing, and changes
 * no data; missing library links of the programs are made, as any start would.
 */
export async function examine(choice: Pick<DatabaseChoice, 'dataDir' | 'databaseUrl'>): Promise<Finding[]> {
  const findings: Finding[] = [runtime()];
  if (choice.databaseUrl !== null && choice.databaseUrl !== '') {
    const connection = { connectionString: choice.databaseUrl };
    findings.push({ check: 'database', state: 'ok', says: `DATABASE_URL names ${describeConnection(connection)}.` });
    return [...findings, ...(await server(connection))];
  }
  const place = attempt('data-directory', findings, () => lookAtPlace(choice.dataDir));
  if (place === undefined) return findings;
  if (place === null) {
    const says = `${choice.dataDir} does not exist yet; the first start makes it.`;
    return [...findings, ...programs(null), { check: 'data-directory', state: 'ok', says }];
  }
  findings.push(
    ...programs(place),
    account(place),
    directory(place),
    space(place),
    ...cluster(place),
    ...processes(place),
    ...log(place),
  );
  const running = existsSync(place.cluster) ? findPostmaster(place.cluster) : null;
  if (running !== null) {
    findings.push(...(await server({ host: running.socketDir, port: 5432, user: ROLE, database: DATABASE })));
  }
  return [...findings, ...forgotten()];
}

function runtime(): Finding {
  const pinned = process.execPath.includes('node_modules');
  const says = `Node ${process.versions.node} on ${process.platform} ${process.arch}${pinned ? ', the pinned one' : ', not the pinned one'}.`;
  return { check: 'runtime', state: 'ok', says };
}

function programs(place: Place | null): Finding[] {
  const findings: Finding[] = [];
  const found = attempt('postgresql', findings, () => (place === null ? null : findBinaries(place)));
  if (found === undefined) return findings;
  const version = found?.version ?? attempt('postgresql', findings, installedBinaries)?.version;
  if (version === undefined) return findings;
  return [{ check: 'postgresql', state: 'ok', says: `Embedded PostgreSQL ${version}, ${whereItRuns(found)}.` }];
}

function whereItRuns(found: Binaries | null): string {
  if (found === null) return 'installed';
  return found.copied === null ? `run from ${found.bin}` : `run from a copy in ${found.bin}, because ${found.copied}`;
}

function account(place: Place): Finding {
  return { check: 'account', state: 'ok', says: `PostgreSQL ${place.account.says}.` };
}

function directory(place: Place): Finding {
  if (place.moved === null) return { check: 'data-directory', state: 'ok', says: `Data lies in ${place.home}.` };
  const says = `Data lies in ${place.home}, not in ${place.dataDir}: started by root, and ${place.moved}.`;
  return { check: 'data-directory', state: 'note', says };
}

function space(place: Place): Finding {
  const { bavail, bsize } = statfsSync(place.home);
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB free on the disk of ${place.home}.`;
  if (free < ALMOST_NO_SPACE) {
    return { check: 'disk', state: 'problem', says: `${says} PostgreSQL stops when the disk is full; make room now.` };
  }
  return { check: 'disk', state: free < LITTLE_SPACE ? 'note' : 'ok', says };
}

function cluster(place: Place): Finding[] {
  if (!existsSync(place.cluster)) {
    return [{ check: 'cluster', state: 'ok', says: 'No database yet; the first start makes it.' }];
  }
  const owner = statSync(place.cluster).uid;
  if (owner !== place.account.uid) {
    const says = `${place.cluster} belongs to uid ${owner}; this user is uid ${place.account.uid}. Start as that user or as root.`;
    return [{ check: 'cluster', state: 'problem', says }];
  }
  const file = join(place.cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'none';
  const major = Number.parseInt(installedBinaries().version, 10);
  if (version !== String(major)) {
    const says = `${place.cluster} has data of PostgreSQL ${version}, this Baton brings ${major}: see data-version-unknown.`;
    return [{ check: 'cluster', state: 'problem', says }];
  }
  return [
    { check: 'cluster', state: 'ok', says: `A PostgreSQL ${version} cluster of uid ${owner} in ${place.cluster}.` },
  ];
}

function processes(place: Place): Finding[] {
  const findings: Finding[] = [];
  const starting = lockHolder(place.lock);
  if (starting !== null)
    findings.push({ check: 'start-lock', state: 'note', says: `Process ${starting} is starting it now.` });
  if (!existsSync(place.cluster)) return findings;
  const postmaster = findPostmaster(place.cluster);
  if (postmaster !== null) {
    const users = existsSync(place.leases) ? leaseHolders(place.leases) : [];
    const says = `Runs as process ${postmaster.pid}, socket in ${postmaster.socketDir}, used by ${
      users.length === 0
        ? 'nobody (it is about to end, or was left by a crash; the next start adopts it)'
        : `process ${users.join(', ')}`
    }.`;
    return [...findings, { check: 'server-process', state: users.length === 0 ? 'note' : 'ok', says }];
  }
  return [...findings, leftBehind(place)];
}

function leftBehind(place: Place): Finding {
  const orphans = postgresProcessesIn(place.cluster);
  const pid = pidInFile(place.cluster);
  if (orphans.length > 0) {
    const says = `Its main process is gone, ${orphans.length} of its children still run (${orphans.join(', ')}); the next start clears them.`;
    return { check: 'server-process', state: 'note', says };
  }
  if (pid === null) return { check: 'server-process', state: 'ok', says: 'Not running.' };
  const now = lookUpProcess(pid);
  const who = now === null ? 'has ended' : now.zombie ? 'is a zombie' : `is now another program (${now.command})`;
  const says = `Not running. A crash left postmaster.pid, whose process ${pid} ${who}; the next start replaces it.`;
  return { check: 'server-process', state: 'note', says };
}

function log(place: Place): Finding[] {
  if (!existsSync(place.log)) return [];
  const lines = readFileSync(place.log, 'utf8').slice(-200_000).split('\n');
  const telling = lines.filter(
    (line) => / (FATAL|PANIC): /.test(line) && !/starting up|shutting down|terminating connection/.test(line),
  );
  const last = telling.at(-1);
  if (last === undefined) return [{ check: 'log', state: 'ok', says: `Nothing alarming in ${place.log}.` }];
  return [{ check: 'log', state: 'note', says: `Last alarming line of ${place.log}: ${last}` }];
}

async function server(connection: Connection): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const facts = await checkServer(connection);
    const says = `PostgreSQL ${facts.version} flushes what it acknowledges (fsync, full_page_writes, synchronous_commit are on).`;
    findings.push({ check: 'server', state: 'ok', says });
    const floor = belowFloor(facts.versionNumber);
    if (floor !== null) {
      const calm =
        'Baton does not use row security, and only its own role reaches its tables; update the server when you can.';
      findings.push({ check: 'server-version', state: 'note', says: `${floor} ${calm}` });
    }
    findings.push(await schema(connection));
  } catch (error) {
    findings.push(problem('server', error));
  }
  return findings;
}

async function schema(connection: Connection): Promise<Finding> {
  const versions = readMigrations().map(({ version }) => version);
  const known = versions.at(-1) ?? 0;
  const client = new Client({ ...connection });
  client.on('error', () => {});
  await client.connect();
  try {
    const found = await schemaVersion(client);
    if (found > known) {
      const says = `The data has schema version ${found}, this Baton knows up to ${known}: a newer Baton wrote it.`;
      return { check: 'schema', state: 'problem', says };
    }
    const waiting = versions.filter((version) => version > found).length;
    const behind =
      waiting > 0 ? `; the next start applies ${waiting} ${waiting === 1 ? 'migration' : 'migrations'}` : '';
    return { check: 'schema', state: 'ok', says: `Schema version ${found} of ${known}${behind}.` };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Data that root keeps for data directories which are gone or were begun anew. */
function forgotten(): Finding[] {
  if (process.getuid?.() !== 0 || !existsSync(SYSTEM_PLACE)) return [];
  const homes = readdirSync(SYSTEM_PLACE)
    .filter((name) => name.startsWith('data-'))
    .map((name) => join(SYSTEM_PLACE, name));
  const lost = homes.filter((home) => {
    const origin = join(home, 'origin');
    const pointer = existsSync(origin) ? join(readFileSync(origin, 'utf8').trim(), 'database-home') : '';
    return !existsSync(pointer) || readFileSync(pointer, 'utf8').trim() !== home;
  });
  if (lost.length === 0) return [];
  const says = `No data directory points to ${lost.join(', ')} any more; delete what you do not need.`;
  return [{ check: 'forgotten-data', state: 'note', says }];
}

/** Runs `look`; a refusal becomes a finding, and the answer is undefined. */
function attempt<T>(check: string, findings: Finding[], look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    findings.push(problem(check, error));
    return undefined;
  }
}

function problem(check: string, error: unknown): Finding {
  const code = error instanceof Refusal ? ` (${error.code})` : '';
  return { check, state: 'problem', says: `${(error as Error).message}${code}` };
}
