import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePolicyLoader } from '../../agreement/activePolicy.ts';
import { makeActionToken, TOKEN_MAX_MS } from '../../channels/actionToken.ts';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { makeServer } from '../httpFixture.ts';
import { registerActionRoutes } from './actionRoutes.ts';

let database: TestDatabase;
let node: Node;
let app: FastifyInstance;
let now = Date.now();
const secret = Buffer.alloc(32, 3);

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  app = makeServer();
  registerActionRoutes(app, {
    pool: database.pool,
    acts: node.acts,
    links: { publicUrl: 'http://localhost:4600', secret },
    loadActivePolicy: makePolicyLoader().loadActivePolicy,
    now: () => now,
  });
});
afterAll(async () => {
  await app.close();
  await node.intake.stop();
  await database.drop();
});

const lead = async (email: string) => {
  await node.intake.submit([makeDemoRequest(email)]);
  const { rows } = await database.pool.query<{ id: number; owner_id: number }>(
    'select h.id, h.owner_id from handoff h join contact c on c.id = h.contact_id where c.email = $1 order by h.id desc',
    [email],
  );
  const { id: handoffId = 0, owner_id: repId = 0 } = rows[0] ?? {};
  const token = makeActionToken({ handoffId, repId, deliveryId: 1, madeAt: now }, secret);
  return { handoffId, repId, token };
};
const get = (url: string, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: { host: 'localhost' } });
const post = (url: string, fields: { readonly [name: string]: string }) =>
  app.inject({
    method: 'POST',
    url,
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
const statusOf = async (id: number) =>
  (await database.pool.query<{ status: string }>('select status from handoff where id = $1', [id])).rows[0]?.status;

test('opening a link shows the lead and changes nothing, however often and by whatever method a scanner does it', async () => {
  const { handoffId, token } = await lead('ann@one.example');
  for (const url of [`/act/${token}`, `/act/${token}?do=accept`, `/act/${token}?do=reject&reason=spam`]) {
    const page = await get(url);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Name of ann@one.example');
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    await get(url, 'HEAD');
  }
  expect(await statusOf(handoffId)).toBe('offered');
  expect((await get(`/act/${token}?do=reject`)).body).toContain('<details open><summary>Reject');
});

test('posting the form acts in the name of the rep of the link, and the page becomes the record', async () => {
  const { handoffId, repId, token } = await lead('bob@two.example');
  const done = await post(`/act/${token}`, { do: 'accept' });
  expect([done.statusCode, done.headers.location]).toEqual([303, `/act/${token}`]);
  expect(await statusOf(handoffId)).toBe('open');
  const { rows } = await database.pool.query<{ by: string }>(
    `select by from timeline where handoff_id = $1 and kind = 'accepted'`,
    [handoffId],
  );
  expect(rows[0]?.by).toBe(`rep:${repId}`);
  const page = (await get(`/act/${token}`)).body;
  expect(page).toContain('Accepted by you');
  expect(page).not.toContain('Accept this lead');
  const again = await post(`/act/${token}`, { do: 'accept' });
  expect(again.statusCode).toBe(409);
  expect(again.body).toContain('role="alert"');
});

test('what was just done can be undone by a form on the page, not by opening it, and says when it is too late', async () => {
  const { handoffId, token } = await lead('una@undo.example');
  expect((await get(`/act/${token}`)).body).not.toContain('value="undo"');
  await post(`/act/${token}`, { do: 'reject', reason: 'no-intent' });
  expect((await get(`/act/${token}?do=undo`)).body).toMatch(/value="undo"><button type="submit">Undo \(for \d+ s\)/);
  expect(await statusOf(handoffId)).toBe('rejected');
  const undone = await post(`/act/${token}`, { do: 'undo' });
  expect([undone.statusCode, undone.headers.location]).toEqual([303, `/act/${token}`]);
  expect(await statusOf(handoffId)).toBe('offered');
  const page = (await get(`/act/${token}`)).body;
  expect(page).toContain('Accept this lead');
  expect(page).not.toContain('value="undo"');

  await post(`/act/${token}`, { do: 'accept' });
  await database.pool.query(
    `update act_undo set act = jsonb_set(act::jsonb, '{at}', to_jsonb((act::json->>'at')::int8 - 11000))::text`,
  );
  expect((await get(`/act/${token}`)).body).not.toContain('value="undo"');
  const late = await post(`/act/${token}`, { do: 'undo' });
  expect(late.statusCode).toBe(409);
  expect(late.body).toMatch(/role="alert">Undo: .*(10 s|ten seconds|too late|any more)/i);
  expect(await statusOf(handoffId)).toBe('open');
});

test('a lead that somebody else took says who has it', async () => {
  const { handoffId, repId, token } = await lead('cid@three.example');
  const other = repId === 1 ? 2 : 1;
  await node.acts.act(
    { handoffId },
    { kind: 'manager-acted', by: { kind: 'person', name: 'Mo', team: 'sales' }, act: { do: 'assign', to: other } },
  );
  const page = await get(`/act/${token}`);
  expect(page.body).toContain(`Rep ${other}`);
  expect(page.body).not.toContain('<form');
  const refused = await post(`/act/${token}`, { do: 'reject', reason: 'bad-fit' });
  expect(refused.statusCode).toBe(409);
  expect(refused.body).toContain(`Rep ${other}`);
});

test('rejecting needs one of the reasons of the policy, putting off needs a day ahead; what is missing is said on the page', async () => {
  const { handoffId, token } = await lead('dot@four.example');
  expect((await get(`/act/${token}`)).body).toContain('value="no-intent"');
  expect((await post(`/act/${token}`, { do: 'reject' })).body).toContain('Choose a reason first');
  expect((await post(`/act/${token}`, { do: 'reject', reason: 'made-up' })).statusCode).toBe(409);
  for (const until of ['', '2026-13-40', 'soon', '2020-01-01', '99999-01-01'])
    expect((await post(`/act/${token}`, { do: 'park', until })).statusCode).toBeGreaterThanOrEqual(400);
  expect((await post(`/act/${token}`, { do: 'destroy' })).statusCode).toBe(422);
  expect(await statusOf(handoffId)).toBe('offered');
  const day = new Date(now + 20 * 86_400_000).toISOString().slice(0, 10);
  expect((await post(`/act/${token}`, { do: 'park', until: day, detail: 'after the fair' })).statusCode).toBe(303);
  const { rows } = await database.pool.query<{ due_at: number }>(
    `select due_at from handoff_clock where handoff_id = $1 and kind = 'return'`,
    [handoffId],
  );
  expect(new Date(rows[0]?.due_at ?? 0).toISOString()).toBe(`${day}T09:00:00.000Z`);
  const rejected = await lead('eli@five.example');
  await post(`/act/${rejected.token}`, { do: 'reject', reason: 'no-intent', detail: '<script>alert(1)</script>' });
  expect(await statusOf(rejected.handoffId)).toBe('rejected');
  expect((await get(`/act/${rejected.token}`)).body).toContain('Rejected: no intent');
});

test('a token is bound to its rep and handoff, ages, and cannot be made by others', async () => {
  const { handoffId, repId, token } = await lead('fox@six.example');
  const parts = token.split('.');
  const forged = [
    'x',
    token.slice(0, -1),
    `${token}A`,
    ['zz', ...parts.slice(1)].join('.'),
    [parts[0], '9', ...parts.slice(2)].join('.'),
    makeActionToken({ handoffId, repId, deliveryId: 1, madeAt: now }, Buffer.alloc(32, 4)),
  ];
  for (const wrong of forged) {
    expect((await get(`/act/${wrong}`)).statusCode).toBe(404);
    expect((await post(`/act/${wrong}`, { do: 'accept' })).statusCode).toBe(404);
  }
  now += TOKEN_MAX_MS + 1;
  const old = await get(`/act/${token}`);
  expect([old.statusCode, (await post(`/act/${token}`, { do: 'accept' })).statusCode]).toEqual([410, 410]);
  expect(old.body).toContain(`/handoffs/${handoffId}`);
  now -= TOKEN_MAX_MS + 1;
  expect(await statusOf(handoffId)).toBe('offered');
});

test('what a contact calls itself is inert on the page', async () => {
  const { token, handoffId } = await lead('gil@seven.example');
  await database.pool.query(
    `update contact set name = '<img src=x onerror=alert(1)>"''' where id = (select contact_id from handoff where id = $1)`,
    [handoffId],
  );
  const { body } = await get(`/act/${token}`);
  expect(body).not.toContain('<img');
  expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;');
});

test('one click of a mail program switches mails off, the page switches them on, and opening it does neither', async () => {
  const { repId, token } = await lead('hal@eight.example');
  const off = async () =>
    (await database.pool.query(`select 1 from channel_off where rep_id = $1 and channel = 'email'`, [repId])).rowCount;
  expect((await get(`/act/${token}/off`)).body).toContain('No more e-mails of this kind');
  expect(await off()).toBe(0);
  expect((await post(`/act/${token}/off`, { 'List-Unsubscribe': 'One-Click' })).statusCode).toBe(200);
  expect(await off()).toBe(1);
  expect((await post(`/act/${token}/off`, { to: 'on' })).body).toContain('E-mails about leads');
  expect(await off()).toBe(0);
});
