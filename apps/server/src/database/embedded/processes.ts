import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

/** What the operating system says of one process. `startedAs` tells two users of one pid number apart. */
export interface ProcessFacts {
  readonly pid: number;
  readonly zombie: boolean;
  readonly command: string;
  readonly startedAs: string;
}

/** Looks a process up by pid; null when there is none. Reads `/proc`, elsewhere asks `ps`. */
export function lookUpProcess(pid: number): ProcessFacts | null {
  return hasProc ? fromProc(pid) : fromPs(pid);
}

/** True when the pid names a process that still runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const facts = lookUpProcess(pid);
  return facts !== null && !facts.zombie;
}

/** Pids of running `postgres` processes whose working directory is `dataDir`: every PostgreSQL process stands in its data. */
export function postgresProcessesIn(dataDir: string): number[] {
  if (!hasProc) return [];
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || workingDirectory(pid) !== dataDir) continue;
    const facts = lookUpProcess(pid);
    if (facts !== null && !facts.zombie && facts.command === 'postgres') found.push(pid);
  }
  return found;
}

/** The working directory of a process; null when it is gone or belongs to somebody we may not look at. */
export function workingDirectory(pid: number): string | null {
  if (!hasProc) return null;
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function fromProc(pid: number): ProcessFacts | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const rest = stat.slice(close + 2).split(' ');
  const state = rest[0] ?? '';
  return {
    pid,
    zombie: state === 'Z' || state === 'X',
    command: stat.slice(open + 1, close),
    startedAs: rest[19] ?? '',
  };
}

function fromPs(pid: number): ProcessFacts | null {
  const answer = spawnSync('ps', ['-o', 'state=,lstart=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  const line = answer.stdout?.trim();
  if (!line) return null;
  const [state = '', ...words] = line.split(/\s+/);
  const command = words.slice(5).join(' ');
  return {
    pid,
    zombie: state.startsWith('Z'),
    command: command.slice(command.lastIndexOf('/') + 1),
    startedAs: words.slice(0, 5).join(' '),
  };
}
