import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKey, revokeKey } from '../access/keys.ts';
import { createSignInLink } from '../access/signIn.ts';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import type { IncomingEvent, Submit } from '../intake/incomingEvent.ts';
import { IntakeOverloaded } from '../intake/intakeOverloaded.ts';
import { makeSurfaces } from './httpFixture.ts';

let database: TestDatabase;
let app: FastifyInstance;
let url: string;
let writeKey: string;
let secretKey: string;
let taken: IncomingEvent[] = [];
const mistakes: unknown[] = [];

/** Intake's port: what reaches it is looked at here; what it does with it is tested with the real one in e2e. */
let trouble: Error | null = null;
const submit: Submit = async (batch) => {
  if (trouble !== null) throw trouble;
  taken.push(...batch);
  return batch.map(() => ({ outcome: 'accepted' as const }));
};

beforeAll(async () => {
  database = await createTestDatabase();
  writeKey = (await createKey(database.pool, { name: 'website', kind: 'write', by: 'test' })).key;
  secretKey = (await createKey(database.pool, { name: 'backend', kind: 'secret', by: 'test' })).key;
  const made = await makeSurfaces(database.pool, submit, { onMistake: (error) => mistakes.push(error) });
  app = made.app;
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`;
});
afterAll(async () => {
  await app.close();
  await database.drop();
  expect(mistakes).toEqual([]);
});
beforeEach(() => {
  taken = [];
});

const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: basic(writeKey), 'content-type': 'application/json', ...headers },
    body: body as never,
  });
const event = (over: object = {}) => ({
  type: 'track',
  messageId: `m-${Math.trunc(performance.now() * 1e6)}`,
  userId: 'u1',
  event: 'x',
  ...over,
});
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

test('an event is taken by basic auth, by writeKey in the body as text, and as gzip under a wrong type', async () => {
  expect((await post('/v1/track', JSON.stringify(event()))).status).toBe(200);
  const asText = await fetch(`${url}/v1/t`, { method: 'POST', body: JSON.stringify({ ...event(), writeKey }) });
  expect(await asText.json()).toMatchObject({ success: true, accepted: 1 });
  expect(asText.headers.get('access-control-allow-origin')).toBe('*');
  const packed = gzipSync(JSON.stringify({ batch: [event(), event()] }));
  const asForm = await post('/v1/batch', packed, { 'content-type': 'application/x-www-form-urlencoded' });
  expect(await asForm.json()).toMatchObject({ success: true, accepted: 2 });
  expect(taken).toHaveLength(4);
  expect(new Set(taken.map((one) => one.trust))).toEqual(new Set(['browser']));
});

test('one bad event costs its neighbours nothing, and each has its receipt in order', async () => {
  const batch = [
    event(),
    { type: 'track', userId: 'u1' },
    'text',
    null,
    event({ userId: 'null' }),
    event({ properties: { big: 'x'.repeat(33_000) } }),
    event(),
  ];
  const answer = (await (await post('/v1/batch', JSON.stringify({ batch }))).json()) as {
    receipts: { outcome: string; code?: string }[];
  };
  expect(answer).toMatchObject({ accepted: 2, rejected: 5 });
  expect(answer.receipts.map((receipt) => receipt.code ?? receipt.outcome)).toEqual([
    'accepted',
    'invalid_field',
    'invalid_event',
    'invalid_event',
    'identity_required',
    'event_too_large',
    'accepted',
  ]);
});

test.each<[string, string, string | Buffer, Record<string, string>, number, string]>([
  ['truncated', '/v1/track', '{"type":"track"', {}, 400, 'malformed_json'],
  ['empty', '/v1/track', '', {}, 400, 'malformed_json'],
  ['UTF-16', '/v1/track', Buffer.from('{"event":"x"}', 'utf16le'), {}, 400, 'malformed_json'],
  ['not UTF-8', '/v1/track', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), {}, 400, 'malformed_json'],
  ['100,000 deep', '/v1/track', '['.repeat(100_000), {}, 400, 'too_deep'],
  ['33 deep', '/v1/track', `{"a":${'['.repeat(33)}${']'.repeat(33)}}`, {}, 400, 'too_deep'],
  ['a batch of 500 KiB + 1', '/v1/batch', `{"batch":[]${' '.repeat(512_001 - 12)}}`, {}, 413, 'batch_too_large'],
  [
    'an event of 32 KiB + 1',
    '/v1/track',
    JSON.stringify(event({ p: '' })).replace('"p":""', `"p":"${'x'.repeat(32_769)}"`),
    {},
    413,
    'event_too_large',
  ],
  ['a bomb', '/v1/batch', gzipSync(Buffer.alloc(50_000_000)), {}, 413, 'batch_too_large'],
  ['broken gzip', '/v1/batch', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]), {}, 400, 'malformed_encoding'],
  ['an unknown encoding', '/v1/track', 'xx', { 'content-encoding': 'zstd' }, 415, 'unsupported_encoding'],
  ['two encodings', '/v1/track', 'xx', { 'content-encoding': 'gzip, gzip' }, 415, 'unsupported_encoding'],
  [
    'a type with garbage',
    '/v1/track',
    '{}',
    { 'content-type': 'application/json garbage' },
    415,
    'unsupported_media_type',
  ],
  ['a type with a tab', '/v1/track', '{}', { 'content-type': 'application/json\ta' }, 415, 'unsupported_media_type'],
  ['an image', '/v1/track', '{}', { 'content-type': 'image/png' }, 415, 'unsupported_media_type'],
  ['a wrong key', '/v1/track', '{}', { authorization: basic('nobody') }, 401, 'unauthorized'],
  ['repeated keys', '/v1/track', '{"userId":"u1","userId":"u2","event":"x"}', {}, 422, 'duplicate_key'],
  ['an array', '/v1/track', '[]', {}, 422, 'invalid_event'],
  ['a batch of nothing', '/v1/batch', '{}', {}, 422, 'invalid_event'],
])('%s is refused', async (_, path, body, headers, status, code) => {
  const response = await post(path, body, headers);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, ...problem }).toMatchObject({
    status,
    code,
    requestId: response.headers.get('x-request-id'),
  });
  expect(taken).toEqual([]);
});

test('20 MB of keys are read away and answered, not cut off', async () => {
  const body = `{${Array.from({ length: 1_000_000 }, (_, index) => `"key-${index}":1`).join(',')}}`;
  const response = await post('/v1/track', body);
  expect(response.status).toBe(413);
  expect(await codeOf(response)).toBe('payload_too_large');
});

test('an event of exactly 32 KiB and a batch of exactly 500 KiB are taken', async () => {
  const bare = JSON.stringify(event({ p: '' }));
  const full = bare.replace('"p":""', `"p":"${'x'.repeat(32_768 - bare.length)}"`);
  expect(full).toHaveLength(32_768);
  expect((await post('/v1/track', full)).status).toBe(200);
  const batch = JSON.stringify({ batch: [event()] });
  expect((await post('/v1/batch', batch + ' '.repeat(512_000 - batch.length))).status).toBe(200);
});

test('keys that would pollute are left out, characters that cannot be kept are mended, and both are told', async () => {
  const raw =
    '{"type":"identify","userId":"u1","traits":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":"x\\u0000y\\ud800","n":1e400}}';
  const answer = (await (await post('/v1/identify', raw)).json()) as { receipts: { warnings: string[] }[] };
  expect(answer.receipts[0]?.warnings.sort()).toEqual(['invalid_character', 'invalid_number', 'unsafe_key']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(Object.keys(taken[0]?.properties ?? {})).toEqual(['a', 'n']);
  expect(taken[0]?.properties).toMatchObject({ a: 'xy\ufffd', n: null });
});

test('a key that was revoked is refused within seconds', async () => {
  const { key, row } = await createKey(database.pool, { name: 'old', kind: 'secret', by: 'test' });
  const send = () =>
    fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{"batch":[]}',
    });
  expect((await send()).status).toBe(200);
  expect(await revokeKey(database.pool, row.id, 'test')).toBe(true);
  await expect.poll(async () => (await send()).status, { timeout: 6_000, interval: 200 }).toBe(401);
});

test('a write key reads nothing, a secret key reads contacts but makes no keys', async () => {
  const get = (path: string, key: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await get('/api/v1/contacts', writeKey)).status).toBe(403);
  expect((await get('/api/v1/contacts', secretKey)).status).toBe(200);
  expect((await get('/api/v1/keys', secretKey)).status).toBe(403);
  expect((await get('/api/v1/me', secretKey)).status).toBe(403);
  expect((await get('/api/v1/contacts/999999', secretKey)).status).toBe(404);
  expect((await get('/api/v1/contacts/1%20or%201', secretKey)).status).toBe(404);
  expect((await fetch(`${url}/api/v1/contacts`)).status).toBe(401);
  for (const [query, code] of [
    ['limit=1000000000', 'invalid_parameter'],
    ['limit=-1', 'invalid_parameter'],
    ['offset=-1', 'invalid_parameter'],
    ['sort=created_at;select%20pg_sleep(8)--', 'invalid_sort'],
    ['cursor=zzz', 'invalid_cursor'],
    ['__proto__[limit]=1', 'invalid_parameter'],
  ]) {
    const response = await get(`/api/v1/contacts?${query}`, secretKey);
    expect([query, response.status, await codeOf(response)]).toEqual([query, 400, code]);
  }
});

test('a link signs in once; the session acts from our own pages only and ends when it is ended', async () => {
  const { token } = await createSignInLink(database.pool);
  const opened = await fetch(`${url}/?key=${token}`, { redirect: 'manual' });
  expect(opened.status).toBe(200);
  const cookie = opened.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^baton_session=\w{32}\.[\w%]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await fetch(`${url}/?key=${token}`)).status).toBe(401);
  const pair = cookie.split(';')[0] as string;
  const me = await fetch(`${url}/api/v1/me`, { headers: { cookie: pair } });
  expect(await me.json()).toMatchObject({ name: 'admin', email: null, sees: 'everything' });
  const make = (headers: Record<string, string>, path = '/api/v1/forms', body: object = { id: 'kept', name: 'Kept' }) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { cookie: pair, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const own = { 'sec-fetch-site': 'same-origin', 'x-baton': '1' };
  expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(403);
  const evil = { origin: 'https://evil.example', 'x-baton': '1' };
  expect((await make({ ...evil, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await make(evil)).status).toBe(403);
  expect((await make({ ...own, 'content-type': 'text/plain' })).status).toBe(415);
  const made = await make({ ...own, 'idempotency-key': 'k1' });
  expect(made.status).toBe(200);
  const again = await make({ ...own, 'idempotency-key': 'k1' });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.text()).toBe(await made.text());
  const other = await make({ ...own, 'idempotency-key': 'k1' }, '/api/v1/forms', { id: 'other', name: 'Other' });
  expect([other.status, await codeOf(other)]).toEqual([409, 'idempotency_conflict']);
  const key = { name: 'k', kind: 'write' };
  const keys = [
    await make({ ...own, 'idempotency-key': 'k2' }, '/api/v1/keys', key),
    await make({ ...own, 'idempotency-key': 'k2' }, '/api/v1/keys', key),
  ];
  const secrets = await Promise.all(keys.map(async (answer) => ((await answer.json()) as { key: string }).key));
  expect(secrets[0]).not.toBe(secrets[1]);
  const kept = await database.pool.query<{ body: string }>('select body from idempotency_key');
  expect(kept.rows.map((row) => row.body).join()).not.toContain('baton_wk_');
  await fetch(`${url}/api/v1/auth/logout`, { method: 'POST', headers: { cookie: pair, 'x-baton': '1' } });
  expect((await fetch(`${url}/api/v1/me`, { headers: { cookie: pair } })).status).toBe(401);
});

test('a form can be described, and what is given later leaves the rest', async () => {
  const { token } = await createSignInLink(database.pool);
  const cookie = (await fetch(`${url}/?key=${token}`)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const describe = (body: object) =>
    fetch(`${url}/api/v1/forms`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'x-baton': '1' },
      body: JSON.stringify(body),
    });
  await describe({ id: 'demo-request', name: 'Demo', settings: { event: 'Demo Requested' } });
  const later = await describe({ id: 'demo-request', name: 'Demo', settings: { redirects: ['https://us.example'] } });
  expect(await later.json()).toMatchObject({
    settings: { event: 'Demo Requested', redirects: ['https://us.example'], fields: null },
  });
  expect((await describe({ id: '../x', name: 'x' })).status).toBe(422);
  expect((await describe({ id: 'x', name: 'x', settings: { redirects: ['javascript:alert(1)'] } })).status).toBe(422);
  const list = (await (await fetch(`${url}/api/v1/forms`, { headers: { cookie } })).json()) as {
    rows: { id: string }[];
  };
  expect(list.rows.map((row) => row.id)).toContain('demo-request');
});

test('twenty wrong sign-ins a minute from one peer, whatever it claims to be', async () => {
  const statuses: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const response = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${index}` },
      body: '{"key":"guess"}',
    });
    statuses.push(response.status);
    if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
});

