import { beforeAll, describe, expect, test, vi } from 'vitest';

type DateText = typeof import('./dateText.ts');
let text: DateText;

beforeAll(async () => {
  process.env['TZ'] = 'Europe/Berlin';
  vi.resetModules();
  text = await import('./dateText.ts');
});

const at = (iso: string): number => Date.parse(iso);
const NOW = at('2026-11-19T13:38:00+01:00');

describe('instants for people', () => {
  test('near ones by their time, far ones by their day', () => {
    expect(text.whenText(at('2026-11-19T14:20:00+01:00'), NOW)).toBe('14:20');
    expect(text.whenText(at('2026-11-23T09:00:00+01:00'), NOW)).toBe('Mon 09:00');
    expect(text.whenText(at('2026-11-05T09:00:00+01:00'), NOW)).toBe('5 Nov');
    expect(text.whenText(at('2025-11-05T09:00:00+01:00'), NOW)).toBe('5 Nov 2025');
  });

  test('a day is a day of the calendar, not 24 hours', () => {
    expect(text.dayText(at('2026-11-19T00:00:00+01:00'), NOW)).toBe('Today');
    expect(text.dayText(at('2026-11-18T23:59:59+01:00'), NOW)).toBe('Yesterday');
    expect(text.dayText(at('2026-11-20T00:00:00+01:00'), NOW)).toBe('Tomorrow');
    expect(text.dayText(at('2026-11-12T12:00:00+01:00'), NOW)).toBe('Thu 12 Nov');
    expect(text.dayText(at('2025-12-31T12:00:00+01:00'), NOW)).toBe('31 Dec 2025');
  });

  test('the day that the clocks go back is still one day', () => {
    const evening = at('2026-10-25T23:30:00+01:00');
    expect(text.dayText(at('2026-10-25T00:30:00+02:00'), evening)).toBe('Today');
    expect(text.dayText(at('2026-10-24T23:30:00+02:00'), evening)).toBe('Yesterday');
  });
});
