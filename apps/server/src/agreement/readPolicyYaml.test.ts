import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceNode } from '@baton/domain/policy/source.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { noLists, preparePolicy } from './preparePolicy.ts';
import { POLICY_BYTES_MAX, readPolicyYaml } from './readPolicyYaml.ts';

const POLICIES = join(import.meta.dirname, '../../../../policies');
const BIG = readFileSync(join(POLICIES, 'fit-and-engagement.yaml'), 'utf8');
const findList = (): Uint8Array => Buffer.from('rival.example\n');

const codesOf = (input: string | Uint8Array): readonly string[] => {
  const read = readPolicyYaml(input);
  return read.ok ? [] : read.error.map((finding) => `${finding.code}@${finding.line}`);
};

describe('reading YAML', () => {
  it('keeps line and column of every key and value', () => {
    const read = readPolicyYaml('a: 1\nb:\n  - x\n  - { c: 1.10 }\n');
    if (!read.ok || read.value.kind !== 'map') throw new Error('unreadable');
    const [a, b] = read.value.entries;
    expect(a).toMatchObject({ key: 'a', at: { line: 1, col: 1 }, value: { line: 1, col: 4, value: 1 } });
    const list = b?.value as Extract<SourceNode, { kind: 'list' }>;
    expect(list.items[0]).toMatchObject({ line: 3, col: 5, value: 'x' });
    expect((list.items[1] as Extract<SourceNode, { kind: 'map' }>).entries[0]).toMatchObject({
      key: 'c',
      at: { line: 4, col: 7 },
      value: { text: '1.10', value: 1.1, line: 4, col: 10 },
    });
  });

  it.each([
    ['a: 1\na: 2', 'duplicate-key@2'],
    ['a: !!js/function x', 'yaml-feature@1'],
    ['a: !!str x', 'yaml-feature@1'],
    ['a: !foo x', 'yaml-feature@1'],
    ['a: 1\n---\nb: 2', 'yaml-feature@2'],
    ['%YAML 1.1\n---\na: NO', 'yaml-feature@1'],
    ['? [a]\n: 1', 'yaml-syntax@1'],
    ['a: [1', 'yaml-syntax@1'],
    ['a: "x', 'yaml-syntax@1'],
    ['\tb: 1', 'yaml-syntax@1'],
    ['a: *nobody', 'yaml-feature@1'],
    ['a: &x [ *x ]', 'too-deep@1'],
    [`a: &x [1]\nb: [${Array.from({ length: 17 }, () => '*x').join(', ')}]`, 'yaml-feature@2'],
    ['a: .inf', 'invalid-number@1'],
    ['', 'yaml-syntax@1'],
    ['# only a comment', 'yaml-syntax@1'],
    [`a: "${'x'.repeat(POLICY_BYTES_MAX)}"`, 'file-too-large@1'],
    [`a: [${'1,'.repeat(1_001)}]`, 'too-many@1'],
  ])('refuses %j as %s', (text, expected) => {
    expect(codesOf(text)).toContain(expected);
  });

  it('refuses bytes that are not UTF-8, and takes a byte order mark away', () => {
    expect(codesOf(Buffer.from([0x61, 0x3a, 0x20, 0xff]))).toEqual(['yaml-syntax@1']);
    expect(codesOf(Buffer.from('\uFEFFa: 1'))).toEqual([]);
  });

  it('follows a few aliases, each at its own place', () => {
    const read = readPolicyYaml('a: &x { c: 1 }\nb: *x\n');
    expect(read.ok && read.value.kind === 'map' && read.value.entries[1]?.value).toMatchObject({
      kind: 'map',
      line: 2,
      col: 4,
    });
  });

  it('does not let aliases multiply', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 8; level += 1)
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    const start = performance.now();
    expect(codesOf(lines.join('\n'))).not.toEqual([]);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('never throws, and every finding has a place: any text, and any damage to a good one', () => {
    const check = (text: string | Uint8Array): void => {
      const policy = preparePolicy(text, findList);
      if (policy.ok) return;
      expect(policy.error.length).toBeGreaterThan(0);
      for (const finding of policy.error) {
        expect(finding.line).toBeGreaterThan(0);
        expect(finding.col).toBeGreaterThan(0);
        expect(finding.mend).not.toBe('');
      }
    };
    const yamlish = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        ' ',
        '\n',
        '- ',
        '? ',
        '&a',
        '*a',
        '!',
        '|',
        '>',
        '"',
        "'",
        '#',
        'a',
        '1',
        '\t',
        '%',
        '---\n',
        ',',
        '<<',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          yamlish.map((parts) => parts.join('')),
        ),
        check,
      ),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), check), { numRuns: 100 });
    const damage = fc.tuple(
      fc.nat(BIG.length),
      fc.nat(12),
      fc.oneof(
        fc.string({ maxLength: 6 }),
        yamlish.map((parts) => parts.join('').slice(0, 8)),
      ),
    );
    fc.assert(
      fc.property(damage, ([at, cut, text]) => check(BIG.slice(0, at) + text + BIG.slice(at + cut))),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('the hash', () => {
  const hashOf = (source: string): string => {
    const policy = preparePolicy(source, findList);
    if (!policy.ok) throw new Error(JSON.stringify(policy.error));
    return policy.value.hash;
  };
  const layouts: readonly [string, (source: string) => string][] = [
    ['without comments', (source) => source.replace(/(^|\s)#.*$/gm, '')],
    ['in block style', (source) => restyle(source, false)],
    ['in flow style', (source) => restyle(source, true)],
    ['with lines that end in CR LF', (source) => source.replaceAll('\n', '\r\n')],
    ['as JSON', (source) => JSON.stringify(parseDocument(source).toJS())],
  ];

  it.each(layouts)('is the same %s', (_, change) => {
    const changed = change(BIG);
    expect(changed).not.toBe(BIG);
    expect(hashOf(changed)).toBe(hashOf(BIG));
  });

  it.each([
    ['a number', 'gte: 40', 'gte: 41'],
    ['a sentence', 'opened e-mails', 'opened e-mail'],
    ['a promise', 'contact-within: 4h', 'contact-within: 5h'],
    ['a token', '{{ reason }}. {{ evidence }}', '{{ reason }}; {{ evidence }}'],
    ['a trust', 'trust: server', 'trust: form'],
  ])('is another for %s', (_, before, after) => {
    expect(BIG).toContain(before);
    expect(hashOf(BIG.replace(before, after))).not.toBe(hashOf(BIG));
  });

  it('is another for another list, and the same for the same values in another order or case', () => {
    const withList = (content: string) => {
      const policy = preparePolicy(BIG, () => Buffer.from(content));
      return policy.ok ? policy.value.hash : JSON.stringify(policy.error);
    };
    expect(withList('a.example\nb.example\n')).toBe(withList('# ours\nB.example, a note\n\nA.EXAMPLE\n'));
    expect(withList('a.example\nb.example\n')).not.toBe(withList('a.example\n'));
  });

  it('needs the list files', () => {
    const policy = preparePolicy(BIG, noLists);
    expect(policy.ok ? [] : policy.error.map((finding) => finding.code)).toContain('list-missing');
  });
});

function restyle(source: string, flow: boolean): string {
  const document = parseDocument(source);
  const visit = (node: unknown): void => {
    const collection = node as { flow?: boolean; items?: unknown[]; value?: unknown };
    if (collection?.items === undefined) return;
    collection.flow = flow;
    for (const item of collection.items) visit((item as { value?: unknown }).value ?? item);
  };
  visit(document.contents);
  return document.toString({ lineWidth: 0 });
}
