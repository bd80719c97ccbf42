import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanJson } from './scanJson.ts';

const members = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, item) => sum + members(item), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
};
const depth = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;

test('depth and members of any JSON text are those of the value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.boolean(), (text, spaced) => {
      const value: unknown = JSON.parse(text);
      const scan = scanJson(spaced ? JSON.stringify(value, null, 2) : text, 100);
      // the text may repeat keys, the value can't
      const once = scanJson(JSON.stringify(value), 100);
      expect(scan?.depth).toBe(depth(value));
      expect(once?.members).toBe(members(value));
    }),
  );
});

test('the events of a batch are found where they stand, whatever surrounds them', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.jsonValue(), (batch, beside) => {
      const text = JSON.stringify({ beside: { batch: beside }, batch, batches: [beside], note: 'batch' });
      const found = scanJson(text, 100)?.items.map((item) => JSON.parse(text.slice(item.start, item.end)) as unknown);
      expect(JSON.stringify(found)).toBe(JSON.stringify(batch));
    }),
  );
});

test('a key that stands twice is counted twice', () => {
  expect(scanJson('{"a":1,"b":{"c":2,"c":3}}', 10)?.members).toBe(4);
});

test('colons, brackets and quotes inside texts are no structure', () => {
  expect(scanJson(String.raw`{"a":"{[:\"]}\\","b":"\\\""}`, 10)).toMatchObject({ depth: 1, members: 2 });
});

test('100,000 levels end at the limit and cost nothing', () => {
  expect(scanJson('['.repeat(100_000), 64)).toBeNull();
});
