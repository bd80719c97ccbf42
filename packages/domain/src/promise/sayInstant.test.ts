import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sayInstant } from './sayInstant.ts';

test('says what the platform’s own calendar says, for every instant up to the year 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
      const [day, time] = new Date(at).toISOString().split('T') as [string, string];
      expect(sayInstant(at)).toBe(`${day} ${time.slice(0, 5)} UTC`);
    }),
  );
});
