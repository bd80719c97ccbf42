import { expect, test } from 'vitest';
import { ageText, freshnessOf, leaksText, stepText } from './leakText.ts';

test.each([
  [-5_000, '0 s'],
  [45_900, '45 s'],
  [60_000, '1 min'],
  [22 * 60_000 + 59_999, '22 min'],
  [5 * 3_600_000, '5 h'],
  [86_400_000 * 3, '3 d'],
])('%i ms last %s', (ms, say) => expect(ageText(ms)).toBe(say.replace(' ', '\u00a0')));

test('the newest look counts, and it is no look any more after three minutes', () => {
  const old = { checkedAt: '2026-11-19T12:00:00.000Z' };
  const at = Date.parse('2026-11-19T12:50:00.000Z');
  expect(freshnessOf([{ checkedAt: null }], at)).toEqual({ kind: 'never' });
  expect(freshnessOf([old, { checkedAt: '2026-11-19T12:49:00.000Z' }], at).kind).toBe('fresh');
  expect(freshnessOf([old], at)).toEqual({ kind: 'stale', at: Date.parse(old.checkedAt) });
});

test('counts and steps are said in words, also a step that is new', () => {
  expect(leaksText(1)).toBe('1 leak');
  expect(leaksText(1204)).toBe('1,204 leaks');
  expect(stepText('restore-clocks')).toBe('Restore the clocks');
  expect(stepText('from-the-future')).toBe('Mend');
});
