import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startEmbedded } from './embedded/embeddedPostgres.ts';
import { openDatabase } from './openDatabase.ts';
import { createTestDatabase } from './testDatabase.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function emptyDatabase() {
  const database = await createTestDatabase({ migrated: false });
  undo.push(() => database.drop());
  return database;
}

/** URL of a server of its own with these settings. */
async function serverWith(settings: Record<string, string>): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-guard-'));
  const server = await startEmbedded({ dataDir, settings });
  undo.push(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return `postgresql://baton@/baton?host=${server.socketDir}`;
}

test('a server of yours is taken by its URL and left running', async () => {
  const { url, pool } = await emptyDatabase();
  const opened = await openDatabase({ dataDir: '/nonexistent', databaseUrl: url });
  expect(opened.embedded).toBeNull();
  expect(opened.server.versionNumber).toBeGreaterThanOrEqual(150_000);
  await opened.stop();
  expect((await pool.query('select 1 as x')).rows).toEqual([{ x: 1 }]);
});

test.each(['fsync', 'full_page_writes'])('a server with %s off is refused', async (setting) => {
  const databaseUrl = await serverWith({ [setting]: 'off' });
  await expect(openDatabase({ dataDir: '/nonexistent', databaseUrl })).rejects.toMatchObject({
    code: 'database-unsafe-setting',
    message: expect.stringContaining(`${setting} = off`),
  });
});

test('synchronous_commit turned off for the database alone is refused too', async () => {
  const { url, pool, connection } = await emptyDatabase();
  await pool.query(`alter database ${connection.database} set synchronous_commit = off`);
  await expect(openDatabase({ dataDir: '/nonexistent', databaseUrl: url })).rejects.toMatchObject({
    code: 'database-unsafe-setting',
    message: expect.stringContaining('synchronous_commit'),
  });
});

test('an embedded server whose settings were turned unsafe is refused and stopped', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-guard-'));
  undo.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  const opening = openDatabase({ dataDir, databaseUrl: null, settings: { fsync: 'off' } });
  await expect(opening).rejects.toMatchObject({ code: 'database-unsafe-setting' });
});

test('a server that is not there is refused without showing the password', async () => {
  const databaseUrl = 'postgresql://someone:s3cret@127.0.0.1:1/baton';
  const error = await openDatabase({ dataDir: '/nonexistent', databaseUrl }).catch((caught: Error) => caught);
  expect(error).toMatchObject({ code: 'database-unreachable' });
  expect((error as Error).message).not.toContain('s3cret');
});
