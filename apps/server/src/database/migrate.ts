import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, type ClientConfig } from 'pg';
import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';

/** One numbered SQL file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with `\n` line ends. */
  readonly hash: string;
}

/** What a call of `migrate` did. */
export interface Migrated {
  /** Version of the schema now; 0 for an empty one. */
  readonly version: number;
  /** Names of the migrations that this call applied. */
  readonly applied: readonly string[];
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly hash: string;
}

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** Key of the advisory lock: any fixed number that nothing else here uses. */
const LOCK = 7_228_011;

/**
 * Brings the schema up to the code's version. Forward only: each file runs once, in its number's order, in a
 * transaction of its own that holds a lock, so two nodes may start at once.
 * @throws Refusal `data-version-unknown` for a schema newer than the code, `migration-changed` when an applied file
 *   was edited, `migration-failed`, `migration-name`.
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migrated> {
  const client = new Client({ ...connection, application_name: 'baton-migrate' } as ClientConfig);
  client.on('error', () => {});
  await client.connect();
  try {
    const applied: string[] = [];
    for (;;) {
      const next = await applyNext(client, migrations);
      if (next === null) return { version: migrations.at(-1)?.version ?? 0, applied };
      applied.push(next);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

/** Reads and checks the numbered files: each number once, in ascending order. */
export function readMigrations(folder: string = FOLDER): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const seen = new Set<number>();
  return files.map((file) => {
    const match = FILE_NAME.exec(file);
    const version = Number(match?.[1] ?? 0);
    if (match === null || seen.has(version)) {
      throw new Refusal(
        'migration-name',
        `${folder}${file}: migrations are named 0001_name.sql, 0002_name.sql ..., each number once.`,
      );
    }
    seen.add(version);
    const sql = readFileSync(`${folder}/${file}`, 'utf8').replaceAll('\r\n', '\n');
    return { version, name: match[2] ?? '', sql, hash: createHash('sha256').update(sql).digest('hex') };
  });
}

/** Version of the schema in the database; 0 when nothing was ever applied. Needs no lock. */
export async function schemaVersion(client: Pick<Client, 'query'>): Promise<number> {
  const exists = await client.query<{ there: boolean }>("select to_regclass('schema_migration') is not null as there");
  if (exists.rows[0]?.there !== true) return 0;
  const answer = await client.query<{ version: number | null }>('select max(version) as version from schema_migration');
  return answer.rows[0]?.version ?? 0;
}

async function applyNext(client: Client, migrations: readonly Migration[]): Promise<string | null> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(
      `create table if not exists schema_migration (
         version integer primary key, name text not null, hash text not null,
         applied_at timestamptz not null default clock_timestamp())`,
    );
    const answer = await client.query<Applied>('select version, name, hash from schema_migration order by version');
    const next = compare(answer.rows, migrations);
    if (next !== null) await apply(client, next);
    await client.query('commit');
    return next === null ? null : `${String(next.version).padStart(4, '0')}_${next.name}`;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

function compare(applied: readonly Applied[], migrations: readonly Migration[]): Migration | null {
  const newest = applied.at(-1)?.version ?? 0;
  const known = migrations.at(-1)?.version ?? 0;
  if (newest > known) {
    throw new Refusal(
      'data-version-unknown',
      `The data has schema version ${newest}, this Baton knows up to ${known}: a newer Baton wrote it. ` +
        'Start that version (or a later one), or restore a backup made by this version into a new data directory.',
    );
  }
  for (const row of applied) {
    const file = migrations.find(({ version }) => version === row.version);
    if (file?.hash === row.hash) continue;
    throw new Refusal(
      'migration-changed',
      `Migration ${String(row.version).padStart(4, '0')}_${row.name} was applied to this data with another text than the ` +
        'file has now. An applied migration is never edited: put the file back as it was and add a new one.',
    );
  }
  const done = new Set(applied.map(({ version }) => version));
  return migrations.find(({ version }) => !done.has(version)) ?? null;
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const name = `${String(migration.version).padStart(4, '0')}_${migration.name}.sql`;
  try {
    await client.query(migration.sql);
  } catch (error) {
    const { message, position } = error as Error & { position?: string };
    const line = position === undefined ? '' : `:${migration.sql.slice(0, Number(position)).split('\n').length}`;
    throw new Refusal('migration-failed', `${name}${line}: ${message}. Nothing of this file was applied.`, {
      cause: error,
    });
  }
  await client.query('insert into schema_migration (version, name, hash) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.hash,
  ]);
}
