import { checkServer, describeConnection, type ServerFacts } from './checkServer.ts';
import type { Connection } from './connection.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded/embeddedPostgres.ts';
import { ROLE } from './embedded/initCluster.ts';
import { DATABASE } from './embedded/readiness.ts';

/** Where the database is to be found. */
export interface DatabaseChoice {
  /** Directory of the embedded server; not touched when `databaseUrl` is given. */
  readonly dataDir: string;
  /** A server of yours; null starts the embedded one. */
  readonly databaseUrl: string | null;
  /** Takes one-line notes for the person who started us. */
  readonly say?: (line: string) => void;
  /** PostgreSQL settings of the embedded server on top of ours (tests, measurements). */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A database that runs and may be trusted; not migrated yet (see migrate.ts). */
export interface OpenDatabase {
  readonly connection: Connection;
  readonly server: ServerFacts;
  /** For messages, without secrets. */
  readonly says: string;
  /** Null for a server of yours. */
  readonly embedded: EmbeddedPostgres | null;
  /** Gives the database up; an embedded one stops with its last user. */
  stop(): Promise<void>;
}

/**
 * Starts or joins the embedded database, or connects to `databaseUrl`, and refuses a server that could lose what it
 * has acknowledged.
 * @throws Refusal, see the codes there.
 */
export async function openDatabase(choice: DatabaseChoice): Promise<OpenDatabase> {
  if (choice.databaseUrl !== null && choice.databaseUrl !== '') {
    const connection = { connectionString: choice.databaseUrl };
    const server = await checkServer(connection);
    return { connection, server, says: describeConnection(connection), embedded: null, stop: async () => {} };
  }
  const embedded = await startEmbedded({
    dataDir: choice.dataDir,
    ...(choice.settings === undefined ? {} : { settings: choice.settings }),
    ...(choice.say === undefined ? {} : { say: choice.say }),
  });
  const connection = { host: embedded.socketDir, port: 5432, user: ROLE, database: DATABASE };
  try {
    const server = await checkServer(connection);
    const says = `embedded PostgreSQL ${server.version} in ${embedded.place.cluster}`;
    return { connection, server, says, embedded, stop: () => embedded.stop() };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
