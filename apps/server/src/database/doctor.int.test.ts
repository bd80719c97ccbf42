import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { examine, type Finding } from './doctor.ts';
import { openDatabase } from './openDatabase.ts';
import { createTestDatabase } from './testDatabase.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const SCHEMA = /^Schema version (\d+) of (\d+)\.$/;

function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-doctor-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function stateOf(findings: readonly Finding[], check: string): string | undefined {
  return findings.find((finding) => finding.check === check)?.state;
}

function saysOf(findings: readonly Finding[], check: string): string {
  return findings.find((finding) => finding.check === check)?.says ?? '';
}

test('a data directory that does not exist is no problem and is not made', async () => {
  const dataDir = join(newDataDir(), 'missing');
  const findings = await examine({ dataDir, databaseUrl: null });
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
  expect(statSync(dataDir, { throwIfNoEntry: false })).toBeUndefined();
});

test('a running embedded server: process, promises and schema are told', async () => {
  const dataDir = newDataDir();
  const database = await openDatabase({ dataDir, databaseUrl: null });
  undo.push(() => database.stop());
  const findings = await examine({ dataDir, databaseUrl: null });
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
  expect(saysOf(findings, 'server-process')).toContain(`process ${database.embedded?.pid()}`);
  expect(saysOf(findings, 'server-process')).toContain(String(process.pid));
  expect(saysOf(findings, 'server')).toContain('flushes');
  expect(saysOf(findings, 'schema')).toContain('Schema version 0');
});

test('after a stop a pid file of a stranger and a foreign version are told and left as they are', async () => {
  const dataDir = newDataDir();
  const database = await openDatabase({ dataDir, databaseUrl: null });
  const cluster = database.embedded?.place.cluster ?? '';
  await database.stop();
  writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n`);
  const stale = await examine({ dataDir, databaseUrl: null });
  expect(stateOf(stale, 'server-process')).toBe('note');
  expect(saysOf(stale, 'server-process')).toContain('another program');
  writeFileSync(join(cluster, 'PG_VERSION'), '12\n');
  const foreign = await examine({ dataDir, databaseUrl: null });
  expect(stateOf(foreign, 'cluster')).toBe('problem');
  expect(readFileSync(join(cluster, 'postmaster.pid'), 'utf8')).toBe(`${process.pid}\n`);
});

test('a server with an unsafe setting, and one that is not there, are problems', async () => {
  const { url, pool, connection, drop } = await createTestDatabase();
  undo.push(drop);
  const [, found, known] = saysOf(await examine({ dataDir: '', databaseUrl: url }), 'schema').match(SCHEMA) ?? [];
  expect(found).toBe(known);
  expect(found).toMatch(/^[1-9]/);
  await pool.query(`alter database ${connection.database} set synchronous_commit = off`);
  expect(saysOf(await examine({ dataDir: '', databaseUrl: url }), 'server')).toContain('synchronous_commit');
  const gone = await examine({ dataDir: '', databaseUrl: 'postgresql://baton@127.0.0.1:1/x' });
  expect(stateOf(gone, 'server')).toBe('problem');
});

test.runIf(process.getuid?.() === 0)('data kept elsewhere because root could not let the uid in is told', async () => {
  const dataDir = newDataDir();
  const home = newDataDir();
  mkdirSync(join(home, 'leases'));
  chownSync(home, 0, 0);
  writeFileSync(join(dataDir, 'database-home'), `${home}\n`);
  const findings = await examine({ dataDir, databaseUrl: null });
  expect(stateOf(findings, 'data-directory')).toBe('note');
  expect(saysOf(findings, 'data-directory')).toContain(home);
});
