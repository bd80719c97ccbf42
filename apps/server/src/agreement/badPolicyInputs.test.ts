import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyFinding } from '@baton/domain/policy/finding.ts';
import type { Surroundings } from '@baton/domain/policy/reader.ts';
import { describe, expect, it } from 'vitest';
import { POLICY_FATES } from '../../../../e2e/badInputs/policy.ts';
import { noLists, preparePolicy } from './preparePolicy.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const CATALOGUE = join(ROOT, '../shared/cases/bad-inputs.json');
const SMALL = readFileSync(join(ROOT, 'policies/demo-request-only.yaml'), 'utf8');

type Case = { readonly id: string; readonly area: string; readonly limitMs: number };
const cases: readonly Case[] = existsSync(CATALOGUE)
  ? (JSON.parse(readFileSync(CATALOGUE, 'utf8')).cases as Case[]).filter((one) => one.area === 'policy')
  : [];
if (cases.length === 0)
  console.warn(`badPolicyInputs: the catalogue ${CATALOGUE} is not here; that every case has its fate is not checked`);

/** The findings of a text, read within the time that every case of the area allows. */
const findingsOf = (source: string, surroundings: Surroundings = {}): readonly PolicyFinding[] => {
  const start = performance.now();
  const policy = preparePolicy(source, noLists, surroundings);
  expect(performance.now() - start).toBeLessThan(2_000);
  return policy.ok ? policy.value.findings : policy.error;
};
const errorsOf = (source: string, surroundings: Surroundings = {}): readonly string[] =>
  findingsOf(source, surroundings).flatMap((finding) => {
    expect(finding.line).toBeGreaterThan(0);
    expect(finding.col).toBeGreaterThan(0);
    return finding.severity === 'error' ? [finding.code] : [];
  });
/** The small policy with one more section, one more line of route, or other words. */
const withMore = (yaml: string): string => `${SMALL}\n${yaml}\n`;
const routeWhen = (when: string): string => SMALL.replace('{ company.owner: { selling: true } }', when);
const promising = (duration: string): string => SMALL.replace('contact-within: 4h', `contact-within: ${duration}`);

describe.skipIf(cases.length === 0)('the catalogue of bad inputs, area policy', () => {
  it('has a fate for every case, and no fate without a case', () => {
    expect(Object.keys(POLICY_FATES).toSorted()).toEqual(cases.map((one) => one.id).toSorted());
  });
});

