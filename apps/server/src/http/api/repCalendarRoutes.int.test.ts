import { afterAll, beforeAll, expect, test } from 'vitest';
import { offeringPolicy } from '../../intake/intakeFixture.ts';
import { makeGuardedFetch } from '../../net/guardedFetch.ts';
import { loopbackFetch, type Receiver, startReceiver } from '../../outbox/receiverFixture.ts';
import { CALENDAR_REQUEST } from '../../people/outOfOffice.ts';
import { type Ask, startApi, type TestApi } from './apiFixture.ts';
import { registerRepCalendarRoutes } from './repCalendarRoutes.ts';

let made: TestApi;
let ask: Ask;
let receiver: Receiver;

beforeAll(async () => {
  made = await startApi(offeringPolicy(), ['handoffs:read', 'people:write']);
  ({ ask } = made);
  receiver = await startReceiver();
  const publicFetch = makeGuardedFetch({ networks: [], resolve: async () => ['10.0.0.7'] });
  registerRepCalendarRoutes(made.app, {
    ...made.api,
    // the receiver of this test is on loopback; every other address is judged as a server judges it
    fetchCalendar: (url) => (url.startsWith(receiver.url) ? loopbackFetch : publicFetch)(url, CALENDAR_REQUEST),
  });
});
afterAll(async () => {
  await receiver.stop();
  await made.stop();
});

const day = (ahead: number): string =>
  new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
const calendar = (from: string, to: string): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:${from}\r\nDTEND;VALUE=DATE:${to}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
const absencesOf = async (rep: number): Promise<number> =>
  (
    await made.database.pool.query(
      `select 1 from rep_absence where rep_id = $1 and why = 'out-of-office' and removed_at is null and to_at > now_ms()`,
      [rep],
    )
  ).rows.length;

test('a calendar is given as text, shown, replaced, and forgotten with what it said', async () => {
  expect((await ask('GET', '/reps/1/calendar')).status).toBe(404);
  const given = await ask('POST', '/reps/1/calendar', { ics: calendar(day(3), day(5)) });
  expect(given).toMatchObject({ status: 200, json: { absences: 1 } });
  expect(await ask('GET', '/reps/1/calendar')).toMatchObject({
    status: 200,
    json: { host: null, nextAt: null, failures: 0, problem: null, absences: 1, readAt: expect.any(String) },
  });
  // larger than what other requests may be
  const large = `BEGIN:VCALENDAR\r\nX-NOTE:${'a'.repeat(500_000)}\r\nEND:VCALENDAR`;
  expect(await ask('POST', '/reps/1/calendar', { ics: large })).toMatchObject({ status: 200, json: { absences: 0 } });
  expect(await absencesOf(1)).toBe(0);
  expect((await ask('DELETE', '/reps/1/calendar')).status).toBe(204);
  expect((await ask('GET', '/reps/1/calendar')).status).toBe(404);
});

test('an address is read, asked again later, and shown by its host alone', async () => {
  receiver.answer = (reply) => reply.end(calendar(day(8), day(9)));
  const url = `${receiver.url}/private-token.ics`;
  expect(await ask('POST', '/reps/2/calendar', { url })).toMatchObject({ status: 200, json: { absences: 1 } });
  const shown = await ask('GET', '/reps/2/calendar');
  expect(shown.json).toMatchObject({ host: new URL(url).host, nextAt: expect.any(String), absences: 1 });
  expect(JSON.stringify(shown.json)).not.toContain('private-token');
});

test('what can’t be read is refused with its line, and takes nothing’s place', async () => {
  const good = calendar(day(3), day(5));
  expect((await ask('POST', '/reps/3/calendar', { ics: good })).status).toBe(200);
  const called = receiver.received.length;
  for (const [body, why] of [
    [{ ics: 'hello' }, 'begins with BEGIN:VCALENDAR'],
    [{ ics: calendar('20270230', '20270301') }, 'line 5: DTSTART "20270230" is no date'],
    [{ ics: good.replace('END:VEVENT', 'END:VALARM') }, 'line 7: END:VALARM'],
    [{ url: 'http://127.0.0.1/a.ics' }, 'Only https is called'],
    [{ url: 'https://169.254.169.254/a.ics' }, 'can’t be asked'],
    [{ url: 'https://calendar.example/a.ics' }, 'can’t be asked'],
    [{ url: 'file:///etc/passwd' }, 'Only https is called'],
    [{}, 'either ics'],
    [{ ics: good, url: 'https://a.example/' }, 'either ics'],
    [{ ics: good, color: 'red' }, 'color'],
  ] as const) {
    const refused = await ask('POST', '/reps/3/calendar', body);
    expect([refused.status, refused.json.code], why).toEqual([422, 'invalid_field']);
    expect(refused.json.detail.replaceAll("'", '’')).toContain(why);
  }
  expect(receiver.received.length).toBe(called);
  expect(await absencesOf(3)).toBe(1);
  expect((await ask('GET', '/reps/3/calendar')).json).toMatchObject({ host: null, absences: 1 });
  const huge = { ics: `BEGIN:VCALENDAR\r\n${'x'.repeat(4 * 1024 * 1024)}` };
  expect(await ask('POST', '/reps/3/calendar', huge)).toMatchObject({
    status: 413,
    json: { code: 'payload_too_large' },
  });
  expect((await ask('POST', '/reps/3/calendar', { ics: good }, made.reader)).status).toBe(403);
  expect((await ask('POST', '/reps/4711/calendar', { ics: good })).status).toBe(404);
});
