import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookUpProcess } from './processes.ts';

/** How often this process uses the server behind each leases directory. */
const uses = new Map<string, number>();

/**
 * Notes that this process uses the server: a file named by our pid, which the keepers read. It holds when we were
 * started, so that a note which outlived us (a power cut) does not hold for the next process of that number.
 */
export function takeLease(leases: string): void {
  writeFileSync(join(leases, String(process.pid)), `${lookUpProcess(process.pid)?.startedAs ?? ''}\n`, { mode: 0o644 });
  uses.set(leases, (uses.get(leases) ?? 0) + 1);
}

/** Takes one note back; the file goes with the last use. */
export function dropLease(leases: string): void {
  const left = (uses.get(leases) ?? 1) - 1;
  uses.set(leases, left);
  if (left === 0) rmSync(join(leases, String(process.pid)), { force: true });
}

/** Pids of the living processes that use the server, this one included; the notes of dead ones are removed. */
export function leaseHolders(leases: string): number[] {
  const holders: number[] = [];
  for (const entry of readdirSync(leases)) {
    const lease = join(leases, entry);
    if (isHeld(lease, Number(entry))) holders.push(Number(entry));
    else rmSync(lease, { force: true });
  }
  return holders;
}

function isHeld(lease: string, pid: number): boolean {
  const facts = Number.isInteger(pid) ? lookUpProcess(pid) : null;
  if (facts === null || facts.zombie) return false;
  try {
    return readFileSync(lease, 'utf8').trim() === facts.startedAs;
  } catch {
    return false;
  }
}
