import { existsSync } from 'node:fs';
import { readConfig } from '../config.ts';
import type { DatabaseChoice } from '../database/openDatabase.ts';

/** Where the commands find the database: `DATABASE_URL`, else the data directory (`BATON_DATA`, else `.baton`). */
export const databaseChoice = (): Pick<DatabaseChoice, 'dataDir' | 'databaseUrl'> => {
  const config = readConfig();
  return { dataDir: config.BATON_DATA, databaseUrl: config.DATABASE_URL };
};

/** True where there is a database to ask: one of `DATABASE_URL`, or a data directory that was used before. */
export const hasCompany = (): boolean => {
  const { dataDir, databaseUrl } = databaseChoice();
  return databaseUrl !== null || existsSync(dataDir);
};
