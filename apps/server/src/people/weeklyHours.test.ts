import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHours, sayHours } from './weeklyHours.ts';

test.each([
  ['mon-fri 09:00-12:30, 13:30-18:00; sat 10:00-14:00', 'mon-fri 09:00-12:30, 13:30-18:00; sat 10:00-14:00'],
  ['  MON - no', null],
  ['Mon-Fri 09:00-18:00', 'mon-fri 09:00-18:00'],
  [
    'mon,wed , fri 13:00-14:00 09:00-12:00',
    'mon 09:00-12:00, 13:00-14:00; wed 09:00-12:00, 13:00-14:00; fri 09:00-12:00, 13:00-14:00',
  ],
  ['daily 00:00-24:00', 'mon-sun 00:00-24:00'],
  ['sat-mon 08:00-10:00', 'mon 08:00-10:00; sat-sun 08:00-10:00'],
  ['mon 08:00-10:00; tue off', 'mon 08:00-10:00'],
])('reads %j as %j', (text, said) => {
  const read = readHours(text);
  expect(read.ok ? sayHours(read.value) : null).toBe(said);
});

test.each([
  ['', 'no day has any hours'],
  ['mon-fri off', 'no day has any hours'],
  ['mon 18:00-09:00', 'ends before it begins'],
  ['mon 09:00-09:00', 'ends before it begins'],
  ['mon 09:00-25:00', 'is no span of a day'],
  ['mon 9-18', 'is no span of a day'],
  ['mon 09:00-12:60', 'is no span of a day'],
  ['mon 09:00-12:00, 11:00-14:00', 'overlaps'],
  ['mon 09:00-12:00; mon-fri 14:00-15:00', 'stands twice'],
  ['someday 09:00-12:00', 'is no day'],
  ['mon-funday 09:00-12:00', 'is no day'],
  ['mon', 'names no days and hours'],
  [`mon ${'09:00-12:00, '.repeat(100)}`, 'longer than'],
])('refuses %j and says why', (text, why) => {
  const read = readHours(text);
  expect(read.ok ? 'read' : read.error).toContain(why);
});

const block = fc
  .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_440 }))
  .map(([from, length]) => ({ from, to: Math.min(1_440, from + length) }));
const week = fc
  .array(fc.option(block, { nil: null }), { minLength: 7, maxLength: 7 })
  .filter((days) => days.some((one) => one !== null))
  .map((days) => days.map((one) => (one === null ? [] : [one])));

test('what is said is read as the same hours', () => {
  fc.assert(
    fc.property(week, (hours) => {
      expect(readHours(sayHours(hours))).toEqual({ ok: true, value: hours });
    }),
  );
});
