import { expect, test } from 'vitest';
import { readMoment } from './readMoment.ts';

test.each([
  ['2026-12-24', 'Europe/Berlin', 'begin', '2026-12-23T23:00:00.000Z'],
  ['2026-12-24', 'Europe/Berlin', 'end', '2026-12-24T23:00:00.000Z'],
  ['2026-12-24', null, 'begin', '2026-12-24T00:00:00.000Z'],
  ['2027-03-28', 'Europe/Berlin', 'end', '2027-03-28T22:00:00.000Z'],
  ['2026-12-24T12:00:00+01:00', 'Asia/Kolkata', 'end', '2026-12-24T11:00:00.000Z'],
  ['2026-12-24T12:00', 'Asia/Kolkata', 'begin', '2026-12-24T06:30:00.000Z'],
  ['2026-02-30', null, 'begin', null],
  ['tomorrow', null, 'begin', null],
  ['', null, 'begin', null],
] as const)('%j in %s as %s is %s', (text, zone, edge, expected) => {
  const read = readMoment(text, zone, edge);
  expect(read.ok ? new Date(read.value).toISOString() : null).toBe(expected);
});
