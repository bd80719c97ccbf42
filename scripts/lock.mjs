// Plain JavaScript for Node >= 20: runs before anything is installed.
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while holding the lock file `path`; waits for a living holder, replaces a dead one.
 * @template T
 * @param {string} path
 * @param {(pid: number) => void} onWait told once, when the wait has lasted a second
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  const mine = `${process.pid} ${startOf(process.pid)} ${Math.random().toString(36).slice(2)}`;
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, mine);
  const started = Date.now();
  let told = false;
  try {
    while (!tryLink(draft, path)) {
      const holder = read(path);
      if (holder === null) continue;
      if (!lives(holder)) {
        breakLock(path, holder);
        continue;
      }
      if (!told && Date.now() - started > 1000) {
        told = true;
        onWait(Number(holder.split(' ')[0]));
      }
      await delay(100);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/** @param {string} draft @param {string} path */
function tryLink(draft, path) {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path @returns {string | null} */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Tells two users of one pid number apart. @param {number} pid */
function startOf(pid) {
  if (!existsSync('/proc/self/stat')) return '-';
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return 'gone';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'zombie' : fields[19];
}

/** @param {string} holder */
function lives(holder) {
  const [pid, start] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startOf(Number(pid)) === start;
}

/** If another process was quicker and the file moved was its live lock, puts it back. @param {string} path @param {string} dead */
function breakLock(path, dead) {
  const aside = `${path}.broken.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== dead) tryLink(aside, path);
  rmSync(aside, { force: true });
}
