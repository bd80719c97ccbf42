import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './processes.ts';

/** How often this process uses the server behind each leases directory. */
const uses = new Map<string, number>();

/** Notes that this process uses the server: a file named by our pid, which the keepers read. */
export function takeLease(leases: string): void {
  writeFileSync(join(leases, String(process.pid)), '', { mode: 0o644 });
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
    const pid = Number(entry);
    if (Number.isInteger(pid) && isRunning(pid)) holders.push(pid);
    else rmSync(join(leases, entry), { force: true });
  }
  return holders;
}
