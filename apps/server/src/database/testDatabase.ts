import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { inject } from 'vitest';
import type { Connection } from './connection.ts';
import { migrate, readMigrations } from './migrate.ts';
import { createPool } from './pool.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: Extract<Connection, { host: string }>;
  }
}

/** A fresh, migrated database for one test file. */
export interface TestDatabase {
  readonly pool: Pool;
  readonly connection: Extract<Connection, { host: string }>;
  /** The same as a URL, for what takes `DATABASE_URL`. */
  readonly url: string;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

/** Key of the advisory lock under which the template is made. */
const TEMPLATE_LOCK = 7_228_012;

/**
 * Makes a database of its own by copying a migrated template on the run's cluster (see testCluster.ts). Works in the
 * projects `int` and `e2e`. `migrated: false` gives an empty one.
 */
export async function createTestDatabase(choice: { migrated?: boolean; max?: number } = {}): Promise<TestDatabase> {
  const cluster = inject('testCluster');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = choice.migrated === false ? 'template1' : await ensureTemplate(cluster);
  await withAdmin(cluster, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await admin.query(`create database ${name} template ${template}`);
  });
  const connection = { ...cluster, database: name };
  const pool = createPool(connection, { max: choice.max ?? 10, name });
  return {
    pool,
    connection,
    url: `postgresql://${cluster.user}@/${name}?host=${encodeURIComponent(cluster.host)}&port=${cluster.port}`,
    async drop() {
      await pool.end();
      await withAdmin(cluster, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      });
    },
  };
}

async function ensureTemplate(cluster: Extract<Connection, { host: string }>): Promise<string> {
  const migrations = readMigrations();
  const name = `template_${(migrations.map((migration) => migration.hash.slice(0, 6)).join('_') || 'empty').slice(-50)}`;
  await withAdmin(cluster, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 1) return;
    await admin.query(`create database ${name}_draft`);
    await migrate({ ...cluster, database: `${name}_draft` }, migrations);
    await admin.query(`alter database ${name}_draft rename to ${name}`);
  });
  return name;
}

async function withAdmin(
  cluster: Extract<Connection, { host: string }>,
  work: (admin: Client) => Promise<void>,
): Promise<void> {
  const admin = new Client({ ...cluster, database: 'postgres' });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
