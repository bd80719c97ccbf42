import { pipeline } from 'node:stream/promises';
import { Client, type ClientConfig } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type BackupHead, type BackupTable, openBackup, streamOf, verifyBackup } from './backupFile.ts';
import { type DataTable, dataTables, partitions } from './catalog.ts';
import type { Connection } from './connection.ts';
import { type Migration, migrate, readMigrations, schemaVersion } from './migrate.ts';
import { Refusal } from './refusal.ts';

/** What to restore, and where to. */
export interface RestoreChoice {
  readonly connection: Connection;
  readonly file: string;
  /** Replaces the data of a database that is not empty. */
  readonly force?: boolean;
  /** Told before each table. */
  readonly onTable?: (table: string, index: number, tables: number) => void;
  /** The code's migrations; read from their folder when left out. */
  readonly migrations?: readonly Migration[];
}

/** What a restore brought back. */
export interface RestoreDone {
  readonly tables: number;
  readonly rows: number;
  /** Epoch ms of the backup's snapshot. */
  readonly createdAt: number;
  /** Schema version of the file, and of the database now. */
  readonly fromVersion: number;
  readonly schemaVersion: number;
}

/** Tables that the migrations themselves fill; their rows do not make a database used. */
const SEEDED: ReadonlySet<string> = new Set(['feed_cursor', 'pipeline', 'pipeline_stage', 'reference_version']);

/**
 * Brings a backup back, in one transaction, into a database without data. The file is read and checked to its end
 * before anything is touched; one made by an older version is loaded at its own version and then migrated forward.
 * @throws Refusal `backup-file-damaged`, `backup-version-unknown`, `restore-target-not-empty`.
 */
export async function restore(choice: RestoreChoice): Promise<RestoreDone> {
  const migrations = choice.migrations ?? readMigrations();
  const { head } = await verifyBackup(choice.file);
  const upToFile = migrationsOf(head, migrations, choice.file);
  const client = new Client({ ...choice.connection, application_name: 'baton-restore' } as ClientConfig);
  client.on('error', () => {});
  await client.connect();
  try {
    if (choice.force !== true) await refuseData(client);
    const found = await schemaVersion(client);
    if (found > (upToFile.at(-1)?.version ?? 0)) await dropEverything(client);
    await migrate(choice.connection, upToFile);
    const { rows, tables } = await load(client, choice, head);
    const now = await migrate(choice.connection, migrations);
    await client.query('analyze');
    return { tables, rows, createdAt: head.createdAt, fromVersion: head.schemaVersion, schemaVersion: now.version };
  } finally {
    await client.end().catch(() => {});
  }
}

function migrationsOf(head: BackupHead, migrations: readonly Migration[], file: string): readonly Migration[] {
  const known = new Map(migrations.map(({ version, hash }) => [version, hash]));
  const strange = head.migrations.find(({ version, hash }) => known.get(version) !== hash);
  const applied = new Set(head.migrations.map(({ version }) => version));
  if (strange === undefined) return migrations.filter(({ version }) => applied.has(version));
  throw new Refusal(
    'backup-version-unknown',
    `${file} has schema version ${head.schemaVersion} with migration ${strange.version} (${strange.name}), which this Baton ` +
      'does not know in that form. Restore it with the version that wrote it, or a later one.',
  );
}

async function refuseData(client: Client): Promise<void> {
  const used: string[] = [];
  for (const { name } of await dataTables(client)) {
    if (SEEDED.has(name)) continue;
    const { rows } = await client.query<{ used: boolean }>(`select exists (select from ${name}) as used`);
    if (rows[0]?.used === true) used.push(name);
  }
  if (used.length === 0) return;
  const shown = used.slice(0, 5).join(', ');
  throw new Refusal(
    'restore-target-not-empty',
    `The database has data already (${shown}${used.length > 5 ? ` and ${used.length - 5} more tables` : ''}). Restore into a ` +
      'new data directory (BATON_DATA), or say --force to replace it.',
  );
}

