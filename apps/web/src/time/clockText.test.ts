import { describe, expect, test } from 'vitest';
import { leftSpoken, leftText, lengthText, spanText } from './clockText.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a clock in words', () => {
  test.each([
    [0, '0:00'],
    [42 * MINUTE + 59_999, '0:42'],
    [23 * HOUR + 59 * MINUTE, '23:59'],
    [DAY, '1 d'],
    [2 * DAY + 4 * HOUR, '2 d 4 h'],
    [21 * DAY + 4 * HOUR, '21 d'],
  ])('%d ms are %s', (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  test('what is over has a true minus, what is due this very moment has not', () => {
    expect(leftText(0, 18 * MINUTE)).toBe('−0:18');
    expect(leftText(5, 5)).toBe('0:00');
  });

  test.each([
    [42 * MINUTE, 0, '42 minutes left'],
    [0, MINUTE, '1 minute late'],
    [3 * HOUR, 0, '3 hours left'],
    [0, 5 * DAY, '5 days late'],
  ])('due %d at %d is heard as %s', (due, now, text) => {
    expect(leftSpoken(due, now)).toBe(text);
  });

  test.each([
    [4 * HOUR, '4 h'],
    [30 * MINUTE, '30 min'],
    [2 * DAY, '2 d'],
    [90 * MINUTE, '1:30 h'],
  ])('a promise of %d ms is %s long', (ms, text) => {
    expect(lengthText(ms)).toBe(text);
  });
});
