import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../handoff/decide.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { canonicalise } from '../canonical.ts';
import { compilePolicy } from '../compile.ts';
import { parsePolicy } from '../parse.ts';
import { sourceOf } from '../sourceOf.ts';
import { smallestPolicy } from '../testPolicy.ts';
import { EXPECTATIONS } from './expectations.ts';
import { readCases } from './readCases.ts';
import { type CaseResult, type Decide, runCases } from './runCases.ts';

const parsed = parsePolicy(sourceOf(smallestPolicy));
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const policy = compilePolicy(canonicalise(parsed.value.document), 'hash', new Map());
const PEOPLE = { reps: ['Ada', 'Ben', 'Cleo'], teams: { inbound: ['Ada', 'Ben'] } };
const DEMO = { ago: '1h', event: 'Demo Requested', trust: 'form' };

const run = (one: { readonly [key: string]: JsonValue }, how: Decide = decide): CaseResult => {
  const file = readCases(sourceOf({ now: '2026-03-02T10:00:00Z', people: PEOPLE, cases: [{ say: 'a case', ...one }] }));
  if (!file.ok) throw new Error(JSON.stringify(file.error));
  const [result] = runCases(file.value, policy, how);
  if (result === undefined) throw new Error('no result');
  return result;
};

describe('a case', () => {
  it('passes where everything that it names comes out so, and says each thing that does not', () => {
    const expect_ = { rule: 'hand-raiser', owner: 'Ada', stage: 'sql' };
    expect(run({ contact: { email: 'a@b.example' }, steps: [DEMO], expect: expect_ }).deviations).toEqual([]);
    const wrong = { rule: 'other', owner: 'Ben', stage: 'sql', missing: ['x'] };
    expect(run({ contact: { email: 'a@b.example' }, steps: [DEMO], expect: wrong }).deviations).toEqual([
      { what: 'rule', expected: 'other', actual: 'hand-raiser' },
      { what: 'owner', expected: 'Ben', actual: 'Ada' },
      { what: 'missing', expected: ['x'], actual: [] },
    ]);
  });

  it('begins with empty ledgers: the order of cases has no say', () => {
    for (let time = 0; time < 3; time += 1)
      expect(run({ contact: { email: 'a@b.example' }, steps: [DEMO], expect: { owner: 'Ada' } }).deviations).toEqual(
        [],
      );
  });

  it('takes its steps in the order of time, however they are written', () => {
    const steps = [{ ago: '10m', reject: 'Ada', reason: 'bad-fit' }, DEMO];
    const expected = { handoff: null, stage: 'lead', status: 'unqualified', outcome: 'rejected' };
    expect(run({ contact: { email: 'a@b.example' }, steps, expect: expected }).deviations).toEqual([]);
  });

  it('tells acts that were refused', () => {
    const steps = [{ ago: '1h', accept: 'Ada' }];
    const { deviations } = run({ contact: { email: 'a@b.example' }, steps, expect: { refused: [] } });
    expect(deviations).toHaveLength(1);
  });

  it('does not wait for ever for a decision that keeps asking', () => {
    const asking: Decide = () => ({ kind: 'needs', needs: [{ kind: 'company', companyId: 1 }] });
    expect(() => run({ expect: { rule: null } }, asking)).toThrow('keeps asking');
  });

  it('can expect everything that has a word, and nothing else', () => {
    const nothing = Object.fromEntries(Object.keys(EXPECTATIONS).map((what) => [what, 'something else']));
    expect(run({ expect: nothing }).deviations.map((one) => one.what)).toEqual(Object.keys(EXPECTATIONS));
    expect(() => run({ expect: { toString: null } })).toThrow('unknown-key');
  });
});

describe('reading cases', () => {
  const words = fc.constantFrom(
    'now',
    'people',
    'cases',
    'say',
    'contact',
    'steps',
    'expect',
    'event',
    'ago',
    '2h',
    '2026-03-02',
    'rule',
    'reps',
    'teams',
    '__proto__',
  );
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(words, fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(words, fc.string()), tie('tree'), { maxKeys: 6 }),
    ),
  }));

  it('never throws, and what it reads can be run', () => {
    fc.assert(
      fc.property(tree, tree, (value, part) => {
        for (const candidate of [
          value,
          { now: '2026-03-02', people: PEOPLE, cases: [{ say: 'x', expect: { rule: null }, contact: part }] },
        ]) {
          const file = readCases(sourceOf(candidate));
          if (file.ok) expect(runCases(file.value, policy, decide)).toHaveLength(file.value.cases.length);
          else expect(file.error.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
