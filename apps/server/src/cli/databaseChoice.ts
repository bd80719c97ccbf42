import { fileURLToPath } from 'node:url';
import type { DatabaseChoice } from '../database/openDatabase.ts';

/** Where the commands find the database: `DATABASE_URL`, else the data directory (`BATON_DATA`, else `.baton`). */
export const databaseChoice = (): Pick<DatabaseChoice, 'dataDir' | 'databaseUrl'> => ({
  dataDir: process.env.BATON_DATA ?? fileURLToPath(new URL('../../../../.baton', import.meta.url)),
  databaseUrl: process.env.DATABASE_URL ?? null,
});
