import { expect, it } from 'vitest';
import type { JsonObject } from '../kernel/json.ts';
import { parsePolicy } from './parse.ts';
import { sourceOf } from './sourceOf.ts';
import { smallestPolicy } from './testPolicy.ts';

it('warns of a queue whose watchers no notice can reach', () => {
  const fallback = { queue: 'triage', tell: 'managers' };
  const said = (more: JsonObject) => {
    const parsed = parsePolicy(sourceOf({ ...smallestPolicy, fallback, ...more }));
    return (parsed.ok ? parsed.value.findings : parsed.error).filter(({ code }) => code === 'unknown-place');
  };
  expect(said({})).toEqual([expect.objectContaining({ severity: 'warning', path: 'fallback.tell' })]);
  expect(said({ notify: { managers: { via: 'slack' } } })).toHaveLength(1);
  expect(said({ notify: { managers: { via: 'slack', to: '#managers' } } })).toEqual([]);
});
