import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { giveTo, type Place } from './place.ts';

/** `sockaddr_un` holds 107 bytes on Linux and 103 on macOS; `/.s.PGSQL.5432.lock` needs 19 of them. */
const LONGEST_DIRECTORY = 103 - 19;

/**
 * A directory of mode 0700, owned by the account, for the server's socket: `run/` beside the data where that path is
 * short enough and its file system takes sockets, else a private directory below /tmp whose name is kept, so that it
 * stays the same over restarts.
 */
export async function prepareSocketDir(place: Place): Promise<string> {
  const beside = join(place.home, 'run');
  if (Buffer.byteLength(beside) <= LONGEST_DIRECTORY) {
    if (!existsSync(beside)) mkdirSync(beside, { mode: 0o700 });
    chmodSync(beside, 0o700);
    if (await takesSockets(beside)) {
      giveTo(place.account, beside);
      return beside;
    }
  }
  return keptTemporaryDir(place);
}

function keptTemporaryDir(place: Place): string {
  const note = join(place.home, 'socket-dir');
  const kept = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  if (kept !== '' && isPrivate(kept, place.account.uid)) return kept;
  const made = mkdtempSync('/tmp/baton-');
  chmodSync(made, 0o700);
  giveTo(place.account, made);
  writeFileSync(note, `${made}\n`);
  return made;
}

/** Nobody else may have put the directory there: /tmp is open to all. */
function isPrivate(dir: string, owner: number): boolean {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === owner && (stat.mode & 0o077) === 0;
}

function takesSockets(dir: string): Promise<boolean> {
  const path = join(dir, '.probe');
  rmSync(path, { force: true });
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(path, () => server.close(() => resolve(true)));
  });
}
