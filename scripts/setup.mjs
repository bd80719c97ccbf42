// Sets a fresh clone up, then runs what was asked for. Plain JavaScript without dependencies, for Node >= 20.
//   node scripts/setup.mjs                  set up only
//   node scripts/setup.mjs start [ARGS]     set up, build the web client, start the server
//   node scripts/setup.mjs test [ARGS]      set up, then scripts/test.ts
//   node scripts/setup.mjs exec FILE [ARGS] set up, then run FILE with the pinned Node
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureWebBuilt } from './buildWeb.mjs';
import { ensureInstalled } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** What each word runs, and whether it needs the web client. @type {Record<string, { file?: string, web: boolean }>} */
const WORDS = {
  start: { file: 'apps/server/src/main.ts', web: true },
  'start-cli': { file: 'apps/server/src/cli/main.ts', web: true },
  test: { file: 'scripts/test.ts', web: false },
  exec: { web: false },
};

/** @param {string[]} words */
async function main([word, ...rest]) {
  const node = await ensureInstalled(root, say);
  if (word === undefined) return;
  const entry = WORDS[word];
  if (entry === undefined) throw new Error(`setup.mjs knows ${Object.keys(WORDS).join(', ')}; not ${word}.`);
  if (entry.web) await ensureWebBuilt(root, node, say);
  const [file, args] = entry.file === undefined ? [rest[0] ?? '', rest.slice(1)] : [entry.file, rest];
  // Events live for a tenth of a second: in a young generation that holds more of them than that, most die before they are
  // copied (-15 % of the server's CPU an event against 16 MB). An old one that may grow by half between collections instead
  // of threefold gives back what that takes, and more (335 MB against 392).
  const heap = entry.web ? ['--max-semi-space-size=64', '--heap-growing-percent=50'] : [];
  become(node, ['--disable-warning=ExperimentalWarning', ...heap, join(root, file), ...args]);
}

/** Becomes the program where the running Node can (one process less, and no signal to pass on), else waits for it. */
function become(node, args) {
  // compiled code kept from one run to the next: a third of the time that a start takes
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'), ...process.env };
  if (typeof process.execve === 'function') {
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { stdio: 'inherit', env });
  // Ctrl-C reaches the child by itself (same terminal); what is sent to this process alone is passed on
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** @param {Error} error */
function fail(error) {
  say(error.message);
  process.exit(1);
}

main(process.argv.slice(2)).catch(fail);
