/**
 * The gate: lint and format, types of every workspace, all test suites. The last line is `N passed, N failed`, where
 * each check counts as one test. `--quick` leaves out what needs a database or a browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureWebBuilt } from './buildWeb.mjs';
import { findChromium } from './findChromium.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
};
const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

function count(name: string, ok: boolean): void {
  if (ok) tally.passed += 1;
  else {
    tally.failed += 1;
    failures.push(name);
  }
}

function heading(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(join(bin, command), args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

function check(name: string, command: string, args: readonly string[]): void {
  heading(name);
  count(name, run(command, args));
}

function suite(project: string): void {
  heading(`tests: ${project}`);
  const scratch = mkdtempSync(join(tmpdir(), 'baton-report-'));
  const report = join(scratch, 'report.json');
  const ended = run('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const said = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as VitestReport) : null;
  rmSync(scratch, { recursive: true, force: true });
  tally.passed += said?.numPassedTests ?? 0;
  tally.failed += said?.numFailedTests ?? 0;
  tally.skipped += (said?.numPendingTests ?? 0) + (said?.numTodoTests ?? 0);
  if ((said?.numFailedTests ?? 0) > 0) failures.push(`suite ${project}`);
  // a file that could not be loaded or an error outside a test fails the run without failing a test
  else if (!ended || said?.success !== true) count(`suite ${project} (error outside a test)`, false);
}

function ensureChromium(): void {
  if (findChromium() !== null) return;
  const debian = existsSync('/etc/debian_version');
  if (!debian || process.getuid?.() !== 0) {
    process.stdout.write(
      'No Chromium found: the browser tests need one (on Debian, as root: apt-get install chromium).\n',
    );
    return;
  }
  heading('installing chromium');
  const apt = (args: string[]): boolean =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  if (!apt(install) && !(apt(['update']) && apt(install)))
    process.stdout.write('apt-get could not install chromium.\n');
}

const quick = process.argv.includes('--quick');
check('lint and format', 'biome', ['check', '--error-on-warnings', '.']);
for (const project of ['packages/domain', 'packages/contract', 'apps/server', 'apps/web', 'tsconfig.tools.json']) {
  check(`types: ${project}`, 'tsc', ['-p', project]);
}
suite('unit');
if (!quick) {
  suite('int');
  ensureChromium();
  heading('web client');
  const web = await ensureWebBuilt(root, process.execPath, (line) => process.stdout.write(`${line}\n`)).then(
    () => true,
    (error: Error) => {
      process.stdout.write(`${error.message}\n`);
      return false;
    },
  );
  count('web client builds', web);
  suite('e2e');
}

if (failures.length > 0) process.stdout.write(`\nFailed: ${failures.join('; ')}\n`);
const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed${skipped}\n`);
process.exitCode = tally.failed > 0 ? 1 : 0;