/** Only ever runs on a database that is empty or was given up by --force, for a file of an older version. */
async function dropEverything(client: Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('drop table if exists %I cascade', relname) as statement from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
     union all
     select format('drop sequence if exists %I cascade', relname) from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'S'
     union all
     select format('drop function if exists %s cascade', oid::regprocedure) from pg_proc
      where pronamespace = current_schema()::regnamespace and prokind = 'f'`,
  );
  await client.query('begin');
  for (const { statement } of rows) await client.query(statement);
  await client.query('commit');
}

async function load(
  client: Client,
  choice: RestoreChoice,
  head: BackupHead,
): Promise<{ rows: number; tables: number }> {
  const source = await openBackup(choice.file);
  await client.query('begin');
  try {
    const tables = await dataTables(client);
    for (const { name } of tables) await client.query(`lock table ${name} in access exclusive mode`);
    await client.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
    const foreignKeys = await dropForeignKeys(client);
    for (const { name } of tables) await client.query(`alter table ${name} disable trigger user`);
    await makePartitions(client, head);
    let rows = 0;
    let index = 0;
    for await (const table of source.tables()) {
      choice.onTable?.(table.table, index, head.tables);
      index += 1;
      rows += await loadTable(client, table, tables, choice.file);
    }
    for (const { name } of tables) await client.query(`alter table ${name} enable trigger user`);
    for (const statement of foreignKeys) await client.query(statement);
    await setSequences(client, head);
    await settleTransactionIds(client);
    await client.query('commit');
    return { rows, tables: index };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function loadTable(
  client: Client,
  table: BackupTable,
  known: readonly DataTable[],
  file: string,
): Promise<number> {
  const target = known.find(({ name }) => name === table.table);
  if (target === undefined || table.columns.some((column) => !target.columns.includes(column))) {
    throw new Refusal(
      'backup-file-damaged',
      `${file} names table ${table.table} with columns that its schema version does not have.`,
    );
  }
  const copy = client.query(copyFrom(`copy ${target.name} (${table.columns.join(', ')}) from stdin`));
  await pipeline(streamOf(table.data), copy);
  if (copy.rowCount !== table.rows()) {
    throw new Refusal(
      'backup-file-damaged',
      `${file}: table ${table.table} gave ${copy.rowCount} rows instead of ${table.rows()}.`,
    );
  }
  return copy.rowCount;
}

/** Drops all foreign keys and answers the statements that bring them back, which checks every row. */
async function dropForeignKeys(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
       from pg_constraint
      where contype = 'f' and conparentid = 0 and connamespace = current_schema()::regnamespace`,
  );
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${name}`);
  return rows.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`);
}

const NAME = /^[a-z_][a-z0-9_]*$/;
const RANGE = /^FOR VALUES FROM \([-'0-9 :.,+a-zA-Z]+\) TO \([-'0-9 :.,+a-zA-Z]+\)$/;

/** Makes the range partitions that the file's database had; what fits none goes to the default partition. */
async function makePartitions(client: Client, head: BackupHead): Promise<void> {
  const there = new Set((await partitions(client)).map(({ name }) => name));
  for (const { parent, name, bounds } of head.partitions) {
    if (there.has(name) || !NAME.test(parent) || !NAME.test(name) || !RANGE.test(bounds)) continue;
    await client.query(`create table ${name} partition of ${parent} ${bounds}`);
  }
}

async function setSequences(client: Client, head: BackupHead): Promise<void> {
  for (const { name, last, called } of head.sequences) {
    await client.query('select setval(to_regclass($1), $2::bigint, $3) where to_regclass($1) is not null', [
      name,
      last,
      called,
    ]);
  }
}

/**
 * Change feeds read rows whose transaction id lies below the oldest running one. Ids of the old server may lie far
 * above this server's, and such rows would stay hidden: they are given this transaction's id, their order by id stays.
 */
async function settleTransactionIds(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select quote_ident(c.relname) as table, quote_ident(a.attname) as column
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.atttypid = 'xid8'::regtype and a.attnum > 0 and not a.attisdropped`,
  );
  for (const { table, column } of rows) {
    await client.query(`update ${table} set ${column} = pg_current_xact_id() where ${column} > pg_current_xact_id()`);
  }
}
