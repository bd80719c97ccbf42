import type { Pool } from 'pg';
import type { Connection } from '../database/connection.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/openDatabase.ts';
import { createPool } from '../database/pool.ts';
import { databaseChoice } from './databaseChoice.ts';
import type { Terminal } from './terminal.ts';

/** The company's database for as long as one command needs it. */
export type Session = { readonly pool: Pool; readonly connection: Connection; readonly says: string };

/**
 * Runs `work` on the database of `DATABASE_URL`, or on the embedded one: a running server's is joined, else it is started
 * for as long as the command takes. The schema is brought up to date first.
 */
export const withDatabase = async <T>(terminal: Terminal, work: (session: Session) => Promise<T>): Promise<T> => {
  const database = await openDatabase({ ...databaseChoice(), say: terminal.note });
  try {
    await migrate(database.connection);
    const pool = createPool(database.connection, { name: 'baton-cli' });
    try {
      return await work({ pool, connection: database.connection, says: database.says });
    } finally {
      await pool.end();
    }
  } finally {
    await database.stop();
  }
};
