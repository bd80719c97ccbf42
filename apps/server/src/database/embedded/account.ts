import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Under whom PostgreSQL runs. It refuses to run as root, and `initdb` refuses a uid that no user database lists. */
export interface Account {
  /** Passed to `spawn`; null when the processes keep our own identity. */
  readonly drop: { readonly uid: number; readonly gid: number } | null;
  /** Who owns the files on disk, as we see it. */
  readonly uid: number;
  readonly gid: number;
  /** Put before `initdb` / before `postgres`: a user namespace where the plain way is closed. */
  readonly initPrefix: readonly string[];
  readonly runPrefix: readonly string[];
  /** For `baton doctor`. */
  readonly says: string;
}

const NOBODY = 65_534;
/** A user namespace in which our uid goes by the name of nobody: needs no privilege where the kernel allows it. */
const AS_NOBODY = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/**
 * Chooses the account. A plain user keeps their own. Root drops to the owner of existing data, else to the system
 * user `baton` if there is one, else to `nobody`; where root can't change identity at all (a container with a single
 * mapped uid), a nested user namespace serves.
 */
export function chooseAccount(dataOwner: { readonly uid: number; readonly gid: number } | null): Account {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  if (uid !== 0) {
    const listed = isListed();
    const says = listed ? 'runs as the user who started it' : `runs as uid ${uid}, which no user database lists`;
    return { drop: null, uid, gid, initPrefix: listed ? [] : AS_NOBODY, runPrefix: [], says };
  }
  const target = dataOwner !== null && dataOwner.uid !== 0 ? dataOwner : unprivileged();
  if (canBecome(target)) {
    const initPrefix = nameOf(target.uid) === null ? AS_NOBODY : [];
    const says = `started by root, runs as ${nameOf(target.uid) ?? 'uid'} (${target.uid})`;
    return { drop: target, uid: target.uid, gid: target.gid, initPrefix, runPrefix: [], says };
  }
  const says = 'started by a root that cannot change its uid, runs in a user namespace of its own';
  return { drop: null, uid, gid, initPrefix: AS_NOBODY, runPrefix: AS_NOBODY, says };
}

/** True when the account can use `path` (`-r` read, `-x` enter or execute, `-w` write): asked of the kernel, not guessed from modes. */
export function canUse(account: Account, path: string, how: '-r' | '-x' | '-w'): boolean {
  if (account.drop === null) return shellTest([how, path], {});
  return shellTest([how, path], account.drop);
}

function shellTest(args: string[], identity: { uid?: number; gid?: number }): boolean {
  return spawnSync('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', ...args], { ...identity, cwd: '/' }).status === 0;
}

function canBecome(target: { uid: number; gid: number }): boolean {
  return spawnSync('/bin/sh', ['-c', ':'], { ...target, cwd: '/' }).status === 0;
}

function unprivileged(): { uid: number; gid: number } {
  for (const name of ['baton', 'nobody']) {
    const entry = passwd().find((user) => user.name === name && user.uid !== 0);
    if (entry !== undefined) return { uid: entry.uid, gid: entry.gid };
  }
  return { uid: NOBODY, gid: NOBODY };
}

function nameOf(uid: number): string | null {
  return passwd().find((user) => user.uid === uid)?.name ?? null;
}

function isListed(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function passwd(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 7)
      .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
  } catch {
    return [];
  }
}
