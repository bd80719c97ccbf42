import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXPECTATIONS } from '@baton/domain/policy/cases/expectations.ts';
import { describe, expect, it } from 'vitest';
import { casesFileOf, checkPolicyFile, explainPolicyFile, testPolicyFile } from './policyCommands.ts';

const POLICIES = join(import.meta.dirname, '../../../../policies');
const FILES = readdirSync(POLICIES).filter((file) => file.endsWith('.yaml'));
const SMALL = join(POLICIES, 'demo-request-only.yaml');
const scratch = (): string => mkdtempSync(join(tmpdir(), 'baton-policy-'));

describe.each(FILES)('the starter policy %s', (name) => {
  const file = join(POLICIES, name);

  it('can be signed: no errors and no warnings', () => {
    const { exitCode, data } = checkPolicyFile(file);
    expect(exitCode).toBe(0);
    const { findings } = data as { findings: readonly { severity: string }[] };
    expect(findings.filter((finding) => finding.severity !== 'notice')).toEqual([]);
  });

  it('does what its cases say', () => {
    const { exitCode, text } = testPolicyFile(file);
    expect(exitCode, text).toBe(0);
    expect(text).toMatch(/(\d+) of \1 cases/);
  });
});

describe('policy commands', () => {
  it('say errors like a compiler does, with exit code 3', () => {
    const file = join(scratch(), 'broken.yaml');
    writeFileSync(file, readFileSync(SMALL, 'utf8').replace('action: demo', 'action: dmo'));
    const { exitCode, text, data } = checkPolicyFile(file);
    expect(exitCode).toBe(3);
    expect(text).toContain(`${file}:10:55: error unknown-action qualify[0].any[0].action: `);
    expect(text).toContain('did you mean demo?');
    expect(data).toMatchObject({
      ok: false,
      findings: [{ code: 'unknown-action', line: 10, col: 55 }],
    });
  });

  it('name what deviates from a case, with exit code 3', () => {
    const cases = join(scratch(), 'wrong.json');
    const text = readFileSync(casesFileOf(SMALL), 'utf8').replace('"owner": "Ada"', '"owner": "Ben"');
    writeFileSync(cases, text);
    const run = testPolicyFile(SMALL, cases);
    expect(run.exitCode).toBe(3);
    expect(run.text).toContain('owner: expected "Ben", was "Ada"');
    expect(run.data).toMatchObject({ ok: false });
  });

  it.each([
    ['{}', 'missing-key'],
    ['{"now": "yesterday", "cases": []}', 'invalid-date'],
    ['{"now": "2026-03-02T10:00:00Z", "cases": [{"say": "x", "expect": {"ownr": "Ada"}}]}', 'unknown-key'],
    ['{"now": "2026-03-02T10:00:00Z", "cases": [{"say": "x", "expect": {}}]}', 'missing-key'],
    [
      '{"now": "2026-03-02T10:00:00Z", "cases": [{"say": "x", "steps": [{"ago": "1h"}], "expect": {"rule": null}}]}',
      'missing-key',
    ],
    ['[', 'yaml-syntax'],
  ])('say what is wrong with the cases %s', (text, code) => {
    const cases = join(scratch(), 'bad.json');
    writeFileSync(cases, text);
    const run = testPolicyFile(SMALL, cases);
    expect(run.exitCode).toBe(3);
    expect(run.text).toContain(code);
  });

  it('explain the policy as text and as Markdown', () => {
    expect(explainPolicyFile(SMALL).text).toContain(
      '1.1   They asked for a demo or asked to talk to sales. High intent.',
    );
    expect(explainPolicyFile(SMALL, 'markdown').text).toContain('## 1. What makes a lead qualify');
  });
});

describe('policies/README.md', () => {
  const readme = readFileSync(join(POLICIES, 'README.md'), 'utf8');

  it('names every starter policy and everything that a case can expect', () => {
    for (const file of FILES) expect(readme).toContain(`\`${file}\``);
    for (const what of Object.keys(EXPECTATIONS)) expect(readme).toContain(`\`${what}\``);
  });

  it('shows a cases file that passes', () => {
    const cases = join(scratch(), 'readme.json');
    writeFileSync(cases, /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
    const run = testPolicyFile(SMALL, cases);
    expect(run.exitCode, run.text).toBe(0);
  });
});
