import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

let clone: string;
const INSTALL = pathToFileURL(join(import.meta.dirname, 'install.mjs')).href;

/** Stands in for npm: `npm ci` empties node_modules, takes a while, and writes npm's note. Counts its calls. */
const NPM = `
import { appendFileSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
rmSync('node_modules', { recursive: true, force: true });
await new Promise((resolve) => setTimeout(resolve, 300));
mkdirSync('node_modules/one', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'baton-install-'));
  writeFileSync(join(clone, 'npm.mjs'), NPM);
  writeFileSync(join(clone, 'npm.js'), "import('./npm.mjs');");
  writeFileSync(join(clone, 'package.json'), '{}');
  writeLock('1.0.0');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function writeLock(version: string): void {
  const packages = { '': {}, 'node_modules/one': { version }, 'node_modules/elsewhere': { version, optional: true } };
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }));
}

function calls(): string[] {
  const file = join(clone, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Runs the set-up in a process of its own; answers its standard error. */
function setUp(npm = join(clone, 'npm.js')): Promise<string> {
  const program = `import { ensureInstalled } from '${INSTALL}';
    await ensureInstalled(${JSON.stringify(clone)}, (line) => console.error(line)).catch((error) => { console.error(error.message); process.exit(1); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH ?? '', HOME: clone, npm_execpath: npm },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(`${code}: ${said}`)));
}

test('installs once, not again, and again when the lock file changes', async () => {
  expect(await setUp()).toContain('0: Installing');
  expect(await setUp()).toBe('0: ');
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).toContain('ci --ignore-scripts');
  writeLock('1.0.1');
  expect(await setUp()).toContain('Installing');
  expect(calls()).toHaveLength(2);
});

test('of three at once one installs and the others wait for it', async () => {
  const ended = await Promise.all([setUp(), setUp(), setUp()]);
  expect(ended.map((said) => said[0])).toEqual(['0', '0', '0']);
  expect(calls()).toHaveLength(1);
});

test('takes over from a set-up that was killed in the middle', async () => {
  writeFileSync(join(clone, '.setup.lock'), '999999 1 x');
  mkdirSync(join(clone, 'node_modules/one'), { recursive: true });
  expect(await setUp()).toContain('0: Installing');
  expect(existsSync(join(clone, '.setup.lock'))).toBe(false);
});

test('an npm install by hand that matches the lock file is taken as it is', async () => {
  mkdirSync(join(clone, 'node_modules/one'), { recursive: true });
  const lock = JSON.parse(readFileSync(join(clone, 'package-lock.json'), 'utf8'));
  delete lock.packages['node_modules/elsewhere'];
  writeFileSync(join(clone, 'node_modules/.package-lock.json'), JSON.stringify(lock));
  expect(await setUp()).toBe('0: ');
  expect(calls()).toEqual([]);
});

test('a failing npm is told in one line and tried again the next time', async () => {
  writeFileSync(join(clone, 'broken.js'), 'process.exit(7)');
  expect(await setUp(join(clone, 'broken.js'))).toMatch(
    /^1: Installing[^\n]*\nInstalling packages failed: npm ci ended with 7/,
  );
  expect(await setUp()).toContain('0: Installing');
});