test('other names than our own are not served on loopback (DNS rebinding)', async () => {
  const answer = await raw(`GET /api/v1/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalid_host"');
});

test('what is no request, or too long a head, gets its 4xx', async () => {
  expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 (400|501) /);
  expect(await raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(await raw('TRACE / HTTP/1.1\r\nHost: localhost\r\nX-Secret: s\r\nConnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 (405|501) /,
  );
  const twice = await raw(
    'POST /v1/track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  );
  expect(twice).toMatch(/^HTTP\/1\.1 400 /);
});

test('a path that exists says which methods it has; another is 404; a bad one 400', async () => {
  const wrong = await fetch(`${url}/v1/track`, { method: 'DELETE' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  expect(await raw('GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('pages carry a strict policy, the API grants nothing to other origins', async () => {
  const { headers } = await fetch(`${url}/healthz`);
  expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const asked = await fetch(`${url}/api/v1/me`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
  });
  expect([
    asked.headers.get('access-control-allow-origin'),
    asked.headers.get('access-control-allow-credentials'),
  ]).toEqual([null, null]);
});

test('the settings of a write key point browsers back here', async () => {
  const settings = (await (await fetch(`${url}/v1/projects/${writeKey}/settings`)).json()) as {
    integrations: { 'Segment.io': { apiHost: string } };
  };
  expect(settings.integrations['Segment.io'].apiHost).toBe(`${url.slice('http://'.length)}/v1`);
  expect((await fetch(`${url}/v1/projects/nobody/settings`)).status).toBe(404);
  const rudder = await fetch(`${url}/sourceConfig/?writeKey=${writeKey}`);
  expect(await rudder.json()).toMatchObject({ source: { enabled: true, destinations: [] } });
});

test('too much waiting is a 503 with Retry-After, told as nothing taken', async () => {
  trouble = new IntakeOverloaded(20_000, 20_000);
  const response = await post('/v1/batch', JSON.stringify({ batch: [event()] }));
  trouble = null;
  expect([response.status, response.headers.get('retry-after'), await codeOf(response)]).toEqual([
    503,
    '1',
    'overloaded',
  ]);
});

test('a mistake of ours is a 500 that names a request id and nothing else, and is heard', async () => {
  trouble = new Error('select secret from /srv/app.ts:1');
  const response = await post('/v1/track', JSON.stringify(event()));
  trouble = null;
  const text = await response.text();
  expect([response.status, JSON.parse(text).code]).toEqual([500, 'internal']);
  expect(text).not.toMatch(/secret|app\.ts/);
  expect(mistakes.splice(0)).toHaveLength(1);
});

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.setTimeout(5_000, () => socket.destroy());
  });
