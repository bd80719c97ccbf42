import { Client } from 'pg';
import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';

/** What the guard found out about a server it lets pass. */
export interface ServerFacts {
  /** For instance 180004. */
  readonly versionNumber: number;
  readonly version: string;
}

const OLDEST = 150_000;

/** Each promise and the values under which it holds. */
const PROMISES: readonly { readonly setting: string; readonly unsafe: readonly string[]; readonly loses: string }[] = [
  { setting: 'fsync', unsafe: ['off'], loses: 'a power cut can lose or corrupt everything' },
  { setting: 'full_page_writes', unsafe: ['off'], loses: 'a power cut can tear pages' },
  { setting: 'synchronous_commit', unsafe: ['off'], loses: 'a crash loses leads whose receipt was already given' },
];

/**
 * Connects and looks at the server before anything is written to it.
 * @throws Refusal `database-unreachable`, `database-too-old`, `database-unsafe-setting`, `database-read-only`,
 *   `database-encoding`.
 */
export async function checkServer(connection: Connection): Promise<ServerFacts> {
  const client = new Client({ ...connection, connectionTimeoutMillis: 15_000, application_name: 'baton' });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new Refusal(
      'database-unreachable',
      `Can't connect to the database ${describeConnection(connection)}: ${(error as Error).message || String(error)}. ` +
        'Check DATABASE_URL, and that the server runs and lets this user in.',
      { cause: error },
    );
  }
  try {
    const answer = await client.query<Record<string, string>>(
      `select name, setting from pg_settings where name = any($1)
       union all select 'in_recovery', pg_is_in_recovery()::text`,
      [['server_version', 'server_version_num', 'server_encoding', ...PROMISES.map((promise) => promise.setting)]],
    );
    return judge(new Map(answer.rows.map((row) => [row.name ?? '', row.setting ?? ''])));
  } finally {
    await client.end().catch(() => {});
  }
}

function judge(found: ReadonlyMap<string, string>): ServerFacts {
  const versionNumber = Number(found.get('server_version_num'));
  const version = found.get('server_version') ?? '';
  if (versionNumber < OLDEST) {
    throw new Refusal('database-too-old', `The server is PostgreSQL ${version}; Baton needs 15 or later.`);
  }
  if (found.get('in_recovery') === 'true') {
    throw new Refusal(
      'database-read-only',
      'The server is a read-only replica. Point DATABASE_URL at the primary: Baton never decides on a replica.',
    );
  }
  if (found.get('server_encoding') !== 'UTF8') {
    throw new Refusal(
      'database-encoding',
      `The database's encoding is ${found.get('server_encoding')}. Create it anew with: create database baton encoding 'UTF8' template template0`,
    );
  }
  for (const promise of PROMISES) {
    const value = found.get(promise.setting) ?? '';
    if (!promise.unsafe.includes(value)) continue;
    throw new Refusal(
      'database-unsafe-setting',
      `The server has ${promise.setting} = ${value}: ${promise.loses}. Baton only answers for what is on disk. ` +
        `Set ${promise.setting} = on in postgresql.conf (also look at ALTER DATABASE and ALTER ROLE settings), reload, and start again.`,
    );
  }
  return { versionNumber, version };
}

/** First minor release of each major version without a known hole that lets one SQL user read past row security. */
const FLOORS: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 7 };

/** A sentence when the server is older than the minor release with the known fixes; null otherwise. */
export function belowFloor(versionNumber: number): string | null {
  const [major, minor] = [Math.floor(versionNumber / 10_000), versionNumber % 10_000];
  const floor = FLOORS[major];
  if (floor === undefined || minor >= floor) return null;
  return `PostgreSQL ${major}.${minor} is older than ${major}.${floor}, which mends CVE-2026-120154 (row security).`;
}

/** The connection without its password, for messages. */
export function describeConnection(connection: Connection): string {
  if (!('connectionString' in connection)) return `${connection.database} at ${connection.host}`;
  try {
    const url = new URL(connection.connectionString);
    return `${url.pathname.slice(1)} at ${url.host || url.searchParams.get('host') || 'localhost'}`;
  } catch {
    return 'of DATABASE_URL (which is not a URL)';
  }
}
