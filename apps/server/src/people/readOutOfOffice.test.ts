import { expect, test } from 'vitest';
import { readOutOfOffice } from './readOutOfOffice.ts';

const at = (text: string): number => Date.parse(text);
const SPAN = { from: at('2027-01-01T00:00Z'), to: at('2028-01-01T00:00Z') };
const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', `UID:${lines.join('')}`, 'DTSTAMP:20270101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
const read = (zone: string | null, ...events: string[]) => {
  const done = readOutOfOffice(
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...events, 'END:VCALENDAR'].join('\r\n'),
    zone,
    SPAN,
  );
  if (!done.ok) throw new Error(done.error);
  return done.value.map(({ from, to }) => `${new Date(from).toISOString()} ${new Date(to).toISOString()}`);
};

test.each([
  [
    'whole days are days of the rep, also where the calendar calls them free',
    [event('DTSTART;VALUE=DATE:20270705', 'DTEND;VALUE=DATE:20270717', 'TRANSP:TRANSPARENT')],
    ['2027-07-04T22:00:00.000Z 2027-07-16T22:00:00.000Z'],
  ],
  [
    'hours in UTC, in a zone and in none',
    [
      event('DTSTART:20270302T080000Z', 'DTEND:20270302T100000Z'),
      event('DTSTART;TZID=America/New_York:20270303T090000', 'DTEND;TZID=America/New_York:20270303T100000'),
      event('DTSTART:20270304T090000', 'DTEND:20270304T100000'),
    ],
    [
      '2027-03-02T08:00:00.000Z 2027-03-02T10:00:00.000Z',
      '2027-03-03T14:00:00.000Z 2027-03-03T15:00:00.000Z',
      '2027-03-04T08:00:00.000Z 2027-03-04T09:00:00.000Z',
    ],
  ],
  [
    'free hours and what was cancelled do not count, and what is over neither',
    [
      event('DTSTART:20270302T080000Z', 'DTEND:20270302T100000Z', 'TRANSP:TRANSPARENT'),
      event('DTSTART;VALUE=DATE:20270705', 'DTEND;VALUE=DATE:20270717', 'STATUS:CANCELLED'),
      event('DTSTART:20250302T080000Z', 'DTEND:20250302T100000Z'),
    ],
    [],
  ],
  [
    'every Friday is followed, without the one that is left out',
    [
      event(
        'DTSTART;TZID=Europe/Berlin:20270319T130000',
        'DTEND;TZID=Europe/Berlin:20270319T180000',
        'RRULE:FREQ=WEEKLY;COUNT=3',
        'EXDATE;TZID=Europe/Berlin:20270326T130000',
      ),
    ],
    ['2027-03-19T12:00:00.000Z 2027-03-19T17:00:00.000Z', '2027-04-02T11:00:00.000Z 2027-04-02T16:00:00.000Z'],
  ],
  [
    'what touches is one',
    [
      event('DTSTART;VALUE=DATE:20270705', 'DTEND;VALUE=DATE:20270706'),
      event('DTSTART;VALUE=DATE:20270706', 'DTEND;VALUE=DATE:20270708'),
    ],
    ['2027-07-04T22:00:00.000Z 2027-07-07T22:00:00.000Z'],
  ],
])('%s', (_, events, expected) => {
  expect(read('Europe/Berlin', ...events)).toEqual(expected);
});

test('what is no calendar is refused', () => {
  for (const text of ['', 'hello', '<html></html>', 'x'.repeat(5_000_001)])
    expect(readOutOfOffice(text, null, SPAN).ok).toBe(false);
});

test.each([
  [['BEGIN:VEVENT', 'DTSTART:2027-07-05', 'END:VEVENT'], 'line 3: DTSTART "2027-07-05" is no date'],
  [['BEGIN:VEVENT', 'SUMMARY:a', ' folded', ' twice', 'DTEND:20270732', 'END:VEVENT'], 'line 6: DTEND "20270732"'],
  [['BEGIN:VEVENT', 'UID:1', 'END:VEVENT'], 'line 4: the event that begins in line 2 has no DTSTART'],
  [['BEGIN:VEVENT', 'DTSTART:20270705', 'RRULE:COUNT=3', 'END:VEVENT'], 'line 4: RRULE "COUNT=3" has no FREQ'],
  [['BEGIN:VEVENT', 'DTSTART:20270705'], 'line 4: END:VCALENDAR stands where BEGIN:VEVENT of line 2 is to be closed'],
])('%s: %s', (lines, say) => {
  const text = ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR'].join('\n');
  const done = readOutOfOffice(text, null, SPAN);
  expect(done.ok ? done.value : done.error).toContain(say);
});

test('a calendar that was cut off says what is not closed', () => {
  expect(readOutOfOffice('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n', null, SPAN)).toEqual({
    ok: false,
    error: 'line 1: BEGIN:VCALENDAR is never closed by END:VCALENDAR',
  });
});

test('zones have rules of their own, which are no events', () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Here',
    'BEGIN:STANDARD',
    'DTSTART:19701025T030000',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'END:VTIMEZONE',
  ];
  expect(read('UTC', zone.join('\r\n'), event('DTSTART;VALUE=DATE:20270705'))).toHaveLength(1);
});
