import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { parsePolicy } from '../parse.ts';
import { sourceOf } from '../sourceOf.ts';
import { smallestPolicy } from '../testPolicy.ts';

test('a route says which of its words do not act yet, and nothing where they are left out', () => {
  const saidOf = (accept: JsonValue, more: JsonObject = {}): readonly string[] => {
    const route = [{ id: 'all', to: { team: 'inbound' }, accept, ...more }];
    const parsed = parsePolicy(sourceOf({ ...smallestPolicy, route }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return parsed.value.findings
      .filter((finding) => finding.path === 'route[0]' && finding.code === 'does-not-act-yet')
      .map((finding) => finding.message.split(' ')[0] ?? '');
  };
  expect(saidOf({ by: 'rep' })).toEqual([]);
  expect(saidOf({ by: 'rep', within: '30m' })).toEqual(['accept.within']);
  expect(saidOf({ by: 'policy' }, { 'if-away': 'keep', 'outside-hours': 'queue' })).toEqual([
    'outside-hours',
    'if-away',
  ]);
});
