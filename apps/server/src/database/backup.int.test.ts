import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backup } from './backup.ts';
import { dataTables, sequences } from './catalog.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { restore } from './restore.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

const databases: TestDatabase[] = [];
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-backup-'));
  file = join(folder, 'all.baton');
});
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function newDatabase(choice: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const database = await createTestDatabase(choice);
  databases.push(database);
  return database;
}

/** Fills every column of every table with typed rows, whatever the schema is: foreign keys and checks are off for it. */
async function fill(pool: Pool, rowsPerTable: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query("set local session_replication_role = 'replica'");
    for (const { name, columns } of await dataTables(client)) {
      const { rows } = await client.query<{ column: string; type: string; check: string | null }>(
        `select quote_ident(a.attname) as column, format_type(a.atttypid, null) as type,
                (select pg_get_constraintdef(c.oid) from pg_constraint c
                  where c.conrelid = a.attrelid and c.contype = 'c' and a.attnum = any(c.conkey) limit 1) as check
           from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          order by a.attnum`,
        [name],
      );
      const values = rows.map(({ type, check }) => sampleOf(type, check));
      for (let index = 1; index <= rowsPerTable; index += 1) {
        const filled = values.map((value) => value.replaceAll('#', String(index)));
        await client.query('savepoint row');
        await client
          .query(`insert into ${name} (${columns.join(', ')}) values (${filled.join(', ')}) on conflict do nothing`)
          .catch(() => client.query('rollback to savepoint row'));
      }
    }
  } finally {
    await client.query('commit');
    client.release();
  }
}

/** SQL of a value with every character that COPY must escape; `#` stands for the row. */
function sampleOf(type: string, check: string | null): string {
  const listed = /'([^']+)'::text/.exec(check ?? '');
  if (type === 'text')
    return listed === null ? `E'row # \\t tab \\\\ slash \\n line ü 🎈 \\\\N \\\\.'` : `'${listed[1]}'`;
  if (type === 'text[]') return `array['a#', 'b "q"', null]`;
  if (type === 'boolean') return 'true';
  if (type === 'bytea') return `decode('00ff0a5c' || lpad('#', 8, '0'), 'hex')`;
  if (type === 'jsonb' || type === 'json') return `'{"n": #, "s": "\\\\ \\" ü"}'`;
  if (type === 'xid8') return `'900000000#'::xid8`;
  if (type === 'timestamp with time zone') return 'to_timestamp(1760000000 + #)';
  return '#';
}

/** One checksum per table, over its rows in a fixed order. `skip` leaves columns of that type out. */
async function checksums(pool: Pool, skip: string | null = null): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  const client = await pool.connect();
  try {
    for (const { name } of await dataTables(client)) {
      const { rows } = await client.query<{ columns: string | null }>(
        `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped and format_type(atttypid, null) is distinct from $2`,
        [name, skip],
      );
      const sum = await client.query<{ sum: string }>(
        `select count(*) || ':' || coalesce(md5(string_agg(line, E'\\n' order by line collate "C")), '-') as sum
           from (select row(${rows[0]?.columns})::text as line from ${name}) as lines`,
      );
      sums[name] = sum.rows[0]?.sum ?? '';
    }
  } finally {
    client.release();
  }
  return sums;
}

async function sequenceStates(pool: Pool): Promise<unknown> {
  const client = await pool.connect();
  try {
    return await sequences(client);
  } finally {
    client.release();
  }
}

