import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from './parseInstant.ts';

describe('an instant as text', () => {
  it('agrees with the calendar for every instant of eight thousand years', () => {
    const date = fc.date({
      min: new Date('1000-01-01T00:00:00Z'),
      max: new Date('8999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (instant) => {
        expect(parseInstant(instant.toISOString())).toBe(instant.getTime());
        expect(parseInstant(instant.toISOString().slice(0, 10))).toBe(
          Math.floor(instant.getTime() / 86_400_000) * 86_400_000,
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['2026-11-23T09:30+01:00', '2026-11-23T08:30:00Z'],
    ['2026-11-23T09:30:15-05:30', '2026-11-23T15:00:15Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseInstant(text)).toBe(Date.parse(expected));
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-32',
    '2026-01-01T24:00Z',
    '2026-01-01T10:00',
    '23.11.2026',
    '2026-1-1',
    '',
    'now',
    '2026-01-01T10:00:00.1Z',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
