import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { readHookSecret, removeHookSecret, sealPlainHookSecrets, setHookSecret } from '../../evidence/hookSecrets.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { testBox } from '../../outbox/outboxFixture.ts';
import { makeServer } from '../httpFixture.ts';
import { registerMeetingRoutes } from './meetingRoutes.ts';

let database: TestDatabase;
let node: Node;
let app: FastifyInstance;
const disbelieved: string[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  app = makeServer();
  registerMeetingRoutes(app, {
    pool: database.pool,
    acts: node.acts,
    box: testBox,
    now: Date.now,
    onDisbelief: (say) => disbelieved.push(say),
  });
  await setHookSecret(database.pool, 'cal-com', testBox, 'cal secret');
  await setHookSecret(database.pool, 'calendly', testBox, 'calendly secret');
});
beforeEach(() => disbelieved.splice(0));
afterAll(async () => {
  await app.close();
  await node.intake.stop();
  await database.drop();
});

let serial = 0;
const lead = async () => {
  serial += 1;
  const email = `person${serial}@firm${serial}.example`;
  const [receipt] = await node.intake.submit([makeDemoRequest(email)]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return { email, contactId: receipt.contactId as number, uid: `booking-${serial}` };
};
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
const send = async (path: string, body: string, headers: { readonly [name: string]: string }) => {
  const reply = await app.inject({
    method: 'POST',
    url: `/hooks/${path}`,
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
    payload: body,
  });
  return { status: reply.statusCode, code: reply.statusCode === 204 ? null : (reply.json() as { code: string }).code };
};
const calBody = (trigger: string, one: { email: string; uid: string }, at = Date.now()): string =>
  JSON.stringify({
    triggerEvent: trigger,
    createdAt: new Date(at).toISOString(),
    payload: {
      uid: one.uid,
      title: 'Demo',
      startTime: '2027-01-04T09:00:00Z',
      organizer: { email: 'rep1@sales.example' },
      attendees: [{ email: one.email, name: 'Ada' }],
    },
  });
const cal = (body: string, secret = 'cal secret') =>
  send('cal-com', body, { 'x-cal-signature-256': hmac(secret, body) });
const calendlyBody = (event: string, one: { email: string; uid: string }, more: object = {}): string =>
  JSON.stringify({
    event,
    created_at: new Date().toISOString(),
    payload: {
      uri: `https://api.calendly.com/scheduled_events/x/invitees/${one.uid}`,
      email: one.email,
      scheduled_event: { name: 'Demo', event_memberships: [{ user_email: 'rep2@sales.example' }] },
      ...more,
    },
  });
const calendly = (body: string, t = Math.floor(Date.now() / 1_000), secret = 'calendly secret') =>
  send('calendly', body, { 'calendly-webhook-signature': `t=${t},v1=${hmac(secret, `${t}.${body}`)}` });
const seen = async (contactId: number) => {
  const activities = await database.pool.query<{ source: string; outcome: string; state: string }>(
    'select source, outcome, state from activity where contact_id = $1 order by id',
    [contactId],
  );
  const handoff = await database.pool.query<{ status: string; how: string | null }>(
    `select h.status, k.how from handoff h join handoff_clock k on k.handoff_id = h.id and k.kind = 'response'
     where h.contact_id = $1 order by k.id desc limit 1`,
    [contactId],
  );
  return {
    activities: activities.rows.map(({ source, outcome, state }) => `${source} ${outcome} ${state}`),
    ...handoff.rows[0],
  };
};
const activities = async () => (await database.pool.query('select 1 from activity')).rowCount;

test('a meeting booked by Cal.com accepts the lead and stops its clock; sent again it counts once', async () => {
  const one = await lead();
  const body = calBody('BOOKING_CREATED', one);
  expect(await cal(body)).toEqual({ status: 204, code: null });
  expect(await cal(body)).toEqual({ status: 204, code: null });
  expect(await seen(one.contactId)).toEqual({ activities: ['Cal.com booked counted'], status: 'working', how: 'kept' });
  expect((await cal(calBody('BOOKING_RESCHEDULED', one))).status).toBe(204);
  expect((await cal(calBody('BOOKING_CANCELLED', one))).status).toBe(204);
  const after = await seen(one.contactId);
  expect(after.activities).toEqual([
    'Cal.com booked counted',
    'Cal.com rescheduled counted',
    'Cal.com cancelled counted',
  ]);
  const told = await database.pool.query(
    `select 1 from notification where contact_id = $1 and subject like 'The meeting was cancelled%'`,
    [one.contactId],
  );
  expect(told.rowCount).toBe(1);
});

test('the same by Calendly; of a meeting that is moved the calling off is no news', async () => {
  const one = await lead();
  expect((await calendly(calendlyBody('invitee.created', one))).status).toBe(204);
  expect((await calendly(calendlyBody('invitee.canceled', one, { rescheduled: true }))).status).toBe(204);
  const moved = { ...one, uid: `${one.uid}-moved` };
  expect((await calendly(calendlyBody('invitee.created', moved, { old_invitee: 'x' }))).status).toBe(204);
  expect((await calendly(calendlyBody('invitee.canceled', moved))).status).toBe(204);
  expect(await seen(one.contactId)).toEqual({
    activities: ['Calendly booked counted', 'Calendly rescheduled counted', 'Calendly cancelled counted'],
    status: 'working',
    how: 'kept',
  });
});

test('whatever is wrong with a signature, nothing is stored, and it is told to whoever watches', async () => {
  const one = await lead();
  const before = await activities();
  const body = calBody('BOOKING_CREATED', one);
  const good = hmac('cal secret', body);
  const variants: readonly (readonly [string, { readonly [name: string]: string }])[] = [
    [body, {}],
    [body, { 'x-cal-signature-256': '' }],
    [body, { 'x-cal-signature-256': hmac('another secret', body) }],
    [body, { 'x-cal-signature-256': good.slice(0, 40) }],
    [body, { 'x-cal-signature-256': `sha256=${good}` }],
    [JSON.stringify(JSON.parse(body), null, 1), { 'x-cal-signature-256': good }],
  ];
  for (const [text, headers] of variants)
    expect(await send('cal-com', text, headers)).toEqual({ status: 401, code: 'invalid_signature' });
  const said = calendlyBody('invitee.created', one);
  const now = Math.floor(Date.now() / 1_000);
  for (const [t, secret] of [
    [now - 181, 'calendly secret'],
    [now + 181, 'calendly secret'],
    [now, 'another secret'],
  ] as const)
    expect(await calendly(said, t, secret)).toEqual({ status: 401, code: 'invalid_signature' });
  for (const header of [
    '',
    't=,v1=',
    `t=NaN,v1=${hmac('calendly secret', `NaN.${said}`)}`,
    `v1=${hmac('calendly secret', said)}`,
  ])
    expect(await send('calendly', said, { 'calendly-webhook-signature': header })).toEqual({
      status: 401,
      code: 'invalid_signature',
    });
  expect(await cal(calBody('BOOKING_CREATED', one, Date.now() - 86_400_001))).toEqual({
    status: 401,
    code: 'invalid_signature',
  });
  expect(await cal(calBody('BOOKING_CREATED', one, Date.now() + 600_000))).toEqual({
    status: 401,
    code: 'invalid_signature',
  });
  expect(disbelieved).toHaveLength(15);
  expect(disbelieved.join()).not.toMatch(/secret/);
  expect(await activities()).toBe(before);
});

test('of several signatures, as while a key is replaced, one that is ours is enough', async () => {
  const body = calendlyBody('invitee.created', await lead());
  const t = Math.floor(Date.now() / 1_000);
  const header = `t=${t},v1=${hmac('old', `${t}.${body}`)},v1=${hmac('calendly secret', `${t}.${body}`)}`;
  expect((await send('calendly', body, { 'calendly-webhook-signature': header })).status).toBe(204);
});

test('what is signed and about something else, or not JSON, stores nothing', async () => {
  const before = await activities();
  for (const body of ['{"triggerEvent":"PING"}', '{}', '[]', 'null', '{"triggerEvent":"BOOKING_CREATED","payload":7}'])
    expect([body, (await cal(body)).status]).toEqual([body, 204]);
  expect(await cal('not json')).toEqual({ status: 400, code: 'malformed_json' });
  expect((await send('outlook', '{}', {})).status).toBe(404);
  expect(await activities()).toBe(before);
});

test('somebody who is unknown is shown as unmatched', async () => {
  expect((await cal(calBody('BOOKING_CREATED', { email: 'stranger@nowhere.example', uid: 'stray' }))).status).toBe(204);
  const { rows } = await database.pool.query(`select email from activity where state = 'unmatched'`);
  expect(rows).toEqual([{ email: 'stranger@nowhere.example' }]);
});

test('without a secret nothing is believed, whatever is signed', async () => {
  await removeHookSecret(database.pool, 'cal-com');
  const body = calBody('BOOKING_CREATED', await lead());
  expect(await cal(body)).toEqual({ status: 503, code: 'not_configured' });
  expect(await cal(body, '')).toEqual({ status: 503, code: 'not_configured' });
  const made = await setHookSecret(database.pool, 'cal-com', testBox);
  expect(made.length).toBeGreaterThan(30);
  expect(await readHookSecret(database.pool, 'cal-com', testBox)).toBe(made);
  const stored = async () =>
    (
      await database.pool.query<{ value: Buffer }>(`select value from server_secret where name = 'hook cal-com'`)
    ).rows[0]?.value.toString('utf8');
  expect(await stored()).toMatch(/^sealed:1:/);
  // one of before is sealed at the start
  await database.pool.query(`update server_secret set value = $1 where name = 'hook cal-com'`, [Buffer.from(made)]);
  expect(await readHookSecret(database.pool, 'cal-com', testBox)).toBe(made);
  await sealPlainHookSecrets(database.pool, testBox);
  expect(await stored()).toMatch(/^sealed:1:/);
  expect(await readHookSecret(database.pool, 'cal-com', testBox)).toBe(made);
  expect((await cal(body, made)).status).toBe(204);
  await setHookSecret(database.pool, 'cal-com', testBox, 'cal secret');
});
