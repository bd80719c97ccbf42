import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client, type ClientConfig } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type BackupHead, encodeFrame, encodeLine, MAGIC } from './backupFile.ts';
import { type DataTable, dataTables, partitions, sequences } from './catalog.ts';
import type { Connection } from './connection.ts';
import { Refusal } from './refusal.ts';

/** What to back up, and where to. */
export interface BackupChoice {
  readonly connection: Connection;
  readonly file: string;
  /** Replaces an existing file; without it such a file is refused. */
  readonly overwrite?: boolean;
  /** Told before each table. */
  readonly onTable?: (table: string, index: number, tables: number) => void;
}

/** What a backup holds. */
export interface BackupDone {
  readonly file: string;
  /** Size of the file. */
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
  readonly schemaVersion: number;
  /** Epoch ms of the snapshot. */
  readonly createdAt: number;
}

/**
 * Writes all data to one file while the server goes on: one repeatable-read snapshot, every table by COPY. The file
 * (mode 0600, it holds personal data) appears under its name only when it is complete and flushed.
 * @throws Refusal `backup-file-exists`, `backup-file-unwritable`.
 */
export async function backup(choice: BackupChoice): Promise<BackupDone> {
  if (choice.overwrite !== true && existsSync(choice.file)) {
    throw new Refusal('backup-file-exists', `${choice.file} exists already. Name another file, or delete it first.`);
  }
  const draft = `${choice.file}.partial-${process.pid}`;
  const client = new Client({ ...choice.connection, application_name: 'baton-backup' } as ClientConfig);
  client.on('error', () => {});
  await client.connect();
  try {
    const done = { rows: 0 };
    const { head, tables } = await beginSnapshot(client);
    const content = Readable.from(contentOf(client, head, tables, done, choice.onTable), { objectMode: false });
    const target = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(content, createGzip({ level: 1, chunkSize: 256 * 1024 }), target);
    const { size } = statSync(draft);
    renameSync(draft, choice.file);
    await flushDirectory(dirname(choice.file));
    const { schemaVersion, createdAt } = head;
    return { file: choice.file, bytes: size, tables: tables.length, rows: done.rows, schemaVersion, createdAt };
  } catch (error) {
    throw isOfFile(error, draft) ? unwritable(choice.file, error) : error;
  } finally {
    rmSync(draft, { force: true });
    await client.end().catch(() => {});
  }
}

/** True for what the file system says of the file that is being written, full disks included. */
function isOfFile(error: unknown, path: string): error is NodeJS.ErrnoException {
  const told = error as NodeJS.ErrnoException;
  return told.path === path || (told.syscall === 'write' && (told.code === 'ENOSPC' || told.code === 'EDQUOT'));
}

function unwritable(file: string, cause: NodeJS.ErrnoException): Refusal {
  const say = `${file} can't be written (${cause.code ?? cause.message}). Name a place that exists, with room and the right to write.`;
  return new Refusal('backup-file-unwritable', say, { cause });
}

async function beginSnapshot(client: Client): Promise<{ head: BackupHead; tables: DataTable[] }> {
  await client.query('begin isolation level repeatable read read only');
  const { rows } = await client.query<{ now: number; version: string }>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now, current_setting('server_version') as version`,
  );
  const migrations = await client.query<{ version: number; name: string; hash: string }>(
    'select version, name, hash from schema_migration order by version',
  );
  const tables = await dataTables(client);
  const head: BackupHead = {
    createdAt: Math.floor(rows[0]?.now ?? 0),
    schemaVersion: migrations.rows.at(-1)?.version ?? 0,
    migrations: migrations.rows,
    postgres: rows[0]?.version ?? '',
    partitions: await partitions(client),
    // read after the snapshot was taken: at least as far as every id in it
    sequences: await sequences(client),
    tables: tables.length,
  };
  return { head, tables };
}

async function* contentOf(
  client: Client,
  head: BackupHead,
  tables: readonly DataTable[],
  done: { rows: number },
  onTable: BackupChoice['onTable'],
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${MAGIC}\n`);
  yield encodeLine(head);
  for (const [index, table] of tables.entries()) {
    onTable?.(table.name, index, tables.length);
    yield encodeLine({ table: table.name, columns: table.columns });
    const hash = createHash('sha256');
    const columns = table.columns.join(', ');
    const copy = client.query(copyTo(`copy (select ${columns} from ${table.name}) to stdout`));
    for await (const chunk of copy as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield encodeFrame(chunk);
    }
    yield Buffer.from('0\n');
    yield encodeLine({ rows: copy.rowCount, sha256: hash.digest('hex') });
    done.rows += copy.rowCount;
  }
  yield encodeLine({ end: true, rows: done.rows });
}

/** Makes the new name survive a power cut. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch {
    // some file systems do not sync directories
  } finally {
    await directory.close();
  }
}
