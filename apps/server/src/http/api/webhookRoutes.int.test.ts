import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { offeringPolicy } from '../../intake/intakeFixture.ts';
import { addDeliveries, testBox } from '../../outbox/outboxFixture.ts';
import { LOOPBACK_RULES, loopbackFetch, type Receiver, startReceiver } from '../../outbox/receiverFixture.ts';
import { makeWebhookSender } from '../../outbox/webhookSender.ts';
import { type Ask, startApi, type TestApi } from './apiFixture.ts';
import { registerDeliveryRoutes } from './deliveryRoutes.ts';
import { registerWebhookRoutes } from './webhookRoutes.ts';

let database: TestDatabase;
let ask: Ask;
let reader: string;
let receiver: Receiver;
let made: TestApi;

beforeAll(async () => {
  made = await startApi(offeringPolicy(), ['webhooks:write', 'deliveries:read']);
  ({ database, ask, reader } = made);
  receiver = await startReceiver();
  const webhookSender = makeWebhookSender({ pool: database.pool, fetch: loopbackFetch, now: Date.now, box: testBox });
  registerWebhookRoutes(made.app, { ...made.api, callRules: LOOPBACK_RULES, webhookSender, box: testBox });
  registerDeliveryRoutes(made.app, made.api);
});
afterAll(async () => {
  await receiver.stop();
  await made.stop();
});

test('a webhook is added, shown without its secret, changed, tested, given a new secret and removed', async () => {
  const added = await ask('POST', '/webhooks', { name: 'crm', url: `${receiver.url}/crm?token=hidden` });
  expect(added).toMatchObject({
    status: 201,
    json: {
      secret: expect.stringMatching(/^whsec_[\w+/=]{44}$/),
      webhook: { types: ['*'], payload: 'thin', failures: 0 },
    },
  });
  const { id } = added.json.webhook;
  const path = `/webhooks/${id}`;
  const listed = await ask('GET', '/webhooks');
  expect([listed.json.rows.length, JSON.stringify(listed.json).includes('whsec_')]).toEqual([1, false]);
  expect(await ask('POST', path, { types: ['handoff.*'], payload: 'full' })).toMatchObject({
    status: 200,
    json: { types: ['handoff.*'], payload: 'full', disabledAt: null },
  });
  const tested = await ask('POST', `${path}/test`);
  expect(tested).toMatchObject({ status: 200, json: { ok: true } });
  expect(tested.json.transcript).not.toContain('hidden');
  expect(await ask('GET', `/deliveries/${tested.json.deliveryId}`)).toMatchObject({
    status: 200,
    json: { state: 'sent', about: 'webhook.test', log: [{ n: 1, outcome: 'sent' }] },
  });
  const rotated = await ask('POST', `${path}/rotate`, { overlapHours: 1 });
  expect(rotated.json.secret).not.toBe(added.json.secret);
  expect(rotated.json.webhook.oldSecretUntil).not.toBeNull();
  expect(await ask('POST', path, { enabled: false })).toMatchObject({ json: { disabledReason: 'by hand' } });
  expect(await ask('POST', path, { enabled: true })).toMatchObject({
    json: { disabledAt: null, disabledReason: null },
  });
  expect((await ask('DELETE', path)).status).toBe(204);
  expect((await ask('DELETE', path)).status).toBe(404);
  expect((await ask('GET', '/webhooks')).json.rows).toEqual([]);
});

test('what can’t be is refused, and says why', async () => {
  const url = `${receiver.url}/a`;
  for (const [body, status, code] of [
    [{ name: 'a', url: 'https://169.254.169.254/' }, 422, 'url_not_allowed'],
    [{ name: 'a', url: 'not an address' }, 422, 'url_not_allowed'],
    [{ name: 'a', url, types: ['handoff.exploded'] }, 422, 'invalid_field'],
    [{ name: 'a', url, types: [] }, 422, 'invalid_field'],
    [{ name: '', url }, 422, 'invalid_field'],
    [{ url }, 422, 'invalid_field'],
  ] as const)
    expect(await ask('POST', '/webhooks', body)).toMatchObject({ status, json: { code } });
  expect((await ask('POST', '/webhooks', { name: 'a', url })).status).toBe(201);
  expect(await ask('POST', '/webhooks', { name: 'A', url })).toMatchObject({
    status: 409,
    json: { code: 'conflict', detail: expect.stringContaining('"A"') },
  });
  expect(await ask('POST', '/webhooks/4711', { name: 'b' })).toMatchObject({ status: 404 });
  expect(await ask('POST', '/webhooks', { name: 'c', url }, reader)).toMatchObject({ status: 403 });
});

test('deliveries are listed by page and filter, and what was given up is sent once more', async () => {
  await database.pool.query('truncate delivery, delivery_attempt');
  await addDeliveries(
    database.pool,
    Array.from({ length: 5 }, (_, n) => ({ key: `k${n}`, repId: 1, channel: n < 2 ? ('slack' as const) : 'email' })),
  );
  await database.pool.query(
    `update delivery set state = 'dead', closed_at = 1, closed_reason = 'given up' where key in ('k0', 'k1', 'k2')`,
  );
  const first = await ask('GET', '/deliveries?limit=3');
  expect(first.json.rows.map(({ key }: { key: string }) => key)).toEqual(['k4', 'k3', 'k2']);
  const second = await ask('GET', `/deliveries?limit=3&cursor=${first.json.nextCursor}`);
  expect([second.json.rows.length, second.json.nextCursor]).toEqual([2, null]);
  expect((await ask('GET', '/deliveries?state=dead&channel=slack')).json.rows.length).toBe(2);
  expect((await ask('GET', '/deliveries?state=lost')).status).toBe(400);
  const [pending, dead] = [first.json.rows[0].id, first.json.rows[2].id];
  expect(await ask('POST', `/deliveries/${pending}/replay`)).toMatchObject({
    status: 409,
    json: { code: 'illegal_transition' },
  });
  expect(await ask('POST', `/deliveries/${dead}/replay`)).toMatchObject({ status: 200, json: { replayed: 1 } });
  expect((await ask('POST', '/deliveries/replay', {}, reader)).status).toBe(403);
  expect(await ask('POST', '/deliveries/replay', { channel: 'slack' })).toMatchObject({ json: { replayed: 2 } });
  expect(await ask('POST', '/deliveries/replay')).toMatchObject({ json: { replayed: 0 } });
  expect((await ask('GET', '/deliveries/4711')).status).toBe(404);
});

test('alerts are listed and closed once', async () => {
  await database.pool.query(
    `insert into alert (key, kind, say, count) values ('dead x', 'delivery-dead', E'Gave up\ninside', 3)`,
  );
  const { json } = await ask('GET', '/alerts');
  expect(json.rows).toMatchObject([{ kind: 'delivery-dead', say: 'Gave up', count: 3 }]);
  expect((await ask('POST', `/alerts/${json.rows[0].id}/close`)).status).toBe(204);
  expect((await ask('POST', `/alerts/${json.rows[0].id}/close`)).status).toBe(404);
  expect((await ask('GET', '/alerts')).json.rows).toEqual([]);
});
