import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Migration, migrate, schemaVersion } from './migrate.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase | null = null;
afterEach(async () => {
  await database?.drop();
  database = null;
});

function migration(version: number, name: string, sql: string): Migration {
  return { version, name, sql, hash: createHash('sha256').update(sql).digest('hex') };
}

const TWO = [
  migration(1, 'first', 'create table a (x int); select pg_sleep(0.1)'),
  migration(2, 'second', 'create table b (x int); insert into a values (1)'),
];

async function emptyDatabase(): Promise<TestDatabase> {
  database = await createTestDatabase({ migrated: false });
  return database;
}

test('our own migrations apply to an empty database and a second call does nothing', async () => {
  const { connection, pool } = await emptyDatabase();
  const first = await migrate(connection);
  const second = await migrate(connection);
  expect(first.applied.length).toBe(first.version);
  expect(second).toEqual({ version: first.version, applied: [] });
  expect(await schemaVersion(pool as never)).toBe(first.version);
});

test('four migrators at once apply each file exactly once', async () => {
  const { connection, pool } = await emptyDatabase();
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(connection, TWO)));
  const applied = results.flatMap((result) => result.applied).sort();
  expect(applied).toEqual(['0001_first', '0002_second']);
  expect((await pool.query('select count(*) as n from a')).rows[0].n).toBe(1);
});

test('data of a later version is refused', async () => {
  const { connection } = await emptyDatabase();
  await migrate(connection, TWO);
  await expect(migrate(connection, TWO.slice(0, 1))).rejects.toMatchObject({ code: 'data-version-unknown' });
});

test('an edited old migration is refused by name', async () => {
  const { connection } = await emptyDatabase();
  await migrate(connection, TWO);
  const edited = [migration(1, 'first', 'create table a (x bigint)'), ...TWO.slice(1)];
  await expect(migrate(connection, edited)).rejects.toMatchObject({
    code: 'migration-changed',
    message: expect.stringContaining('0001_first'),
  });
});

test('a failing migration leaves nothing behind and names its line', async () => {
  const { connection, pool } = await emptyDatabase();
  const broken = migration(3, 'third', 'create table c (x int);\n\ncreate table d (x nonsense)');
  await expect(migrate(connection, [...TWO, broken])).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringContaining('0003_third.sql:3'),
  });
  expect((await pool.query("select to_regclass('c') as c")).rows[0].c).toBeNull();
  expect(await schemaVersion(pool as never)).toBe(2);
});
