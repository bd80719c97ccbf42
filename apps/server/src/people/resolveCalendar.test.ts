import { parseDuration } from '@baton/domain/policy/readDuration.ts';
import { due, elapsed } from '@baton/domain/promise/clock.ts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findDaysOff, NO_HOLIDAYS, readDates, readPlace } from './publicHolidays.ts';
import { readZone, resolveCalendar, zoneDays } from './resolveCalendar.ts';
import { readHours } from './weeklyHours.ts';

const at = (text: string): number => Date.parse(text);
const said = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z');

const hoursOf = (text: string) => {
  const read = readHours(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

/** The calendar of a place two months around an instant, as the loader resolves it. */
const calendarAt = async (zone: string, hours: string, of: string | null, around: number, closed: string[] = []) => {
  const span = { from: around - 30 * 86_400_000, to: around + 30 * 86_400_000 };
  const year = new Date(around).getUTCFullYear();
  const off = await findDaysOff({ ...NO_HOLIDAYS, of, closed }, year - 1, year + 1);
  return resolveCalendar(zoneDays(zone, span), hoursOf(hours), off);
};

const BERLIN = ['Europe/Berlin', 'mon-fri 09:00-12:30, 13:30-18:00'] as const;
const NEW_YORK = ['America/New_York', 'mon-fri 09:00-17:00'] as const;
const KOLKATA = ['Asia/Kolkata', 'mon-sat 10:00-13:00, 14:00-19:00'] as const;
const LORD_HOWE = ['Australia/Lord_Howe', 'mon-fri 09:00-17:00'] as const;
const SAO_PAULO = ['America/Sao_Paulo', 'mon-fri 08:00-12:00, 13:00-17:00'] as const;
const nights = (zone: string) => [zone, 'daily 00:00-06:00'] as const;

describe('golden due instants in five zones', () => {
  it.each([
    [
      'a weekend with clocks going forward, between two holidays',
      BERLIN,
      'DE',
      '2027-03-25T16:00Z',
      '4h',
      '2027-03-30T10:00Z',
    ],
    ['the same weekend without holidays', BERLIN, null, '2027-03-25T16:00Z', '4h', '2027-03-26T11:00Z'],
    ['a lunch break', BERLIN, 'DE', '2027-06-16T10:00Z', '1h', '2027-06-16T12:00Z'],
    ['a weekend with clocks going back', BERLIN, 'DE', '2027-10-29T15:30Z', '2h', '2027-11-01T09:30Z'],
    ['a holiday that only the region has', BERLIN, 'DE-BY', '2027-10-29T15:30Z', '2h', '2027-11-02T09:30Z'],
    ['the same local time on the next working day', BERLIN, 'DE', '2027-03-19T10:00Z', '1wd', '2027-03-22T10:00Z'],
    ['the same local time, an hour later in UTC', BERLIN, 'DE', '2027-10-29T09:00Z', '1wd', '2027-11-01T10:00Z'],
    ['an arrival on a Saturday', BERLIN, 'DE', '2027-06-19T12:00Z', '1h', '2027-06-21T08:00Z'],
    ['an arrival on a holiday', BERLIN, 'DE', '2027-05-06T09:00Z', '30m', '2027-05-07T07:30Z'],
    ['an arrival before the first block', BERLIN, 'DE', '2027-06-16T03:00Z', '30m', '2027-06-16T07:30Z'],
    ['an arrival in the lunch break', BERLIN, 'DE', '2027-06-16T11:00Z', '30m', '2027-06-16T12:00Z'],
    ['forward in New York', NEW_YORK, 'US', '2027-03-12T21:00Z', '2h', '2027-03-15T14:00Z'],
    ['back in New York', NEW_YORK, 'US', '2027-11-05T20:00Z', '2h', '2027-11-08T15:00Z'],
    ['Thanksgiving', NEW_YORK, 'US', '2027-11-24T21:00Z', '2h', '2027-11-26T15:00Z'],
    ['two working days over Thanksgiving', NEW_YORK, 'US', '2027-11-24T15:00Z', '2wd', '2027-11-29T15:00Z'],
    [
      'a night in which an hour is missing',
      nights('America/New_York'),
      null,
      '2027-03-14T05:30Z',
      '4h',
      '2027-03-14T09:30Z',
    ],
    [
      'a night in which an hour comes twice',
      nights('America/New_York'),
      null,
      '2027-11-07T04:30Z',
      '4h',
      '2027-11-07T08:30Z',
    ],
    ['half an hour off, and a lunch break', KOLKATA, 'IN', '2027-08-16T07:00Z', '1h', '2027-08-16T09:00Z'],
    ['a Sunday', KOLKATA, 'IN', '2027-08-14T13:00Z', '1h', '2027-08-16T05:00Z'],
    ['Republic Day', KOLKATA, 'IN', '2027-01-25T13:00Z', '1h', '2027-01-27T05:00Z'],
    ['half an hour back', LORD_HOWE, null, '2027-04-02T05:00Z', '2h', '2027-04-04T23:30Z'],
    ['half an hour forward', LORD_HOWE, null, '2027-10-01T05:30Z', '2h', '2027-10-03T23:00Z'],
    [
      'a night of six and a half hours',
      nights('Australia/Lord_Howe'),
      null,
      '2027-04-03T12:00Z',
      '390m',
      '2027-04-03T19:30Z',
    ],
    [
      'a night of five and a half hours',
      nights('Australia/Lord_Howe'),
      null,
      '2027-10-02T12:00Z',
      '330m',
      '2027-10-02T19:00Z',
    ],
    ['Independence Day in Brazil', SAO_PAULO, 'BR', '2027-09-06T19:30Z', '1h', '2027-09-08T11:30Z'],
    ['a day without midnight', nights('America/Sao_Paulo'), null, '2018-11-04T02:00Z', '5h', '2018-11-04T08:00Z'],
    [
      'an evening of five hours',
      ['America/Sao_Paulo', 'sat 20:00-24:00'],
      null,
      '2019-02-16T12:00Z',
      '5h',
      '2019-02-17T03:00Z',
    ],
    [
      'every hour, on a day of 23',
      ['America/New_York', 'daily 00:00-24:00'],
      null,
      '2027-03-13T17:00Z',
      '24h',
      '2027-03-14T17:00Z',
    ],
    [
      'every hour, on a day of 24 and a half',
      ['Australia/Lord_Howe', 'daily 00:00-24:00'],
      null,
      '2027-04-03T12:00Z',
      '24h',
      '2027-04-04T12:00Z',
    ],
    [
      'a zone of three quarters',
      ['Asia/Kathmandu', 'mon-fri 09:00-18:00'],
      null,
      '2027-05-07T11:00Z',
      '4h',
      '2027-05-10T06:00Z',
    ],
    [
      'a block that begins in the hour that is missing',
      ['America/New_York', 'daily 02:30-06:00'],
      null,
      '2027-03-14T05:00Z',
      '1h',
      '2027-03-14T08:30Z',
    ],
    [
      'New York over the weekend',
      ['America/New_York', 'mon-fri 09:00-18:00'],
      null,
      '2027-03-12T22:00Z',
      '4h',
      '2027-03-15T16:00Z',
    ],
    [
      'New York over the other weekend',
      ['America/New_York', 'mon-fri 09:00-18:00'],
      null,
      '2027-11-05T21:00Z',
      '4h',
      '2027-11-08T17:00Z',
    ],
    [
      'Berlin over the weekend',
      ['Europe/Berlin', 'mon-fri 09:00-18:00'],
      null,
      '2027-03-26T16:00Z',
      '4h',
      '2027-03-29T10:00Z',
    ],
    [
      'Berlin over the other weekend',
      ['Europe/Berlin', 'mon-fri 09:00-18:00'],
      null,
      '2027-10-29T15:00Z',
      '4h',
      '2027-11-01T11:00Z',
    ],
  ] as const)('%s', async (_, [zone, hours], of, start, length, end) => {
    const calendar = await calendarAt(zone, hours, of, at(start));
    const duration = parseDuration(length);
    if (duration === undefined) throw new Error(length);
    expect(said(due(calendar, at(start), duration))).toBe(end);
    if (duration.kind === 'working') expect(elapsed(calendar, at(start), at(end))).toBe(duration.ms);
  });
});

test('an arrival on a day off is due with the end of the first working day, or later', async () => {
  const calendar = await calendarAt(...BERLIN, 'DE', at('2027-06-19T12:00Z'));
  const end = due(calendar, at('2027-06-19T12:00Z'), { kind: 'working-days', days: 1 });
  expect(end).toBeGreaterThanOrEqual(at('2027-06-21T16:00Z'));
  expect(end).toBeLessThanOrEqual(at('2027-06-22T07:00Z'));
});

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'America/Santiago',
  'Africa/Cairo',
];
const HOURS = [
  'mon-fri 09:00-12:30, 13:30-18:00',
  'daily 00:00-06:00',
  'daily 00:00-24:00',
  'sat-sun 02:30-03:15, 22:00-24:00',
  'mon 01:30-02:00',
];

test('what has elapsed when something is due is its length, everywhere and always', async () => {
  const instants = fc.integer({ min: at('2026-02-01T00:00Z') / 60_000, max: at('2027-11-30T00:00Z') / 60_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...HOURS),
      instants,
      fc.integer({ min: 1, max: 120 }),
      async (zone, hours, minute, length) => {
        const start = minute * 60_000;
        const calendar = await calendarAt(zone, hours, 'DE', start);
        const end = due(calendar, start, { kind: 'working', ms: length * 60_000 });
        // half an hour a week does not add up to two hours within the two months
        fc.pre(end !== null);
        expect(elapsed(calendar, start, end)).toBe(length * 60_000);
        expect(elapsed(calendar, start, end - 60_000)).toBeLessThan(length * 60_000);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test.each([
  ['begun on the day on which clocks go forward', '2027-03-28T08:00Z', '2027-03-29T08:00Z'],
  ['due on it', '2027-03-27T09:00Z', '2027-03-28T08:00Z'],
  ['due in its hour that is missing', '2027-03-27T01:30Z', '2027-03-28T01:00Z'],
  ['due on the day on which clocks go back', '2027-10-30T08:00Z', '2027-10-31T09:00Z'],
  ['begun on it', '2027-10-31T09:00Z', '2027-11-01T09:00Z'],
])('where every day is worked, one working day is the same time on the wall clock: %s', async (_, start, end) => {
  const calendar = await calendarAt('Europe/Berlin', 'daily 00:00-24:00', null, at(start));
  expect(said(due(calendar, at(start), { kind: 'working-days', days: 1 }))).toBe(end);
});

test('it is open when the wall clock says so, on each day on which clocks do not change', () => {
  const wall = new Map(
    ZONES.map((zone) => [
      zone,
      new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    ]),
  );
  const around = at('2027-06-15T00:00Z');
  const span = { from: around - 200 * 86_400_000, to: around + 200 * 86_400_000 };
  const resolved = new Map(ZONES.map((zone) => [zone, zoneDays(zone, span)]));
  const minutes = fc.integer({ min: span.from / 60_000, max: span.to / 60_000 });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.constantFrom(...HOURS), minutes, (zone, hours, minute) => {
      const days = resolved.get(zone) as ReturnType<typeof zoneDays>;
      const instant = minute * 60_000;
      const index = days.midnights.findLastIndex((midnight) => midnight <= instant);
      fc.pre((days.midnights[index + 1] as number) - (days.midnights[index] as number) === 86_400_000);
      const parts = Object.fromEntries(
        (wall.get(zone) as Intl.DateTimeFormat).formatToParts(instant).map((part) => [part.type, part.value]),
      );
      const now = Number(parts['hour']) * 60 + Number(parts['minute']);
      const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] as string);
      const expected = (hoursOf(hours)[day] ?? []).some(({ from, to }) => from <= now && now < to);
      const calendar = resolveCalendar(days, hoursOf(hours), new Map());
      if (calendar.kind !== 'intervals') throw new Error('always open');
      expect(calendar.open.some(({ from, to }) => from <= instant && instant < to)).toBe(expected);
      if (expected) expect(calendar.days.some(({ from, to }) => from <= instant && instant < to)).toBe(true);
    }),
  );
});

test('the intervals ascend, do not overlap, and lie inside their days', async () => {
  for (const zone of ZONES)
    for (const hours of HOURS) {
      const calendar = await calendarAt(zone, hours, null, at('2027-03-28T00:00Z'));
      if (calendar.kind !== 'intervals') throw new Error('always open');
      for (const list of [calendar.open, calendar.days])
        for (const [index, one] of list.entries()) {
          expect(one.from).toBeLessThan(one.to);
          expect(one.from).toBeGreaterThanOrEqual(list[index - 1]?.to ?? 0);
        }
      for (const one of calendar.open)
        expect(calendar.days.some(({ from, to }) => from <= one.from && one.to <= to)).toBe(true);
    }
});

test('holidays of several days, of hours, and of the company', async () => {
  const off = await findDaysOff({ of: 'AE', closed: ['2027-06-01'], worked: ['2027-12-02'] }, 2027, 2027);
  for (const date of ['2027-03-09', '2027-03-10', '2027-03-11', '2027-06-01']) expect(off.has(date), date).toBe(true);
  expect(off.has('2027-12-02')).toBe(false);
  expect((await readPlace('de-by')).ok).toBe(true);
  for (const place of ['', 'Germany', 'XX', 'DE-XX', 'DE-BY-??', '__proto__', 'DE-constructor'])
    expect((await readPlace(place)).ok, place).toBe(false);
  expect(readDates(['2027-02-29']).ok).toBe(false);
  expect(readDates(['2028-02-29', '2027-01-01', '2027-01-01'])).toEqual({
    ok: true,
    value: ['2027-01-01', '2028-02-29'],
  });
});

test('a zone has a name', () => {
  expect(readZone('asia/kolkata')).toEqual({ ok: true, value: 'Asia/Kolkata' });
  for (const zone of ['', '+02:00', 'CET+1', 'Europe/Atlantis', '../../etc/passwd', 'Europe/Berlin\u0000'])
    expect(readZone(zone).ok, zone).toBe(false);
});

test('days off of the company over Christmas', async () => {
  const start = at('2026-12-23T16:30Z');
  const closed = ['2026-12-24', '2026-12-25'];
  const calendar = await calendarAt('Europe/Berlin', 'mon-fri 09:00-18:00', null, start, closed);
  expect(said(due(calendar, start, { kind: 'working', ms: 4 * 3_600_000 }))).toBe('2026-12-28T11:30Z');
});
