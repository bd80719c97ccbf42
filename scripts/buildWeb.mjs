// Plain JavaScript for Node >= 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';

/** What the web client is made of. */
const SOURCES = ['apps/web', 'packages/contract', 'packages/domain', 'package-lock.json'];
const NOT_SOURCES = /^(node_modules|dist|dist[.].*|.*[.]test[.]tsx?)$/;

/**
 * Builds `apps/web/dist` when its sources changed since the last build. A failed build leaves the old one in place.
 * @param {string} root
 * @param {string} node path of the Node that runs Vite
 * @param {(line: string) => void} say
 */
export async function ensureWebBuilt(root, node, say) {
  const wanted = fingerprint(root);
  if (built(root) === wanted) return;
  const onWait = (pid) => say(`Waiting for process ${pid}, which is building the web client.`);
  await withLock(join(root, '.build.lock'), onWait, () => {
    if (built(root) === wanted) return;
    say('Building the web client.');
    build(root, node, wanted);
  });
}

/** @param {string} root @param {string} node @param {string} wanted */
function build(root, node, wanted) {
  const web = join(root, 'apps', 'web');
  for (const entry of readdirSync(web)) {
    if (/^dist[.](new|old)-/.test(entry)) rmSync(join(web, entry), { recursive: true, force: true });
  }
  const draft = join(web, `dist.new-${process.pid}`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
  const done = spawnSync(node, args, {
    cwd: web,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (done.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(
      `Building the web client failed (${done.error?.message ?? `vite ended with ${done.status ?? done.signal}`}).`,
    );
  }
  writeFileSync(join(draft, '.sources'), wanted);
  const old = join(web, `dist.old-${process.pid}`);
  if (existsSync(join(web, 'dist'))) renameSync(join(web, 'dist'), old);
  renameSync(draft, join(web, 'dist'));
  rmSync(old, { recursive: true, force: true });
}

/** @param {string} root */
function built(root) {
  const stamp = join(root, 'apps', 'web', 'dist', '.sources');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesOf(root, source))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** All source files at or below `path`, in a fixed order. @param {string} root @param {string} path @returns {string[]} */
function filesOf(root, path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !NOT_SOURCES.test(name))
    .sort()
    .flatMap((name) => filesOf(root, `${path}/${name}`));
}
