import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFIG_KEYS } from '../apps/server/src/config.ts';
import { IMPORT_REFUSALS, ROW_ERRORS } from '../apps/server/src/records/import/importRefusal.ts';
import { checkSnippet } from './checkSnippet.ts';
import { DOC_TABLES, tablesIn } from './docTables.ts';
import { readFences } from './readFences.ts';
import { documentSteps, missingIn, runDocument } from './runDocument.ts';

const ROOT = join(import.meta.dirname, '..');
const NAMES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'policies/README.md', ...markdownBelow('docs')];
const DOCUMENTS = NAMES.map((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return { file, text, fences: readFences(text) };
});
const RUNNABLE = DOCUMENTS.filter(({ fences }) => fences.some(({ word }) => word === 'runnable'));
const TABLES = DOCUMENTS.flatMap(({ file, text }) => tablesIn(text).map((table) => ({ file, ...table })));

function markdownBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

describe('how documents are read', () => {
  test('marked blocks become steps, in order, and no others do', () => {
    const text = [
      '```sh\nnot me\n```',
      '```yaml a.yaml\nx: 1\n```',
      '```sh runnable\ncurl localhost:4600\n```',
      '```text\nhello ... you\n```',
      '```sh server\nnpm start\n```',
    ].join('\n\n');
    const steps = documentSteps(readFences(text), 1234);
    expect(steps.server).toBe('npm start');
    expect(steps.script).toMatch(/^exec 2>&1\ncat > a\.yaml [\s\S]*x: 1[\s\S]*::block[\s\S]*curl localhost:1234\n/);
    expect(steps.script).not.toContain('not me');
    expect(steps.shows).toEqual(new Map([[1, ['hello ... you']]]));
  });

  test('a line that a document promises is missed where its own block did not print it', () => {
    const output = 'noise\n::block 1\n  hello,   dear you\n::block 2\nother\n';
    const shows = (line: string) => new Map([[1, [line]]]);
    expect(missingIn(output, shows('hello, ... you'))).toEqual([]);
    expect(missingIn(output, shows('hello, dear'))).toEqual(['hello, dear']);
    expect(missingIn(output, shows('other'))).toEqual(['other']);
  });
});

describe('documents', () => {
  test('README and tutorial have something to run', () => {
    expect(RUNNABLE.map(({ file }) => file)).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md']));
  });

  test.each(RUNNABLE)('who follows $file gets there', { timeout: 300_000 }, async ({ fences }) => {
    const { status, output, missing } = await runDocument(ROOT, fences);
    expect(status, output).toBe(0);
    expect(missing, output).toEqual([]);
  });

  test.each(TABLES)('$file: the table “$id” says what the code says', ({ id, rows }) => {
    expect(rows, 'run: npm run docs').toBe(DOC_TABLES[id]?.() ?? `there is no table ${id}`);
  });

  test('every link leads somewhere', () => {
    const headings = new Map(DOCUMENTS.map(({ file, text }) => [file, anchorsOf(text)]));
    const broken = DOCUMENTS.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, link = '', anchor]) => {
          const target = link === '' ? file : join(dirname(file), link);
          return !existsSync(join(ROOT, target)) || (anchor !== undefined && !headings.get(target)?.has(anchor));
        })
        .map(([link]) => `${file} -> ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test('every policy, map, event and case in a document can be read', () => {
    const wrong = DOCUMENTS.flatMap(({ file, fences }) =>
      fences.flatMap((fence) => {
        const problem = checkSnippet(fence);
        return problem === null ? [] : [`${file}:${fence.line}: ${problem}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('the runbook names every refusal code', () => {
    const source = readFileSync(join(ROOT, 'apps/server/src/database/refusal.ts'), 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1] ?? '');
    const runbook = readFileSync(join(ROOT, 'docs/runbooks/database.md'), 'utf8');
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !runbook.includes(`\`${code}\``))).toEqual([]);
  });

  test('the page of importing names every code', () => {
    const page = readFileSync(join(ROOT, 'docs/import.md'), 'utf8');
    const codes = [...IMPORT_REFUSALS, ...ROW_ERRORS];
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  test('every file and folder that is named is there', () => {
    const gone = DOCUMENTS.flatMap(({ file, text }) =>
      [...text.matchAll(/`((?:apps|bench|docs|e2e|examples|packages|policies|scripts)\/[\w./-]*)`/g)]
        .map((match) => match[1] ?? '')
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${file}: ${path}`),
    );
    expect(gone).toEqual([]);
  });

  test('the page of operations names every setting', () => {
    const keys = Object.keys(CONFIG_KEYS);
    const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});

/** The anchors of a text's headings, as they are made on the usual hosts. */
function anchorsOf(text: string): ReadonlySet<string> {
  const bare = text.replace(/^```[\s\S]*?^```/gm, '');
  return new Set(
    [...bare.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
