import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../refusal.ts';
import { lookUpProcess } from './processes.ts';

interface Holder {
  readonly pid: number;
  readonly startedAs: string;
  readonly nonce: string;
}

interface Waiting {
  /** How long to wait for a living holder, in ms. */
  readonly timeoutMs: number;
  /** Told once, when the wait has lasted a second. */
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `work` while holding the lock file `path`. A holder that died (also by kill -9) is replaced; a living one is
 * waited for. The file appears whole (it is linked into place), so a reader never sees half of it.
 * @throws Refusal `embedded-lock-timeout` when a living process keeps the lock for longer than `timeoutMs`.
 */
export async function withFileLock<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(path, waiting);
  try {
    return await work();
  } finally {
    if (readHolder(path)?.nonce === mine.nonce) rmSync(path, { force: true });
  }
}

async function acquire(path: string, waiting: Waiting): Promise<Holder> {
  const mine: Holder = {
    pid: process.pid,
    startedAs: lookUpProcess(process.pid)?.startedAs ?? '',
    nonce: randomBytes(8).toString('hex'),
  };
  const draft = `${path}.${mine.nonce}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o644 });
  const started = performance.now();
  let told = false;
  try {
    while (!tryLink(draft, path)) {
      const holder = readHolder(path);
      if (holder === null) continue;
      if (!isHeld(holder)) {
        breakLock(path, holder);
        continue;
      }
      const waited = performance.now() - started;
      if (waited > waiting.timeoutMs) {
        throw new Refusal(
          'embedded-lock-timeout',
          `Process ${holder.pid} has held ${path} for more than ${Math.round(waiting.timeoutMs / 1000)} s. ` +
            'It is starting this database; wait for it, or end it and try again.',
        );
      }
      if (!told && waited > 1000) {
        told = true;
        waiting.onWait?.(holder.pid);
      }
      await delay(40);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return mine;
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof SyntaxError) return { pid: 0, startedAs: '', nonce: '' };
    throw error;
  }
}

function isHeld(holder: Holder): boolean {
  const facts = lookUpProcess(holder.pid);
  return facts !== null && !facts.zombie && facts.startedAs === holder.startedAs;
}

/** Moves a dead holder's lock aside; if another process was quicker and the file moved was its live lock, puts it back. */
function breakLock(path: string, dead: Holder): void {
  const aside = `${path}.broken-${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside)?.nonce !== dead.nonce) tryLink(aside, path);
  rmSync(aside, { force: true });
}

/** Pid of the living process that holds the lock; null when nobody does. */
export function lockHolder(path: string): number | null {
  const holder = readHolder(path);
  return holder !== null && isHeld(holder) ? holder.pid : null;
}
