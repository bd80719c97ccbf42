import { createSignInLink, linkAddress } from './access/signIn.ts';
import { ConfigError, readConfig } from './config.ts';
import { Refusal } from './database/refusal.ts';
import { type RunningServer, startServer } from './startServer.ts';

/** How long what was taken may need to be answered after a signal, before the process ends all the same. */
const STOP_WAIT_MS = 20_000;

/** Starts the server as the environment says, prints where and by which link to open it, and ends it on a signal. */
const main = async (): Promise<void> => {
  const server = await startServer({ config: readConfig(), say: print });
  const { token } = await createSignInLink(server.pool);
  print(`Baton listens on ${server.url}`);
  print(`Open ${linkAddress(server.publicUrl, token)}`);
  print('The link works once, within 24 hours; `./baton link` prints another.');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(server));
};

const end = (server: RunningServer): void => {
  print('Stopping: answering what was taken.');
  setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
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
