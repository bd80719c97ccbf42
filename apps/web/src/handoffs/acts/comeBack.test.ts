import { expect, test } from 'vitest';
import { COME_BACK, morningOfDay } from './comeBack.ts';

const at = (text: string): number => new Date(text).getTime();

test('it comes back on a working morning', () => {
  const monday = at('2026-11-23T23:00');
  expect(COME_BACK['next week'](monday)).toBe(at('2026-11-30T09:00'));
  expect(COME_BACK['next week'](at('2026-11-29T12:00'))).toBe(at('2026-11-30T09:00'));
  expect(COME_BACK['next month'](monday)).toBe(at('2026-12-01T09:00'));
  expect(COME_BACK['next month'](at('2026-07-31T12:00'))).toBe(at('2026-08-03T09:00'));
  expect(COME_BACK['next quarter'](monday)).toBe(at('2027-01-01T09:00'));
  expect(COME_BACK['next quarter'](at('2027-01-02T09:00'))).toBe(at('2027-04-01T09:00'));
});

test('a picked day is its morning, and no day is none', () => {
  expect(morningOfDay('2026-12-24')).toBe(at('2026-12-24T09:00'));
  expect(morningOfDay('')).toBeNull();
});
