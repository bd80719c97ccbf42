import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.ts';

/** What this machine is worth, so that absolute figures can be read: its cores, one core's speed, one fsynced write. */
export const machineNotes = (): readonly string[] => [
  `machine: ${availableParallelism()} cores; one core hashes ${Math.round(hashedMegabytes())} MB/s (SHA-256); ` +
    `one 8 KiB write with fsync takes ${fsyncMs().toFixed(2)} ms; Node ${process.version}`,
];

const hashedMegabytes = (): number => {
  const block = Buffer.alloc(1 << 20, 7);
  const rates = Array.from({ length: 9 }, () => {
    const started = performance.now();
    for (let index = 0; index < 8; index += 1) createHash('sha256').update(block).digest();
    return 8_000 / (performance.now() - started);
  });
  return median(rates);
};

const fsyncMs = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  try {
    const file = openSync(join(folder, 'fsync'), 'w');
    const page = Buffer.alloc(8192, 1);
    const times = Array.from({ length: 40 }, () => {
      const started = performance.now();
      writeSync(file, page);
      fsyncSync(file);
      return performance.now() - started;
    });
    closeSync(file);
    return median(times);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
