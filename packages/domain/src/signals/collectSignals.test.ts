import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../policy/compile.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { emptyDocument } from '../policy/policyFixture.ts';
import { joinCollectors } from './collectSignals.ts';

const collectorsOf = (times: number, on = 'Demo'): ReturnType<typeof joinCollectors> => {
  const actions: PolicyDocument['actions'] = [
    { id: 'demo', say: 'asked', on, where: null, times, withinMs: null, trust: 'form' },
  ];
  return compilePolicy({ ...emptyDocument, actions }, 'hash', new Map()).collectors;
};
const keysOf = (collectors: ReturnType<typeof joinCollectors>): readonly string[] =>
  [...collectors.values()].flat().map((collector) => collector.key);

describe('collectors of two policies', () => {
  test('collect what either asks for, and what both ask for once', () => {
    expect(keysOf(joinCollectors(collectorsOf(1), collectorsOf(1)))).toHaveLength(1);
    const joined = joinCollectors(collectorsOf(1), collectorsOf(2), collectorsOf(1, 'Trial'));
    expect(new Set(keysOf(joined)).size).toBe(3);
    expect([...joined.keys()]).toEqual(['Demo', 'Trial']);
  });
});
