/** Contact that nobody typed in: from a dialer, and from a mailbox that a running server reads, to a promise that is kept. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../apps/server/src/config.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { type ImapServer, startImapServer } from '../apps/server/src/evidence/mailbox/imapFixture.ts';
import { offeringPolicy } from '../apps/server/src/intake/intakeFixture.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { type RunningServer, startServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';

let database: TestDatabase;
let server: RunningServer;
let imap: ImapServer;
let key: string;
const mistakes: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  imap = await startImapServer({ user: 'log', password: 'secret' });
  ({ key } = await prepareCompany(database.connection, offeringPolicy()));
  server = await startServer({
    config: readConfig({
      BATON_PORT: '0',
      BATON_MAILBOX: `imap://log:secret@127.0.0.1:${imap.port}`,
      BATON_MAILBOX_SECONDS: '5',
    }),
    connection: database.connection,
    onMistake: (error) => mistakes.push(error),
  });
});
afterAll(async () => {
  await server?.stop();
  await imap?.stop();
  await database?.drop();
});

const post = async (path: string, body: unknown) => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, never> };
};
const askForDemo = async (email: string) => {
  const event = { type: 'track', event: 'Demo Requested', messageId: email, userId: email, traits: { email } };
  const properties = { email };
  const sent = await post('/api/v1/events', { batch: [{ ...event, context: { traits: { email } }, properties }] });
  expect(sent.status).toBe(200);
};
const handoffOf = async (email: string) => {
  const { rows } = await database.pool.query<{ status: string; evidence: string | null }>(
    `select h.status, k.evidence from handoff h join contact c on c.id = h.contact_id
     join handoff_clock k on k.handoff_id = h.id and k.kind = 'response' where c.email = $1 order by k.id desc limit 1`,
    [email],
  );
  return rows[0];
};

test('a call that a dialer saw and an answer that a mailbox saw keep the promise; nothing else was typed', async () => {
  await askForDemo('ada@one.example');
  await askForDemo('bo@two.example');
  expect((await handoffOf('ada@one.example'))?.status).toBe('offered');

  const called = { externalId: 'c-1', channel: 'call', outcome: 'connected', email: 'ada@one.example' };
  const sent = await post('/v1/activities', { activities: [called, called] });
  expect(sent).toMatchObject({ status: 200, json: { receipts: [{ state: 'counted' }, { duplicate: true }] } });
  expect(await handoffOf('ada@one.example')).toEqual({
    status: 'working',
    evidence: 'call: connected, seen by crash test',
  });

  // what was there before its first look is not read
  const looks = async () => (await database.pool.query('select from mailbox_cursor')).rowCount;
  await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(0);
  imap.append('Message-ID: <1@two.example>\nFrom: Bo <bo@two.example>\nTo: ana@sales.example\n\nYes, please.\n');
  await expect.poll(async () => (await handoffOf('bo@two.example'))?.status, { timeout: 20_000 }).toBe('working');
  expect((await handoffOf('bo@two.example'))?.evidence).toBe('email: replied, seen by mailbox');
  expect(await askOracles(database.pool)).toEqual([]);
  expect(mistakes).toEqual([]);
});

test('without a scope to act, or without a key, nothing is taken', async () => {
  const refused = await fetch(`${server.url}/v1/activities`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"activities":[]}',
  });
  expect(refused.status).toBe(401);
  const empty = await post('/v1/activities', { activities: [] });
  expect(empty.status).toBe(422);
  const nameless = await post('/v1/activities', {
    activities: [{ externalId: 'n', channel: 'call', outcome: 'connected' }],
  });
  expect(nameless).toMatchObject({ status: 422, json: { code: 'invalid_field' } });
});
