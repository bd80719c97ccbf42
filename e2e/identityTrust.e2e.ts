import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask, basic, expectSound, startTestServer, type TestServer } from './badInputs/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => expectSound(server));
afterAll(() => server.stop());

const send = async (key: string, ...batch: object[]) => {
  const answered = await ask(server, '/v1/batch', {
    method: 'POST',
    headers: { authorization: basic(key) },
    body: JSON.stringify({ batch }),
  });
  return answered.json;
};

const homeOf = async (kind: string, value: string): Promise<number | undefined> =>
  (
    await server.database.pool.query<{ id: number }>(
      `select coalesce(r.survivor_id, k.contact_id) as id from identity_key k
       left join contact_redirect r on r.contact_id = k.contact_id where k.kind = $1 and k.value = $2`,
      [kind, value],
    )
  ).rows[0]?.id;

test('a public key joins a visitor to a person, but never two people', async () => {
  await send(server.secretKey, { type: 'identify', userId: 'anna', traits: { email: 'anna@one.example' } });
  await send(server.secretKey, { type: 'identify', userId: 'bert', traits: { email: 'bert@two.example' } });
  await send(
    server.writeKey,
    { type: 'page', anonymousId: 'visitor-77' },
    { type: 'identify', anonymousId: 'visitor-77', userId: 'anna' },
  );
  expect(await homeOf('anonymous', 'visitor-77')).toBe(await homeOf('user', 'anna'));
  const tried = await send(
    server.writeKey,
    { type: 'alias', previousId: 'anna', userId: 'bert' },
    { type: 'identify', userId: 'anna', traits: { email: 'bert@two.example' } },
    { type: 'identify', anonymousId: 'visitor-77', userId: 'bert' },
  );
  expect(tried.accepted + tried.quarantined).toBe(3);
  expect(await homeOf('user', 'anna')).not.toBe(await homeOf('user', 'bert'));
  expect(await homeOf('email', 'bert@two.example')).toBe(await homeOf('user', 'bert'));
});

test('a repetition inside one batch is a duplicate, another payload under the same id is set aside', async () => {
  const one = { type: 'track', userId: 'carl', event: 'Read', messageId: 'same' };
  const { receipts } = await send(
    server.writeKey,
    one,
    one,
    { ...one, event: 'Demo Requested' },
    { ...one, messageId: 'next' },
  );
  expect(receipts.map((receipt: { outcome: string }) => receipt.outcome)).toEqual([
    'accepted',
    'duplicate',
    'quarantined',
    'accepted',
  ]);
});

test('what is claimed in public never replaces what is known better, in either order', async () => {
  await send(server.writeKey, {
    type: 'identify',
    userId: 'dora',
    traits: { email: 'dora@four.example', title: 'Queen', phone: '+1 900' },
  });
  await send(server.secretKey, { type: 'identify', userId: 'dora', traits: { title: 'Buyer', phone: '+49 30 1' } });
  await send(server.writeKey, { type: 'identify', userId: 'dora', traits: { title: 'Queen again', phone: '+1 901' } });
  const contact = await ask(server, `/api/v1/contacts/${await homeOf('user', 'dora')}`, {
    headers: { cookie: server.cookie },
  });
  const facts = Object.fromEntries(
    contact.json.facts.map((fact: { path: string; value: unknown; trust: string }) => [
      fact.path,
      [fact.value, fact.trust],
    ]),
  );
  expect(facts['contact.title']).toEqual(['Buyer', 'server']);
  expect(facts['contact.phone']).toEqual(['+49 30 1', 'server']);
});

test('a form with its token hands off what a public key may not, and its acts are answered to whoever is second', async () => {
  const described = await ask(server, '/api/v1/forms', {
    method: 'POST',
    headers: { cookie: server.cookie, 'x-baton': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'demo', name: 'Demo', settings: { event: 'Demo Requested' } }),
  });
  expect(described.status).toBe(200);
  const { token } = (await ask(server, '/forms/demo/token')).json;
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const fields = new URLSearchParams({ email: 'emil@five.example', first_name: 'Emil', baton_token: token });
  const sent = await ask(server, '/forms/demo', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: fields.toString(),
  });
  expect(sent.json.success).toBe(true);
  const contactId = await homeOf('email', 'emil@five.example');
  const handoff = (
    await server.database.pool.query<{ id: number; status: string; owner_id: number }>(
      'select id, status, owner_id from handoff where contact_id = $1',
      [contactId],
    )
  ).rows[0];
  expect(handoff).toMatchObject({ status: 'open' });
  const act = (name: string, body: object, headers: Record<string, string> = {}) =>
    ask(server, `/api/v1/handoffs/${handoff?.id}/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.secretKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  expect(await act('accept', { as: handoff?.owner_id })).toMatchObject({
    status: 409,
    json: { code: 'conflict', by: expect.any(String) },
  });
  const logged = { as: handoff?.owner_id, channel: 'call', outcome: 'connected' };
  const once = await act('log-contact', logged, { 'idempotency-key': 'call-1' });
  expect(once.json).toMatchObject({ handoffId: handoff?.id, contactId, outcome: 'worked' });
  const again = await act('log-contact', logged, { 'idempotency-key': 'call-1' });
  expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([once.json, 'true']);
  expect(await act('reject', { as: handoff?.owner_id, reason: 'no-such-reason' })).toMatchObject({
    status: 422,
    json: { code: 'invalid_field' },
  });
  expect(await act('log-contact', { ...logged, outcome: 'telepathy' })).toMatchObject({
    status: 422,
    json: { code: 'invalid_field' },
  });
  const attempts = await server.database.pool.query('select 1 from decision where contact_id = $1 and outcome = $2', [
    contactId,
    'worked',
  ]);
  expect(attempts.rowCount).toBe(1);
  expect(
    await ask(server, '/api/v1/handoffs/99999999/accept', {
      method: 'POST',
      headers: { cookie: server.cookie, 'x-baton': '1' },
    }),
  ).toMatchObject({ status: 404 });
});
