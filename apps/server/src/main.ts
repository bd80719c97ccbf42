import { createSignInLink, linkAddress } from './access/signIn.ts';
import { ConfigError, readConfig } from './config.ts';
import { Refusal } from './database/refusal.ts';
import { jsonLog, textLog } from './log.ts';
import { type RunningServer, startServer } from './startServer.ts';

/** How long what was taken may need to be answered after a signal, before the process ends all the same. */
const STOP_WAIT_MS = 20_000;

/**
 * Starts the server as the environment says, prints where and by which link to open it, and ends it on a signal. A log for
 * machines has no link: who reads logs is not who signs in.
 */
const main = async (): Promise<void> => {
  const config = readConfig();
  const isJson = config.BATON_LOG === 'json';
  const log = isJson ? jsonLog(print) : textLog(console.error);
  const say = isJson ? (line: string) => log.say('note', { say: line }) : print;
  const server = await startServer({ config, say, log });
  if (isJson) log.say('listening', { url: server.url });
  else await greet(server);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      if (isJson) log.say('stopping', { signal });
      else print('Stopping: answering what was taken.');
      end(server, STOP_WAIT_MS + config.BATON_DRAIN_SECONDS * 1_000);
    });
};

const greet = async (server: RunningServer): Promise<void> => {
  const { token } = await createSignInLink(server.pool);
  print(`Baton listens on ${server.url}`);
  print(`Open ${linkAddress(server.publicUrl, token)}`);
  print('The link works once, within 24 hours; `./baton link` prints another.');
};

const end = (server: RunningServer, atMostMs: number): void => {
  setTimeout(() => process.exit(1), atMostMs).unref();
  server.stop().then(
    () => process.exit(0),
    (error: unknown) => fail(error),
  );
};

/** Refusals say what to do; everything else is our mistake and shows where. */
const fail = (error: unknown): void => {
  const known = error instanceof Refusal || error instanceof ConfigError;
  const { code, port } = (error ?? {}) as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    process.stderr.write(`Port ${port ?? ''} is taken: stop what listens there, or set BATON_PORT to another.\n`);
  else if (known) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

main().catch(fail);
