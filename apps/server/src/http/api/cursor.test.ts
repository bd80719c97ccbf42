import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCursor, writeCursor } from './cursor.ts';
import { idAfter, pageOfIds } from './idPaging.ts';

const place = fc.array(fc.nat({ max: 999_999_999_999_999 }), { minLength: 1, maxLength: 3 });

test('a place is read as it was written, and by its own list alone', () => {
  fc.assert(
    fc.property(place, (numbers) => {
      const cursor = writeCursor('h', numbers);
      expect(readCursor('h', numbers.length, cursor)).toEqual(numbers);
      expect(() => readCursor('c', numbers.length, cursor)).toThrow('nextCursor');
      expect(() => readCursor('h', numbers.length + 1, cursor)).toThrow('nextCursor');
    }),
  );
});

test('what was not written here is refused, and never becomes a number', () => {
  for (const text of ['', 'c', 'c-1', 'c1e3', 'c1 ', 'c1234567890123456', 'x1'])
    expect(() => idAfter(Buffer.from(text).toString('base64url'), 0)).toThrow('nextCursor');
});

test('pages of ids follow each other without a gap, and the last one says so', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1_000 })), fc.integer({ min: 1, max: 7 }), (ids, limit) => {
      const all = ids.toSorted((one, other) => one - other).map((id) => ({ id }));
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const from = idAfter(cursor ?? undefined, 0);
        const found = all.filter(({ id }) => id > from).slice(0, limit + 1);
        const page: { rows: number[]; nextCursor: string | null } = pageOfIds(found, limit, ({ id }) => id);
        seen.push(...page.rows);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(all.map(({ id }) => id));
    }),
  );
});
