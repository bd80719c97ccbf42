import { expect, test } from 'vitest';
import { gatherReads } from './gatherReads.ts';

test('what is asked in one turn is read at once, each gets its own', async () => {
  const lots: (readonly number[])[] = [];
  const read = gatherReads(async (asked: readonly number[]) => {
    lots.push(asked);
    return asked.map((n) => n * 10);
  });
  expect(await Promise.all([1, 2, 3].map(read))).toEqual([10, 20, 30]);
  expect(await read(4)).toBe(40);
  expect(lots).toEqual([[1, 2, 3], [4]]);
});

test('one that cannot be read fails by itself', async () => {
  const read = gatherReads(async (asked: readonly number[]) => {
    if (asked.includes(2)) throw new Error('no 2');
    return asked;
  });
  const told = await Promise.allSettled([1, 2, 3].map(read));
  expect(told.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    1,
    'Error: no 2',
    3,
  ]);
});
