// Plain JavaScript for Node >= 20: runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';

const OLDEST_TO_RUN = 24;

/**
 * Makes `node_modules` match `package-lock.json`: runs `npm ci` when the lock file is not the one last installed. Two
 * at once: the second waits.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string>} path of the Node that runs everything else
 */
export async function ensureInstalled(root, say) {
  if (!isInstalled(root)) {
    const onWait = (pid) => say(`Waiting for process ${pid}, which is installing.`);
    await withLock(join(root, '.setup.lock'), onWait, () => {
      if (!isInstalled(root)) install(root, say);
    });
  }
  return nodeToRun(root);
}

/** @param {string} root */
function isInstalled(root) {
  const stamp = stampOf(root);
  return existsSync(stamp) && readFileSync(stamp).equals(readFileSync(join(root, 'package-lock.json')));
}

/** The stamp is a copy of the lock file, so that a shell can compare it too. @param {string} root */
function stampOf(root) {
  return join(root, 'node_modules', '.installed-lock.json');
}

/** @param {string} root @param {(line: string) => void} say */
function install(root, say) {
  if (!agrees(root)) {
    say('Installing packages (npm ci). This happens once, and again when package-lock.json changes.');
    rmSync(stampOf(root), { force: true });
    npmCi(root);
  }
  writeFileSync(stampOf(root), readFileSync(join(root, 'package-lock.json')));
}

/**
 * True when npm's own note of what lies in `node_modules` names the same packages as the lock file, as after an
 * `npm install` by hand: then there is nothing to do. The note is written last, so an interrupted install has none.
 * @param {string} root
 */
function agrees(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(note, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) continue;
    const there = found[path];
    if (there === undefined && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (there === undefined || there.version !== entry.version || there.integrity !== entry.integrity) return false;
    if (!existsSync(join(root, path))) return false;
  }
  return Object.keys(found).every((path) => wanted[path] !== undefined);
}

/** @param {string} root */
function npmCi(root) {
  const npm = process.env.npm_execpath;
  const beside = join(dirname(process.execPath), 'npm');
  const [command, first] =
    npm?.endsWith('.js') === true ? [process.execPath, [npm]] : [existsSync(beside) ? beside : 'npm', []];
  const cache = homeIsWritable() ? [] : ['--cache', join(root, '.baton', 'npm-cache')];
  const args = [
    ...first,
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    // warnings would be about the Node that asks, and what is installed runs on the one that comes along
    '--loglevel=error',
    ...cache,
  ];
  // npm may be asked by a Node that lies in the very node_modules it replaces: standard output stays free for data
  const env = { ...process.env, PATH: withoutLocalBin(root) };
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env });
  if (done.status === 0) return;
  const why = done.error?.message ?? `npm ci ended with ${done.status ?? done.signal}`;
  throw new Error(
    `Installing packages failed: ${why}. Check the network and that ${root} can be written, then try again.`,
  );
}

/** @param {string} root */
function withoutLocalBin(root) {
  const local = join(root, 'node_modules', '.bin');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== local)
    .join(delimiter);
}

function homeIsWritable() {
  const home = process.env.HOME ?? '';
  if (home === '') return false;
  try {
    mkdirSync(join(home, '.npm'), { recursive: true });
    accessSync(join(home, '.npm'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The pinned Node where npm brought one for this platform and it runs here, else the running one if it is new enough.
 * @param {string} root
 */
function nodeToRun(root) {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_TO_RUN) return process.execPath;
  throw new Error(
    `Baton brings its own Node for linux x64 and arm64. On ${process.platform} ${process.arch} it needs Node ` +
      `${OLDEST_TO_RUN} or later; this is ${process.version}.`,
  );
}