describe('bad policies', () => {
  it('names real tests where a case is owned elsewhere', () => {
    for (const fate of Object.values(POLICY_FATES))
      if (fate.is === 'elsewhere') expect(readFileSync(join(ROOT, fate.file), 'utf8')).toContain(fate.test);
  });

  it('POL-01, POL-02: there are no regular expressions to be slow', () => {
    for (const pattern of ['^(a+)+$', '(.*a){12}$']) {
      expect(errorsOf(routeWhen(`{ contact.email: { matches: "${pattern}" } }`))).toEqual(['unknown-operator']);
      expect(errorsOf(withMore(`criteria: [ { field: email, matches: "${pattern}" } ]`))).toEqual(['unknown-key']);
    }
  });

  it('POL-04: NO is Norway, 1.10 and 0o17 are flagged where a text or a plain number is expected', () => {
    expect(errorsOf(routeWhen('{ contact.country: NO }'))).toEqual([]);
    expect(errorsOf(routeWhen('{ contact.country: { in: [NO, 12:30] } }'))).toEqual([]);
    expect(errorsOf(SMALL.replace('name: Demo requests', 'name: 1.10'))).toEqual(['needs-quotes']);
    expect(errorsOf(routeWhen('{ company.version: 1.10 }'))).toEqual(['needs-quotes']);
    expect(errorsOf(routeWhen('{ company.employees: { gt: 0o17 } }'))).toEqual(['invalid-operand']);
    expect(errorsOf(routeWhen('{ company.employees: 0x1F }'))).toEqual(['invalid-number']);
    expect(errorsOf(withMore('country: NO\nversion: 1.10\nat: 12:30'))).toEqual([
      'unknown-key',
      'unknown-key',
      'unknown-key',
    ]);
  });

  it('POL-05: contradictions and empty branches are found', () => {
    const both = '{ all: [ { company.employees: { gte: 50 } }, { company.employees: { lt: 50 } } ] }';
    expect(errorsOf(routeWhen(both))).toEqual(['never-matches']);
    expect(errorsOf(routeWhen('{ any: [] }'))).toEqual(['never-matches']);
    expect(errorsOf(routeWhen('{ all: [] }'))).toEqual(['always-matches']);
    const score = SMALL.replace(
      'any: [ { action: demo }, { action: contact } ]',
      'all: [ { engagement: { gte: 50 } }, { engagement: { lt: 50 } } ]',
    );
    expect(errorsOf(score)).toContain('never-matches');
  });

  it('reads a file full of doubtful names in the time that a small one may take', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `contact.a-name-that-nobody-knows-${index}`);
    const parts = Array.from({ length: 200 }, (_, part) => {
      const facts = names.slice(part * 10, part * 10 + 10).map((name) => `${name}: x`);
      return `  f${part}: { say: x, points: 1, when: { ${facts.join(', ')} } }`;
    });
    expect(errorsOf(withMore(`fit:\n${parts.join('\n')}`))).toEqual([]);
  });

  it.each([
    ['flow', `a: ${'{ not: '.repeat(10_000)}x${' }'.repeat(10_000)}`],
    ['brackets', `a: ${'['.repeat(60_000)}`],
    ['JSON', `{"a": ${'{"and":['.repeat(10_000)}1${']}'.repeat(10_000)}}`],
    ['dashes', `${'- '.repeat(60_000)}x`],
    ['block', Array.from({ length: 600 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['keys', `${'? '.repeat(60_000)}x`],
  ])('POL-07: 10,000 and more levels (%s) are refused, quickly and without ending the process', (_, yaml) => {
    expect(errorsOf(yaml)).toEqual(['too-deep']);
  });

  it('POL-08: unknown facts, teams, tokens and time zones are named with their place', () => {
    const lineOf = (source: string, code: string, surroundings: Surroundings = {}) =>
      findingsOf(source, surroundings).find((finding) => finding.code === code)?.line;
    const line = (word: string) => SMALL.split('\n').findIndex((text) => text.includes(word)) + 1;
    expect(lineOf(routeWhen('{ source.frist: partner }'), 'unknown-fact')).toBe(line('named-account'));
    expect(lineOf(SMALL, 'unknown-team', { teams: new Set(['partners']) })).toBe(line('team: inbound'));
    expect(lineOf(SMALL.replace('{{ reason }}', '{{ raeson }}'), 'template-token')).toBe(line('high: { type: call'));
    expect(lineOf(withMore('time-zone: Mars/Olympus'), 'unknown-key')).toBe(SMALL.split('\n').length + 1);
  });

  it('POL-10: a calendar is no part of the document', () => {
    expect(errorsOf(withMore('calendar: { days: [] }'))).toEqual(['unknown-key']);
  });

  it.each(['0', '0h', '-1', '-1h', '1000000000', '1000000000h', '4\u00a0h', '"4\u00a0h"', '1e9h', '""', '[4h]'])(
    'POL-11: %s is no promise, no accept time and no half-life',
    (duration) => {
      const expected = ['invalid-duration'];
      expect(errorsOf(promising(duration))).toEqual(expected);
      expect(
        errorsOf(
          SMALL.replace('to: { team: inbound } }', `to: { team: inbound }, accept: { by: rep, within: ${duration} } }`),
        ),
      ).toEqual(expected);
      expect(
        errorsOf(withMore(`signals: { page: { say: x, on: page, points: 1, cap: 1, half-life: ${duration} } }`)),
      ).toContain('invalid-duration');
    },
  );

  const forms = [
    "contact.constructor.constructor('return process')()",
    '[...globalThis]',
    '({[x]:1})',
    'switch(1){case process:}',
    'class A extends Object{}',
    '()=>{this.process}',
  ];
  it.each(forms)('POL-16, POL-17: %s is data where a text may stand, and refused everywhere else', (form) => {
    const quoted = JSON.stringify(form);
    expect(errorsOf(withMore(`criteria: [ { expr: ${quoted} } ]`))).toEqual(['unknown-key']);
    expect(errorsOf(routeWhen(`{ ${quoted}: true }`))).toEqual(['unknown-fact']);
    expect(errorsOf(routeWhen(`{ contact.title: { ${quoted}: true } }`))).toEqual(['unknown-operator']);
    expect(errorsOf(SMALL.replace('{{ reason }}', `{{ ${form.replaceAll('"', '')} }}`))).not.toEqual([]);
    const asValue = preparePolicy(routeWhen(`{ contact.title: ${quoted} }`), noLists);
    expect(asValue.ok && asValue.value.document.route[0]?.when).toMatchObject({ op: 'is', operand: form });
  });

  it('POL-16: names of JavaScript’s own are no ids, facts or keys', () => {
    for (const name of ['__proto__', 'constructor', 'prototype'])
      expect(errorsOf(withMore(`statuses: { ${name}: { like: open, label: X } }`))).toEqual(['invalid-id']);
    expect(errorsOf(withMore('__proto__: { a: 1 }'))).toEqual(['unknown-key']);
    expect(errorsOf(routeWhen('{ contact.__proto__: x }'))).toEqual(['unknown-fact']);
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it.each([
    ['\u202etxt\u202c', 'bidi-control-character'],
    ['a\u2066b', 'bidi-control-character'],
    ['a\u200bb', 'control-character'],
    ['a\u0000b', 'control-character'],
    ['a\u001bb', 'control-character'],
  ])('POL-20: %j is refused in values and in comments', (text, code) => {
    expect(errorsOf(SMALL.replace('name: Demo requests', `name: "${text}"`))).toContain(code);
    expect(errorsOf(`# ${text}\n${SMALL}`)).toContain(code);
  });

  it('POL-20: what looks like a secret is warned of', () => {
    const found = findingsOf(SMALL.replace('name: Demo requests', 'name: "xoxb-1234567890-abc"'));
    expect(found).toContainEqual(expect.objectContaining({ severity: 'warning', code: 'secret-like', line: 3 }));
  });
});
