import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../refusal.ts';
import type { Binaries } from './binaries.ts';
import { giveTo, type Place } from './place.ts';

/** The one role of the embedded server. It has no password: only who can enter the socket directory can connect. */
export const ROLE = 'baton';

/**
 * Makes the cluster if there is none. It is made beside its final name and renamed, so a crash leaves no half cluster.
 * Call it under the start lock.
 * @throws Refusal `data-version-unknown` for a cluster of another PostgreSQL major version,
 *   `data-owned-by-another-user`, `embedded-start-failed` when initdb fails.
 */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<void> {
  removeDrafts(place);
  if (existsSync(place.cluster)) return checkCluster(place, binaries);
  const draft = join(place.home, `postgres.new-${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  chmodSync(draft, 0o700);
  giveTo(place.account, draft);
  await runInitdb(place, binaries, join(draft, 'cluster'));
  renameSync(join(draft, 'cluster'), place.cluster);
  rmSync(draft, { recursive: true, force: true });
}

function checkCluster(place: Place, binaries: Binaries): void {
  const owner = statSync(place.cluster).uid;
  if (owner !== place.account.uid) {
    throw new Refusal(
      'data-owned-by-another-user',
      `The database in ${place.cluster} belongs to uid ${owner}, but this process runs as uid ${place.account.uid}. ` +
        'Start Baton as that user or as root, or set BATON_DATA to a directory of your own.',
    );
  }
  const file = join(place.cluster, 'PG_VERSION');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'none';
  if (found !== String(binaries.major)) {
    throw new Refusal(
      'data-version-unknown',
      `The database in ${place.cluster} was made by PostgreSQL ${found}; this Baton brings PostgreSQL ` +
        `${binaries.major}. Run the Baton version that wrote it, make a backup there (baton backup FILE), ` +
        'then restore that file into a new data directory with this version.',
    );
  }
}

function removeDrafts(place: Place): void {
  for (const entry of readdirSync(place.home)) {
    if (entry.startsWith('postgres.new-')) rmSync(join(place.home, entry), { recursive: true, force: true });
  }
}

async function runInitdb(place: Place, binaries: Binaries, target: string): Promise<void> {
  const options = ['--username', ROLE, '--auth', 'trust', '--encoding', 'UTF8', '--no-instructions'];
  const locale = ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'];
  const initdb = [join(binaries.bin, 'initdb'), '--pgdata', target, ...options, ...locale];
  const [command = '', ...args] = [...place.account.initPrefix, ...initdb];
  const child = spawn(command, args, {
    ...(place.account.drop ?? {}),
    cwd: dirname(target),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (status) => resolve(status ?? -1));
  });
  if (code === 0) return;
  const why = code instanceof Error ? code.message : said.trim().split('\n').slice(-4).join(' / ');
  const hint =
    place.account.initPrefix.length > 0
      ? ` initdb wants a listed user; uid ${place.account.uid} is not, and no user namespace ` +
        'could be made. Run under a listed user, or set DATABASE_URL.'
      : '';
  throw new Refusal('embedded-start-failed', `Making the database in ${place.cluster} failed: ${why}.${hint}`);
}