test('a round trip brings every row of every table back, and the sequences', async () => {
  const source = await newDatabase();
  await fill(source.pool, 3);
  await source.pool.query("select setval('contact_id_seq', 123456)");
  const before = await checksums(source.pool, 'xid8');
  const filled = Object.values(before).filter((sum) => !sum.startsWith('0:'));
  expect(filled.length).toBeGreaterThan(Object.keys(before).length * 0.8);

  const done = await backup({ connection: source.connection, file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const target = await newDatabase();
  const back = await restore({ connection: target.connection, file });

  expect(back).toMatchObject({ rows: done.rows, tables: done.tables, createdAt: done.createdAt });
  expect(await checksums(target.pool, 'xid8')).toEqual(before);
  expect(await sequenceStates(target.pool)).toEqual(await sequenceStates(source.pool));
  expect(await foreignKeys(target.pool)).toEqual(await foreignKeys(source.pool));
  expect(await disabledTriggers(target.pool)).toBe(0);
});

async function foreignKeys(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select conrelid::regclass::text as table, conname, convalidated, pg_get_constraintdef(oid) as definition
       from pg_constraint where contype = 'f' order by 1, 2`,
  );
  return rows;
}

async function disabledTriggers(pool: Pool): Promise<number> {
  const { rows } = await pool.query("select count(*) as n from pg_trigger where tgenabled = 'D'");
  return rows[0].n;
}

test('feeds show restored rows although the old server was further in its transaction ids', async () => {
  const source = await newDatabase();
  await source.pool.query("insert into feed (tx, at, kind) values ('99999999999'::xid8, 1, 'test')");
  await backup({ connection: source.connection, file });
  const target = await newDatabase();
  await restore({ connection: target.connection, file });
  const shown = await target.pool.query('select kind from feed where tx < pg_snapshot_xmin(pg_current_snapshot())');
  expect(shown.rows).toEqual([{ kind: 'test' }]);
});

test('a backup taken while writers go on is one moment: both sides of every transfer are in it', async () => {
  const steps = [table(1, 'create table purse (id int primary key, amount bigint not null, note text)')];
  const source = await newDatabase({ migrated: false });
  await migrate(source.connection, steps);
  await source.pool.query(
    'insert into purse select n, 100, repeat(md5(n::text), 40) from generate_series(1, 4000) as n',
  );
  let going = true;
  let transfers = 0;
  const writer = async (): Promise<void> => {
    while (going) {
      const [from, to] = [1 + (transfers % 4000), 1 + ((transfers * 7 + 13) % 4000)];
      await source.pool
        .query(
          `with a as (update purse set amount = amount - 1 where id = ${from}) update purse set amount = amount + 1 where id = ${to === from ? (to % 4000) + 1 : to}`,
        )
        .catch(() => {});
      transfers += 1;
    }
  };
  const writers = [writer(), writer()];
  await backup({ connection: source.connection, file });
  const during = transfers;
  going = false;
  await Promise.all(writers);
  expect(during).toBeGreaterThan(5);
  const target = await newDatabase({ migrated: false });
  await restore({ connection: target.connection, file, migrations: steps });
  const { rows } = await target.pool.query('select count(*) as purses, sum(amount)::bigint as total from purse');
  expect(rows).toEqual([{ purses: 4000, total: 400_000 }]);
});

function table(version: number, sql: string): Migration {
  return { version, name: `step${version}`, sql, hash: `hash of ${sql}` };
}

test('a file of an older version is loaded at its version and migrated forward', async () => {
  const old = [table(1, 'create table person (id int primary key, name text)')];
  const now = [
    ...old,
    table(2, "alter table person add column greeting text; update person set greeting = 'hi ' || name"),
  ];
  const source = await newDatabase({ migrated: false });
  await migrate(source.connection, old);
  await source.pool.query("insert into person values (1, 'Ada')");
  await backup({ connection: source.connection, file });
  const target = await newDatabase({ migrated: false });
  await migrate(target.connection, now);
  const back = await restore({ connection: target.connection, file, migrations: now });
  expect(back).toMatchObject({ fromVersion: 1, schemaVersion: 2 });
  expect((await target.pool.query('select * from person')).rows).toEqual([{ id: 1, name: 'Ada', greeting: 'hi Ada' }]);
});

test('numbers of migrations may have gaps', async () => {
  const old = [table(1, 'create table a (x int)'), table(4, 'create table b (x int)')];
  const source = await newDatabase({ migrated: false });
  await migrate(source.connection, old);
  await source.pool.query('insert into b values (7)');
  await backup({ connection: source.connection, file });
  const target = await newDatabase({ migrated: false });
  const now = [...old, table(9, 'create table c (x int)')];
  const back = await restore({ connection: target.connection, file, migrations: now });
  expect(back).toMatchObject({ fromVersion: 4, schemaVersion: 9 });
  expect((await target.pool.query('select x from b')).rows).toEqual([{ x: 7 }]);
});

test('a file of a later or foreign version is refused', async () => {
  const source = await newDatabase({ migrated: false });
  const steps = [table(1, 'create table a (x int)'), table(2, 'create table b (x int)')];
  await migrate(source.connection, steps);
  await backup({ connection: source.connection, file });
  const target = await newDatabase({ migrated: false });
  const older = restore({ connection: target.connection, file, migrations: steps.slice(0, 1) });
  await expect(older).rejects.toMatchObject({ code: 'backup-version-unknown' });
  const stranger = gunzipSync(readFileSync(file)).toString().replace('BATON-BACKUP 1', 'BATON-BACKUP 9');
  writeFileSync(file, gzipSync(stranger));
  const foreign = restore({ connection: target.connection, file, migrations: steps });
  await expect(foreign).rejects.toMatchObject({ code: 'backup-version-unknown' });
});

test('a database with data is refused and unchanged, --force replaces it', async () => {
  const source = await newDatabase();
  await source.pool.query("insert into feed (at, kind) values (1, 'theirs')");
  await backup({ connection: source.connection, file });
  const target = await newDatabase();
  await target.pool.query("insert into feed (at, kind) values (1, 'mine')");
  const refused = restore({ connection: target.connection, file });
  await expect(refused).rejects.toMatchObject({
    code: 'restore-target-not-empty',
    message: expect.stringContaining('feed'),
  });
  expect((await target.pool.query('select kind from feed')).rows).toEqual([{ kind: 'mine' }]);
  await restore({ connection: target.connection, file, force: true });
  expect((await target.pool.query('select kind from feed')).rows).toEqual([{ kind: 'theirs' }]);
});

test('a file cut anywhere, or with a changed byte, is refused before anything is touched', async () => {
  const source = await newDatabase();
  await fill(source.pool, 2);
  await backup({ connection: source.connection, file });
  const target = await newDatabase();
  await target.pool.query("insert into feed (at, kind) values (1, 'mine')");
  const missing = restore({ connection: target.connection, file: join(folder, 'no-such-file'), force: true });
  await expect(missing).rejects.toMatchObject({ code: 'backup-file-unreadable' });
  const whole = statSync(file).size;
  const bad = join(folder, 'bad.baton');
  for (const size of [0, 5, 30, Math.floor(whole / 2), whole - 20, whole - 1]) {
    copyFileSync(file, bad);
    truncateSync(bad, size);
    const cut = restore({ connection: target.connection, file: bad, force: true });
    await expect(cut, `cut at ${size}`).rejects.toMatchObject({ code: 'backup-file-damaged' });
  }
  const plain = gunzipSync(readFileSync(file));
  const at = plain.indexOf('row 1');
  plain[at] = 'R'.charCodeAt(0);
  writeFileSync(bad, gzipSync(plain));
  const changed = restore({ connection: target.connection, file: bad, force: true });
  await expect(changed).rejects.toMatchObject({
    code: 'backup-file-damaged',
    message: expect.stringContaining('checksum'),
  });
  expect((await target.pool.query('select kind from feed')).rows).toEqual([{ kind: 'mine' }]);
});

test('an existing file is not overwritten, and a failed backup leaves no file', async () => {
  const source = await newDatabase();
  writeFileSync(file, 'precious');
  await expect(backup({ connection: source.connection, file })).rejects.toMatchObject({ code: 'backup-file-exists' });
  expect(readFileSync(file, 'utf8')).toBe('precious');
  rmSync(file);
  await expect(backup({ connection: source.connection, file: join(folder, 'not-there', 'x') })).rejects.toMatchObject({
    code: 'backup-file-unwritable',
  });
  const empty = await newDatabase({ migrated: false });
  await expect(backup({ connection: empty.connection, file })).rejects.toThrow('schema_migration');
  expect(readdirSync(folder)).toEqual([]);
});

test('the seeded tables named in restore.ts are exactly those that the migrations fill', async () => {
  const fresh = await newDatabase({ migrated: false });
  await migrate(fresh.connection, readMigrations());
  const filled = Object.entries(await checksums(fresh.pool)).filter(([, sum]) => !sum.startsWith('0:'));
  expect(filled.map(([name]) => name).sort()).toEqual([
    'feed_cursor',
    'pipeline',
    'pipeline_stage',
    'reference_version',
  ]);
});
