import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { loadPeople } from './loadPeople.ts';
import { refreshCalendars, setOutOfOffice } from './outOfOffice.ts';
import { addRep } from './reps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
const calendar = (...spans: readonly (readonly [number, number])[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...spans.flatMap(([from, to], index) => [
      'BEGIN:VEVENT',
      `UID:${index}`,
      `DTSTART;VALUE=DATE:${day(from).replaceAll('-', '')}`,
      `DTEND;VALUE=DATE:${day(to).replaceAll('-', '')}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ].join('\r\n');

test('a calendar by address is asked again: what it says is what counts, and what fails leaves it as it was', async () => {
  const { pool } = database;
  const rep = await addRep(pool, { name: 'Ada', email: 'ada@sales.example' });
  if (!rep.ok) throw new Error(rep.error.say);
  let answer: { status: number; body: Buffer; cut: boolean } = {
    status: 200,
    body: Buffer.from(calendar([3, 5])),
    cut: false,
  };
  const asked: string[] = [];
  const ask = async (url: string) => {
    asked.push(url);
    return answer;
  };
  const url = 'https://calendar.example/ada.ics';
  const absences = async () =>
    ((await loadPeople(pool)).reps.get(rep.value)?.absences ?? []).map(({ from, to, why }) => [
      new Date(from).toISOString().slice(0, 10),
      new Date(to as number).toISOString().slice(0, 10),
      why,
    ]);
  expect(await setOutOfOffice(pool, 'ada@sales.example', { url }, ask)).toEqual({ ok: true, value: 1 });
  expect(await absences()).toEqual([[day(3), day(5), 'out-of-office']]);
  expect(await refreshCalendars(pool, ask)).toBe(0);

  answer = { status: 200, body: Buffer.from(calendar([3, 5], [10, 12])), cut: false };
  await pool.query('update rep_calendar set next_at = 0');
  const nodes = await Promise.all([refreshCalendars(pool, ask), refreshCalendars(pool, ask)]);
  expect(nodes[0] + nodes[1]).toBe(1);
  expect(await absences()).toEqual([
    [day(3), day(5), 'out-of-office'],
    [day(10), day(12), 'out-of-office'],
  ]);
  answer = { status: 500, body: Buffer.from(''), cut: false };
  await pool.query('update rep_calendar set next_at = 0');
  expect(await refreshCalendars(pool, ask)).toBe(1);
  expect((await absences()).length).toBe(2);
  expect((await pool.query('select failures, problem from rep_calendar')).rows).toEqual([
    { failures: 1, problem: "the calendar's address answered 500" },
  ]);
  expect(asked).toEqual([url, url, url]);

  expect(await setOutOfOffice(pool, 'ada@sales.example', { ics: 'no calendar' }, ask)).toMatchObject({
    error: { code: 'calendar-unreadable' },
  });
  expect((await absences()).length).toBe(2);
  // nor does it take the place of the address
  expect((await pool.query('select url, ics from rep_calendar')).rows).toEqual([{ url, ics: null }]);
  expect(await setOutOfOffice(pool, 'ada@sales.example', null, ask)).toEqual({ ok: true, value: 0 });
  expect(await absences()).toEqual([]);
});
