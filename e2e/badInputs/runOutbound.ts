import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { createKey } from '../../apps/server/src/access/keys.ts';
import { createSignInLink } from '../../apps/server/src/access/signIn.ts';
import { type BadInput, variantsOf } from './catalogue.ts';
import { ask, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

const asAdmin = (server: TestServer, body?: object): RequestInit => ({
  method: body === undefined ? 'GET' : 'POST',
  headers: {
    cookie: server.cookie,
    'x-baton': '1',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

/** Something inside the house that must never be reached. */
const startCanary = async () => {
  let calls = 0;
  const server = createServer((_request, reply) => {
    calls += 1;
    reply.end('inside');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calls: () => calls,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** The address as written, by https, and with the canary's port where it names none. */
const waysOf = (variant: string, port: number): readonly string[] => {
  const [url = ''] = variant.split(' ');
  const onCanary = url.replace(/^http:\/\/([^/#]+)\//, `http://$1:${port}/`);
  return [...new Set([url, url.replace(/^http:/, 'https:'), onCanary, onCanary.replace(/^http:/, 'https:')])];
};

const ssrf01: Run = async (server, bad) => {
  const canary = await startCanary();
  try {
    let planted = 0;
    for (const variant of variantsOf(bad).map(String))
      for (const url of waysOf(variant, canary.port)) {
        const added = await ask(server, '/api/v1/webhooks', asAdmin(server, { name: `w${planted}`, url }));
        expect([url, added.status, added.json.code]).toEqual([url, 422, 'url_not_allowed']);
        // as if it had been saved before DNS changed: it is judged again when it is called
        if (!URL.canParse(url)) continue;
        planted += 1;
        const { rows } = await server.database.pool.query<{ id: number }>(
          `insert into webhook (name, url, secrets, created_by, disabled_at) values ($1, $2, '[]', 'test', 1) returning id`,
          [`planted ${planted}`, url],
        );
        const tested = await ask(server, `/api/v1/webhooks/${rows[0]?.id}/test`, {
          ...asAdmin(server),
          method: 'POST',
        });
        expect([url, tested.status, tested.json.ok]).toEqual([url, 200, false]);
      }
    expect(planted).toBeGreaterThan(50);
    expect(canary.calls()).toBe(0);
  } finally {
    canary.stop();
    await server.database.pool.query('truncate webhook, delivery, delivery_attempt');
  }
};

const ssrf05: Run = async (server) => {
  const { pool } = server.database;
  const { rows } = await pool.query<{ id: number }>(
    `insert into delivery (next_at, created_at, closed_at, attempts, key, destination, channel, about, state, subject, body, closed_reason, last_error)
     values (1, 1, 1, 1, 'planted', 'webhook 1', 'webhook', 'handoff.qualified', 'superseded', '', '', 'planted', E'POST https://x.example/: 500\nInside: redis 7.2') returning id`,
  );
  const id = rows[0]?.id;
  await pool.query(
    `insert into delivery_attempt values ($1, 1, 1, 5, 'failed', 'n', E'POST https://x.example/: 500\nInside: redis 7.2')`,
    [id],
  );
  const { token } = await createSignInLink(pool, { person: 'rita', team: 'sales' });
  const opened = await fetch(`${server.url}/?key=${token}`);
  const repCookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { key } = await createKey(pool, { name: 'reader', kind: 'secret', by: 'test' });
  for (const path of [`/api/v1/deliveries/${id}`, '/api/v1/deliveries?state=superseded']) {
    expect((await ask(server, path, asAdmin(server))).text).toContain('redis');
    const asRep = await ask(server, path, { headers: { cookie: repCookie } });
    expect([asRep.status, asRep.text.includes('redis'), asRep.text.includes('500')]).toEqual([200, false, true]);
    expect((await ask(server, path, { headers: { authorization: `Bearer ${key}` } })).text).not.toContain('redis');
  }
  expect((await ask(server, '/api/v1/webhooks', { headers: { cookie: repCookie } })).status).toBe(403);
  await pool.query('truncate delivery, delivery_attempt');
};

/** Runs of the area `ssrf`. */
export const RUN_SSRF: { readonly [caseId: string]: Run } = { 'SSRF-01': ssrf01, 'SSRF-05': ssrf05 };
