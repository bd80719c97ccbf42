import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { compose } from './compose.ts';
import type { Config } from './config.ts';
import type { Connection } from './database/connection.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/openDatabase.ts';
import { type Log, textLog } from './log.ts';

/** How a server is started. Tests and benchmarks give their own database; everything else comes from the configuration. */
export type StartOptions = {
  readonly config: Config;
  /** A database that runs already; it is migrated and left running. Null opens the configured one. */
  readonly connection?: Connection;
  /** Takes one-line notes for the person who started us. */
  readonly say?: (line: string) => void;
  /** Hears of our own mistakes; `where` is a request id or the room it happened in. The log does when left out. */
  readonly onMistake?: (error: unknown, where: string) => void;
  /** Text on stderr when left out. */
  readonly log?: Log;
};

/** A server that listens. */
export type RunningServer = {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Where people reach it: the public address, or the one it listens on by its usual name. */
  readonly publicUrl: string;
  readonly pool: Pool;
  readonly stop: () => Promise<void>;
};

/**
 * Opens and migrates the database, composes the server, and listens. When it returns, events are taken.
 * @throws Refusal for a database that cannot be trusted; what Node says where the port is taken.
 */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const { config, say = () => {} } = options;
  const log = options.log ?? textLog(console.error);
  const onMistake = options.onMistake ?? log.mistake;
  const opened =
    options.connection === undefined
      ? await openDatabase({ dataDir: config.BATON_DATA, databaseUrl: config.DATABASE_URL, say })
      : null;
  const stopDatabase = async () => opened?.stop();
  try {
    const connection = options.connection ?? opened?.connection;
    if (connection === undefined) throw new Error('there is no database to start with');
    const { applied } = await migrate(connection);
    if (applied.length > 0) say(`The schema is now at ${applied.at(-1)}.`);
    const composed = await compose(config, connection, onMistake, log);
    try {
      await composed.app.listen({ host: config.BATON_HOST, port: config.BATON_PORT });
    } catch (error) {
      await composed.stop();
      throw error;
    }
    const { port } = composed.app.server.address() as AddressInfo;
    return {
      url: `http://${shownHost(config.BATON_HOST)}:${port}`,
      publicUrl:
        config.BATON_PUBLIC_URL ??
        `http://${isUsual(config.BATON_HOST) ? 'localhost' : shownHost(config.BATON_HOST)}:${port}`,
      pool: composed.pool,
      async stop() {
        await composed.stop();
        await stopDatabase();
      },
    };
  } catch (error) {
    await stopDatabase();
    throw error;
  }
};

/** Addresses that people know as localhost. */
const isUsual = (host: string): boolean => ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(host);

const shownHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);
