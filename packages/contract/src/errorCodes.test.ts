import { expect, test } from 'vitest';
import { ERROR_CODES, ERROR_STATUS } from './errorCodes.ts';
import { QUARANTINE_CODES, RECEIPT_OUTCOMES, WARNING_CODES } from './receiptCodes.ts';

test('every code is snake case, has a status of 4xx or 5xx, and a title', () => {
  for (const [code, { status, title }] of Object.entries(ERROR_CODES)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title.length).toBeGreaterThan(5);
    expect(ERROR_STATUS[code as keyof typeof ERROR_CODES]).toBe(status);
  }
});

test('a 5xx is only for our mistakes, unknown methods, what was not set up, and work or a database that will pass', () => {
  const serious = Object.entries(ERROR_CODES).filter(([, { status }]) => status >= 500);
  expect(serious.map(([code]) => code).sort()).toEqual([
    'internal',
    'not_configured',
    'not_implemented',
    'overloaded',
    'unavailable',
  ]);
});

test('quarantine and warning codes have sentences', () => {
  for (const say of [...Object.values(QUARANTINE_CODES), ...Object.values(WARNING_CODES)])
    expect(say).toMatch(/^[A-Z]/);
  expect(RECEIPT_OUTCOMES).toHaveLength(4);
});
