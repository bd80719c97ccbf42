import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fence } from './readFences.ts';

/** What a document does when it is followed, and what it says that must be seen. */
export interface DocumentSteps {
  /** What runs from beginning to end beside the script; null: nothing. */
  readonly server: string | null;
  readonly script: string;
  /** By number of the runnable block, from 1: the lines that its output must show. */
  readonly shows: ReadonlyMap<number, readonly string[]>;
}

/** What came of following a document: exit code, all that it printed, and what it promised to show and did not. */
export interface DocumentOutcome {
  readonly status: number | null;
  readonly output: string;
  readonly missing: readonly string[];
}

const MARK = '::block';
/** Not part of a fresh clone. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.baton']);
const FILE_NAME = /^[\w-]+([.][\w-]+)+$/;
const WAIT_MS = 150_000;

/**
 * Reads the steps of a document: `sh runnable` runs, `sh server` runs beside it, a block with a file name as its second
 * word (`yaml inbound.yaml`) is written to that file, and `text` behind a runnable block is what that block shows.
 * `localhost:4600` becomes this run's port.
 */
export const documentSteps = (fences: readonly Fence[], port: number): DocumentSteps => {
  const parts = ['exec 2>&1'];
  const shows = new Map<number, readonly string[]>();
  let server: string | null = null;
  let block = 0;
  for (const { language, word, body } of fences) {
    const text = body.replaceAll('localhost:4600', `localhost:${port}`);
    if (language === 'sh' && word === 'runnable') {
      block += 1;
      parts.push(`printf '\\n${MARK} %s\\n' ${block}`, text);
    } else if (language === 'sh' && word === 'server') {
      server = text.trim();
    } else if (language === 'text' && block > 0) {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      shows.set(block, [...(shows.get(block) ?? []), ...lines]);
    } else if (FILE_NAME.test(word)) {
      parts.push(`cat > ${word} <<'END OF ${word}'\n${text}END OF ${word}`);
    }
  }
  return { server, script: `${parts.join('\n')}\n`, shows };
};

/** Follows a document in a directory that looks like a fresh clone of `root`, with data, home and port of its own. */
export const runDocument = async (root: string, fences: readonly Fence[]): Promise<DocumentOutcome> => {
  const scratch = mkdtempSync(join(tmpdir(), 'baton-docs-'));
  // the user that PostgreSQL drops to must be able to enter
  chmodSync(scratch, 0o755);
  const clone = join(scratch, 'clone');
  mkdirSync(clone);
  for (const entry of readdirSync(root)) {
    if (!LEFT_OUT.has(entry)) symlinkSync(join(root, entry), join(clone, entry));
  }
  const port = await freePort();
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: scratch,
    BATON_DATA: join(scratch, 'data'),
    BATON_PORT: String(port),
    npm_config_update_notifier: 'false',
  };
  const steps = documentSteps(fences, port);
  const start = (command: string, log: string): ChildProcess => {
    const out = openSync(log, 'w');
    const options: SpawnOptions = { cwd: clone, env: environment, detached: true, stdio: ['ignore', out, out] };
    const child = spawn('/bin/sh', ['-euc', command], options);
    closeSync(out);
    return child;
  };
  const running: ChildProcess[] = [];
  try {
    const serverLog = join(scratch, 'server.log');
    if (steps.server !== null) {
      const server = start(steps.server, serverLog);
      running.push(server);
      if (!(await isListening(server, serverLog))) {
        return { status: server.exitCode ?? 1, output: readFileSync(serverLog, 'utf8'), missing: [] };
      }
    }
    const scriptLog = join(scratch, 'script.log');
    const script = start(steps.script, scriptLog);
    running.push(script);
    await Promise.race([ended(script), delay(WAIT_MS)]);
    const output = readFileSync(scriptLog, 'utf8');
    return { status: script.exitCode, output, missing: missingIn(output, steps.shows) };
  } finally {
    await Promise.all(running.map(end));
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Waits until a server has printed its link; false where it ended before, or took too long. */
const isListening = async (server: ChildProcess, log: string): Promise<boolean> => {
  for (const start = Date.now(); Date.now() - start < WAIT_MS; await delay(100)) {
    if (/^Open http/m.test(readFileSync(log, 'utf8'))) return true;
    if (server.exitCode !== null) return false;
  }
  return false;
};

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => void child.once('exit', () => resolve()));

/** Ends a process with the group that it leads. */
const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      return; // nobody of the group is left
    }
    for (let tries = 0; tries < 200 && isAlive(-child.pid); tries += 1) await delay(50);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The promised lines that a block did not print. In a promised line `...` stands for anything, a space for any white space. */
export const missingIn = (output: string, shows: DocumentSteps['shows']): readonly string[] => {
  const said = output.split(new RegExp(`^${MARK} \\d+$`, 'm'));
  return [...shows].flatMap(([block, lines]) => {
    const printed = (said[block] ?? '').split('\n').map(squeeze);
    return lines.filter((line) => !printed.some((each) => showsLine(each, squeeze(line))));
  });
};

const squeeze = (line: string): string => line.trim().replace(/\s+/g, ' ');

const showsLine = (printed: string, promised: string): boolean => {
  const parts = promised.split('...').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(printed);
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)));
    });
  });
