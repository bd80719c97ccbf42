import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { type Account, canUse, chooseAccount } from './account.ts';

/** Where things of the embedded database lie. */
export interface Place {
  /** The directory the user named (`.baton/` or `BATON_DATA`). */
  readonly dataDir: string;
  /** Holds `postgres/` (the cluster), `leases/`, the log and the start lock; the same as `dataDir` unless `moved`. */
  readonly home: string;
  readonly cluster: string;
  readonly leases: string;
  readonly log: string;
  readonly lock: string;
  /** Why `home` is not `dataDir`; null when it is. */
  readonly moved: string | null;
  readonly account: Account;
}

/** Where root keeps what the dropped uid could not reach otherwise. */
export const SYSTEM_PLACE = '/var/lib/baton';
const POINTER = 'database-home';

/**
 * Finds (and makes) the directories of the embedded database. Started by root from a place that the unprivileged uid
 * can't enter, the cluster goes below `systemPlace` and `dataDir` keeps a pointer to it.
 * @throws Refusal `data-unreachable` when a cluster exists where its own account can't reach it any more.
 */
export function findPlace(dataDir: string, systemPlace: string = SYSTEM_PLACE): Place {
  try {
    makeOpen(dataDir, 0o711);
  } catch (error) {
    throw new Refusal(
      'data-unreachable',
      `The data directory ${dataDir} can't be made (${(error as Error).message}). Set BATON_DATA to a directory you can write.`,
    );
  }
  const named = realpathSync(dataDir);
  const pointed = readPointer(named);
  const home = pointed ?? named;
  const account = chooseAccount(ownerOf(join(home, 'postgres')));
  if (pointed !== null) return laidOut(named, pointed, account);
  if (account.drop === null || opened(named, account)) return laidOut(named, named, account);
  if (existsSync(join(named, 'postgres'))) {
    throw new Refusal(
      'data-unreachable',
      `The database in ${named} belongs to uid ${account.uid}, which can't enter that directory any more. ` +
        'Give every directory above it the x permission for others, as it was when the database was made.',
    );
  }
  return laidOut(named, newHome(named, systemPlace), account);
}

/**
 * The same without making or changing anything, for `baton doctor`; null when the data directory does not exist.
 * @throws Refusal `data-unreachable` when the pointer leads nowhere.
 */
export function lookAtPlace(dataDir: string): Place | null {
  if (!existsSync(dataDir)) return null;
  const named = realpathSync(dataDir);
  const home = readPointer(named) ?? named;
  return describe(named, home, chooseAccount(ownerOf(join(home, 'postgres'))));
}

function laidOut(dataDir: string, home: string, account: Account): Place {
  const place = describe(dataDir, home, account);
  try {
    makeOpen(place.leases, 0o755);
    giveTo(account, place.leases);
    accessSync(home, constants.W_OK);
    accessSync(place.leases, constants.W_OK);
  } catch (error) {
    throw new Refusal(
      'data-owned-by-another-user',
      `${home} can't be written by this user (${(error as Error).message}). Start Baton as the user who made it, or set ` +
        'BATON_DATA to a directory of your own.',
    );
  }
  return place;
}

function describe(dataDir: string, home: string, account: Account): Place {
  return {
    dataDir,
    home,
    cluster: join(home, 'postgres'),
    leases: join(home, 'leases'),
    log: join(home, 'postgres.log'),
    lock: join(home, 'start.lock'),
    moved: home === dataDir ? null : `uid ${account.uid} can't enter ${dataDir}`,
    account,
  };
}

/** Makes a missing directory with exactly this mode, whatever the umask is. */
function makeOpen(dir: string, mode: number): void {
  if (existsSync(dir)) return;
  mkdirSync(dir, { recursive: true, mode });
  chmodSync(dir, mode);
}

/** Makes `dir` enterable for the account if nothing but its own mode stands in the way (the directory is ours). */
function opened(dir: string, account: Account): boolean {
  if (canUse(account, dir, '-x')) return true;
  if (!canUse(account, dirname(dir), '-x')) return false;
  chmodSync(dir, statSync(dir).mode | 0o011);
  return canUse(account, dir, '-x');
}

function newHome(dataDir: string, systemPlace: string): string {
  const home = join(systemPlace, `data-${randomBytes(6).toString('hex')}`);
  try {
    makeOpen(systemPlace, 0o755);
    makeOpen(home, 0o711);
    writeFileSync(join(home, 'origin'), `${dataDir}\n`);
  } catch (error) {
    throw new Refusal(
      'data-unreachable',
      `PostgreSQL does not run as root, the uid it drops to can't enter ${dataDir}, and ${systemPlace} can't be ` +
        `written (${(error as Error).message}). Set BATON_DATA to a directory that every user can enter.`,
    );
  }
  writeFileSync(join(dataDir, POINTER), `${home}\n`);
  return home;
}

function readPointer(dataDir: string): string | null {
  const file = join(dataDir, POINTER);
  if (!existsSync(file)) return null;
  const home = readFileSync(file, 'utf8').trim();
  if (home !== '' && existsSync(home)) return home;
  throw new Refusal(
    'data-unreachable',
    `${file} says that the database lies in ${home}, which is gone. Bring that directory back, or restore a backup ` +
      `into a new data directory. To begin empty, delete ${file}.`,
  );
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return null;
  }
}

/** Gives `path` to the account when we act for it as root. */
export function giveTo(account: Account, path: string): void {
  if (account.drop !== null) chownSync(path, account.drop.uid, account.drop.gid);
}
