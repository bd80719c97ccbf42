import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRunnable } from './readRunnable.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...markdownBelow('docs')];
const RUNNABLE = DOCUMENTS.map((file) => readRunnable(file, readFileSync(join(ROOT, file), 'utf8'))).filter(
  ({ blocks }) => blocks.length > 0,
);

function markdownBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

describe('documents', () => {
  test('the marked blocks of a text are found, and no others', () => {
    const text =
      '```sh\nnot me\n```\n\n```sh runnable\necho one\n```\ntext\n```sh runnable\necho two\necho three\n```\n';
    expect(readRunnable('x.md', text).blocks).toEqual(['echo one\n', 'echo two\necho three\n']);
  });

  test('at least the README has something to run', () => {
    expect(RUNNABLE.map(({ file }) => file)).toContain('README.md');
  });

  test.each(RUNNABLE)('what $file says can be run, runs', { timeout: 180_000 }, ({ blocks }) => {
    const scratch = mkdtempSync(join(tmpdir(), 'baton-docs-'));
    try {
      const done = spawnSync('/bin/sh', ['-eu'], {
        cwd: ROOT,
        input: `set -x\n${blocks.join('\n')}`,
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', HOME: scratch, BATON_DATA: join(scratch, 'data'), BATON_PORT: '0' },
      });
      expect(done.status, `${done.stdout}\n${done.stderr}`).toBe(0);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  test('every link to a file of the repository leads somewhere', () => {
    const broken = DOCUMENTS.flatMap((file) => {
      const links = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)];
      return links
        .map((match) => match[1] ?? '')
        .filter((link) => !existsSync(join(ROOT, dirname(file), link)))
        .map((link) => `${file} -> ${link}`);
    });
    expect(broken).toEqual([]);
  });

  test('the runbook names every refusal code', () => {
    const source = readFileSync(join(ROOT, 'apps/server/src/database/refusal.ts'), 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1] ?? '');
    const runbook = readFileSync(join(ROOT, 'docs/runbooks/database.md'), 'utf8');
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !runbook.includes(`\`${code}\``))).toEqual([]);
  });
});
