import { connect } from 'node:net';
import { expect } from 'vitest';
import type { BadInput } from './catalogue.ts';
import { authOf, count, pathOf, sendCase } from './sendCase.ts';
import { ask, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

/** Sends it as it stands, expects its status and code, and that nothing was stored. */
const refused =
  (code: string): Run =>
  async (server, bad) => {
    const before = [await count(server, 'event'), await count(server, 'quarantine')];
    const { json } = await sendCase(server, bad);
    expect(json.code).toBe(code);
    expect([await count(server, 'event'), await count(server, 'quarantine')]).toEqual(before);
  };

const validEvent = (over: object = {}): Record<string, unknown> => ({
  type: 'track',
  messageId: `bad-${Math.round(performance.now() * 1e6)}`,
  anonymousId: 'a1',
  event: 'Pricing Viewed',
  properties: {},
  timestamp: new Date().toISOString(),
  ...over,
});

/** A valid event of exactly this many bytes. */
const padTo = (bytes: number): string => {
  const bare = JSON.stringify(validEvent({ properties: { pad: '' } }));
  return bare.replace('"pad":""', `"pad":"${'x'.repeat(bytes - bare.length)}"`);
};

/** Each case of the area by its id. */
export const RUN_HTTP: { readonly [caseId: string]: Run } = {
  'HTTP-01': refused('malformed_json'),
  'HTTP-02': refused('malformed_json'),
  'HTTP-04': async (server, bad) => {
    const { json } = await sendCase(server, bad, { body: Buffer.from(String(bad.send.gen?.['text']), 'utf16le') });
    expect(json.code).toBe('malformed_json');
  },
  'HTTP-05': async (server, bad) => {
    // the same message id would be a repetition of another run's
    const { json } = await sendCase(server, bad, {
      body: JSON.stringify({ ...(bad.send.json as object), messageId: 'nul-1' }),
    });
    expect(json.receipts[0]).toMatchObject({ outcome: 'accepted', warnings: ['invalid_character'] });
    const batch = JSON.stringify({
      batch: [validEvent(), { ...(bad.send.json as object), messageId: 'nul-2' }, validEvent()],
    });
    const neighbours = await sendCase(server, bad, { path: '/v1/batch', body: batch });
    expect(neighbours.json).toMatchObject({ accepted: 3 });
    const kept = await server.database.pool.query<{ name: string; properties: string }>(
      `select name, properties from event where name = 'ab'`,
    );
    expect(kept.rows.map((row) => JSON.parse(row.properties))).toEqual([{ k: 'v' }, { k: 'v' }]);
  },
  'HTTP-07': async (server, bad) => {
    const { json } = await sendCase(server, bad, { body: '['.repeat(100_000) });
    expect(json.code).toBe('too_deep');
    const closed = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await sendCase(server, bad, { body: closed })).json.code).toBe('too_deep');
    const batch = `{"batch":[${'{"a":'.repeat(60)}1${'}'.repeat(60)},${JSON.stringify(validEvent())}]}`;
    const kept = await ask(server, '/v1/batch', { method: 'POST', headers: authOf(server, bad), body: batch });
    expect(
      kept.json.receipts.map((receipt: { code?: string; outcome: string }) => receipt.code ?? receipt.outcome),
    ).toEqual(['too_deep', 'accepted']);
  },
  'HTTP-08': async (server, bad) => {
    const body = `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join(',')}}`;
    expect((await sendCase(server, bad, { body })).json.code).toBe('payload_too_large');
  },
  'HTTP-10': async (server, bad) => {
    const { json } = await sendCase(server, bad, { body: padTo(32_768) });
    expect(json.accepted).toBe(1);
    const over = await ask(server, pathOf(bad), { method: 'POST', headers: authOf(server, bad), body: padTo(32_769) });
    expect([over.status, over.json.code]).toEqual([413, 'event_too_large']);
  },
  'HTTP-11': async (server, bad) => {
    const before = await count(server, 'event');
    const batch = JSON.stringify({ batch: [validEvent()], pad: '' });
    const body = batch.replace('"pad":""', `"pad":"${'x'.repeat(512_001 - batch.length)}"`);
    expect(body).toHaveLength(512_001);
    expect((await sendCase(server, bad, { body })).json.code).toBe('batch_too_large');
    expect(await count(server, 'event')).toBe(before);
  },
  'HTTP-13': refused('unsupported_encoding'),
  'HTTP-14': refused('unsupported_media_type'),
  'HTTP-16': refused('unsupported_media_type'),
  'HTTP-17': async (server, bad) => {
    const { json, text } = await sendCase(server, bad);
    expect(json.code).toBe('unsupported_media_type');
    expect(text).not.toContain('root:');
  },
  'HTTP-19': async (server, bad) => {
    const { json } = await sendCase(server, bad);
    expect(json.receipts[0]).toMatchObject({ outcome: 'accepted', warnings: ['unsafe_key'] });
    const stored = await server.database.pool.query<{ properties: string }>(
      `select properties from event where contact_id = (select contact_id from identity_key where kind = 'user' and value = 'u1')`,
    );
    expect(stored.rows.map((row) => row.properties).join()).not.toMatch(/polluted|__proto__/);
    expect(
      (
        await ask(server, '/v1/track', {
          method: 'POST',
          headers: authOf(server, bad),
          body: JSON.stringify(validEvent()),
        })
      ).status,
    ).toBe(200);
  },
  'HTTP-20': async (server, bad) => {
    expect((await sendCase(server, bad)).json.code).toBe('invalid_parameter');
    const form = `${new URLSearchParams({ email: 'p@a.example', __proto__x: '1' }).toString()}&__proto__[polluted]=1&constructor[prototype][role]=admin&__proto__=1`;
    const sent = await ask(server, '/forms/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    });
    expect(sent.status).toBe(200);
    expect(({} as { role?: string }).role).toBeUndefined();
  },
  'HTTP-22': async (server, bad) => {
    const answer = await raw(
      server,
      'TRACE / HTTP/1.1\r\nHost: localhost\r\nX-Canary: canary-22\r\nConnection: close\r\n\r\n',
    );
    expect(bad.expected.status).toContain(statusOf(answer));
    expect(answer).not.toContain('canary-22');
    expect([405, 501]).toContain((await ask(server, '/', { method: 'PROPFIND' })).status);
  },
  'HTTP-23': async (server, bad) => {
    const before = await count(server, 'contact');
    const path = pathOf(bad, { '{contactA}': '1' });
    await sendCase(server, bad, { path });
    expect(await count(server, 'contact')).toBe(before);
  },
  'HTTP-25': async (server, bad) => {
    const sockets = Array.from({ length: 100 }, () => slow(server));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const started = performance.now();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(500);
    for (const { answer, tookMs } of await Promise.all(sockets)) {
      expect(tookMs).toBeLessThan(15_000);
      expect(bad.expected.status).toContain(statusOf(answer));
    }
  },
  'HTTP-26': async (server, bad) => {
    const answer = await raw(
      server,
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'x'.repeat(65_536)}\r\n\r\n`,
    );
    expect(bad.expected.status).toContain(statusOf(answer));
    expect(answer).toContain('"code":"headers_too_large"');
  },
  'HTTP-28': async (server, bad) => {
    const statuses: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      const { status } = await sendCase(server, bad, {
        body: JSON.stringify(index % 2 === 0 ? { key: `guess-${index}` } : { email: 'a@b.example', password: 'guess' }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${index}` },
      });
      statuses.push(status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.slice(30)).toEqual(Array(30).fill(429));
  },
  'HTTP-29': async (server, bad) => {
    for (const path of [
      bad.send.path,
      '/..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%5c..%5cpackage.json',
      '/%00',
    ]) {
      const answer = await raw(server, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(bad.expected.status).toContain(statusOf(answer));
      expect(answer).not.toMatch(/root:|"private"/);
    }
  },
  'HTTP-31': refused('invalid_parameter'),
  'HTTP-32': refused('invalid_sort'),
  'HTTP-34': async (server) => {
    // browsers' preflight of a path that offers nothing to other origins; a refusal of any kind is as good as 204 without grants
    const { headers, status } = await ask(server, '/api/v1/me', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect([204, 403]).toContain(status);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  },
  'HTTP-35': async (server, bad) => {
    const statuses = async () =>
      (
        await server.database.pool.query<{ id: number; status: string; updated_at: number }>(
          'select id, status, updated_at from handoff order by id',
        )
      ).rows;
    const before = await statuses();
    const { json } = await sendCase(server, bad, { path: pathOf(bad, { '{handoffA}': String(before[0]?.id ?? 1) }) });
    expect(json.code).toBe('cross_site');
    expect(await statuses()).toEqual(before);
  },
};

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

const raw = (server: TestServer, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.setTimeout(5_000, () => socket.destroy());
  });

/** Sends its head a byte every 5 s and never ends it. */
const slow = (server: TestServer): Promise<{ readonly answer: string; readonly tookMs: number }> =>
  new Promise((resolve) => {
    const started = performance.now();
    const head = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
    let sent = 1;
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(head[0] as string));
    const timer = setInterval(() => socket.write(head[sent++ % head.length] as string), 5_000);
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ answer, tookMs: performance.now() - started });
    });
  });
