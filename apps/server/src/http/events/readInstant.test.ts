import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInstant } from './readInstant.ts';

test('every ISO instant of Date reads back as the same instant', () => {
  const dates = fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (date) => {
      expect(readInstant(date.toISOString())).toBe(date.getTime());
    }),
  );
});

test.each([
  ['2026-03-01T10:00:00+05:30', '2026-03-01T04:30:00.000Z'],
  ['2026-03-01T10:00:00-0800', '2026-03-01T18:00:00.000Z'],
  ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01 10:00', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2028-02-29T00:00:00.123456789Z', '2028-02-29T00:00:00.123Z'],
  [1_767_225_600_000, '2026-01-01T00:00:00.000Z'],
])('%s is %s', (text, iso) => {
  expect(new Date(readInstant(text) as number).toISOString()).toBe(iso);
});

test.each([
  'yesterday',
  '2026-02-29T00:00:00Z',
  '2026-13-01',
  '2026-01-32',
  '2026-01-01T25:00:00Z',
  '1970-01-01T00:00:00Z',
  '0000-00-00',
  '+275760-09-13T00:00:00Z',
  '',
  0,
  1e300,
  Number.NaN,
  {},
  [],
  true,
])('%j is no instant', (value) => {
  expect(readInstant(value)).toBeUndefined();
});

test('what is absent is absent', () => {
  expect(readInstant(undefined)).toBeNull();
  expect(readInstant(null)).toBeNull();
});

test('the usual form reads as any other does, right or wrong', () => {
  const text = fc.tuple(
    fc.date({ min: new Date('1990-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    fc.option(fc.tuple(fc.nat(22), fc.constantFrom('0', '3', '6', '9', '-', ' ', 'x')), { nil: null }),
  );
  fc.assert(
    fc.property(text, ([date, change]) => {
      const usual = [...date.toISOString().padStart(24, '0')];
      if (change !== null) usual[change[0]] = change[1];
      const written = usual.join('');
      expect(readInstant(written)).toBe(readInstant(written.replace('Z', '+00:00')));
    }),
    { numRuns: 2_000 },
  );
});
