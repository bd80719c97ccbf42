import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyDocument } from '@baton/domain/policy/document.ts';
import { pageOf } from '@baton/domain/policy/page/page.ts';
import { renderPageMarkdown, renderPageText } from '@baton/domain/policy/page/renderPage.ts';
import { describe, expect, it } from 'vitest';
import { readPolicyFile } from './readPolicyFile.ts';

const POLICIES = join(import.meta.dirname, '../../../../policies');
const documentOf = (name: string): PolicyDocument => {
  const policy = readPolicyFile(join(POLICIES, name));
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value.asWritten;
};
const BIG = documentOf('fit-and-engagement.yaml');

/** What no reader of the page needs: names by which the file refers to itself. Each is told by its own words instead. */
const UNSAID = [
  /^\$\.baton$/,
  /^\$\.(signals|fit|actions|qualify|gate\.hold|statuses|notify)\[\d+\]\.id$/,
  /\.(kind|op)$/,
  // said only of routes to a team; elsewhere the parser refuses it
  /^\$\.route\[[01]\]\.tellGroup$/,
];

type Leaf = { readonly path: string; readonly change: (document: unknown) => void };

/** Every number, flag and free text of a document, with a way to change it. Closed vocabularies can't take any other word. */
const leavesOf = (value: unknown, path = '$', reach = (root: unknown): unknown => root): readonly Leaf[] => {
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      leavesOf(item, `${path}[${index}]`, (root) => (reach(root) as unknown[])[index]),
    );
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]): readonly Leaf[] => {
    const at = `${path}.${key}`;
    const into = (root: unknown): Record<string, unknown> => reach(root) as Record<string, unknown>;
    const set = (next: unknown): Leaf[] => [{ path: at, change: (root) => Object.assign(into(root), { [key]: next }) }];
    if (typeof child === 'number') return set(child + (key.toLowerCase().endsWith('ms') ? 60_000 : 1));
    if (typeof child === 'boolean') return set(!child);
    if (typeof child === 'string') return FREE.has(key) ? set(`${child}x`) : [];
    return leavesOf(child, at, (root) => into(root)[key]);
  });
};
const FREE = new Set([
  'say',
  'on',
  'text',
  'name',
  'id',
  'queue',
  'tell',
  'team',
  'pipeline',
  'stage',
  'label',
  'file',
  'path',
  'intent',
  'to',
  'dealOwner',
  'reason',
]);

describe('the page of plain English', () => {
  const leaves = leavesOf(BIG).filter((leaf) => !UNSAID.some((unsaid) => unsaid.test(leaf.path)));
  const before = renderPageText(pageOf(BIG));

  it('says every number, flag and free text of the document: none can change without the page changing', () => {
    expect(leaves.length).toBeGreaterThan(150);
    const silent = leaves.filter((leaf) => {
      const changed = structuredClone(BIG);
      leaf.change(changed);
      return renderPageText(pageOf(changed)) === before;
    });
    expect(silent.map((leaf) => leaf.path)).toEqual([]);
  });

  it.each(readdirSync(POLICIES).filter((file) => file.endsWith('.yaml')))('of %s reads as agreed', (file) => {
    expect(renderPageText(pageOf(documentOf(file)))).toMatchSnapshot();
  });

  it('numbers its articles and clauses without gaps, and each names its place', () => {
    const page = pageOf(BIG);
    for (const [index, article] of page.articles.entries()) {
      expect(article.number).toBe(index + 1);
      expect(article.clauses.map((clause) => clause.number)).toEqual(
        article.clauses.map((_, at) => `${index + 1}.${at + 1}`),
      );
      for (const clause of article.clauses) expect(clause.path).toMatch(/^[a-z-]+/);
    }
  });

  it('marks what is agreed and does not act yet', () => {
    const silent = pageOf(BIG).articles.flatMap((article) => article.clauses.filter((clause) => !clause.acts));
    const sections = new Set(silent.map((clause) => clause.path.split(/[.[]/)[0]));
    expect([...sections].toSorted()).toEqual(['unknown']);
  });

  it('shows the words of the document as they are in Markdown', () => {
    const [first, ...rest] = BIG.fit;
    if (first === undefined) throw new Error('no fit');
    const loud = { ...BIG, fit: [{ ...first, say: 'is *bold* <b> [x](y)' }, ...rest] };
    expect(renderPageMarkdown(pageOf(loud))).toContain('is \\*bold\\* \\<b\\> \\[x\\](y)');
  });
});
