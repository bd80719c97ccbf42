import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { civilFrom, formatDuration, formatInstant, formatNumber } from './formatInstant.ts';
import { textHash } from './textHash.ts';

describe('instants for people', () => {
  test('are taken apart as the platform’s own calendar takes them apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (at) => {
        const date = new Date(at);
        expect(civilFrom(at)).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
          second: date.getUTCSeconds(),
          ms: date.getUTCMilliseconds(),
        });
      }),
    );
  });

  test('leave out the year that the reader lives in', () => {
    const at = Date.UTC(2026, 10, 14, 10, 20);
    expect(formatInstant(at, Date.UTC(2026, 0, 1))).toBe('14 Nov, 10:20 UTC');
    expect(formatInstant(at, Date.UTC(2027, 0, 1))).toBe('14 Nov 2026, 10:20 UTC');
  });

  test('spans and numbers read as people write them', () => {
    expect([604_800_000, 3_600_000, 5_400_000, 1_500].map(formatDuration)).toEqual([
      '7 days',
      '1 hour',
      '90 minutes',
      '1,500 milliseconds',
    ]);
    expect([5000, -1234567.25, 999, 0].map(formatNumber)).toEqual(['5,000', '-1,234,567.25', '999', '0']);
  });
});

describe('the hash of a text', () => {
  test('is what it was when it was first stored', () => {
    expect([textHash(''), textHash('page'), textHash('Größe')]).toEqual([
      '167aufg1tehanc',
      '1h461r41u0b32e',
      '1mkwhu21a6yfne',
    ]);
  });

  test('tells ten thousand similar texts apart', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => textHash(`["page",{"operand":"/p${index}"}]`));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.every((hash) => /^[0-9a-z]{14}$/.test(hash))).toBe(true);
  });
});
