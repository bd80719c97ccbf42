import { expect } from 'vitest';
import { signIn, type TestAccount } from '../../apps/server/src/access/accountFixture.ts';
import type { BadInput } from './catalogue.ts';
import { pathOf, sendCase } from './sendCase.ts';
import { type Answered, ask, type TestServer } from './testServer.ts';

type Run = (server: TestServer, bad: BadInput) => Promise<void>;

/** Two reps of the company with a lead each, and the first one's session. */
type Two = {
  readonly rep: TestAccount;
  readonly contactOfRepB: string;
  readonly handoffOfRepB: string;
  readonly own: string;
};

const asServer = (server: TestServer) => ({
  authorization: `Bearer ${server.secretKey}`,
  'content-type': 'application/json',
});

const lead = async (server: TestServer, email: string, as: number): Promise<{ contact: number; handoff: number }> => {
  await ask(server, '/api/v1/events', {
    method: 'POST',
    headers: asServer(server),
    body: JSON.stringify({ batch: [{ type: 'identify', userId: email, traits: { email } }] }),
  });
  const { rows } = await server.database.pool.query<{ id: number }>('select id from contact where email = $1', [email]);
  const contact = rows[0]?.id ?? 0;
  const made = await ask(server, `/api/v1/contacts/${contact}/own-lead`, {
    method: 'POST',
    headers: asServer(server),
    body: JSON.stringify({ as, note: 'theirs' }),
  });
  return { contact, handoff: made.json.handoffId as number };
};

let made: Promise<Two> | null = null;
const two = (server: TestServer): Promise<Two> => {
  made ??= (async () => {
    const { rows } = await server.database.pool.query<{ id: number; email: string }>(
      'select id, email from rep where active order by id limit 2',
    );
    const [a, b] = rows;
    const own = await lead(server, 'mine@firm-a.example', a?.id ?? 0);
    const theirs = await lead(server, 'theirs@firm-b.example', b?.id ?? 0);
    const rep = await signIn(server.database, ['rep'], { email: a?.email ?? '' });
    return {
      rep,
      own: String(own.handoff),
      contactOfRepB: String(theirs.contact),
      handoffOfRepB: String(theirs.handoff),
    };
  })();
  return made;
};
const bind = (bad: BadInput, { contactOfRepB, handoffOfRepB }: Two): string =>
  pathOf(bad, { '{contactOfRepB}': contactOfRepB, '{handoffOfRepB}': handoffOfRepB });

const az01: Run = async (server, bad) => {
  const both = await two(server);
  const { headers } = both.rep;
  await sendCase(server, bad, { path: bind(bad, both), headers });
  const missing = await ask(server, '/api/v1/contacts/987654', { headers });
  const foreign = await ask(server, `/api/v1/contacts/${both.contactOfRepB}`, { headers });
  const sayOf = ({ json }: Answered) => ({ ...json, requestId: '', detail: json.detail.replace(/\d+/, 'N') });
  expect(sayOf(foreign)).toEqual(sayOf(missing));
  for (const path of [
    `/api/v1/handoffs/${both.handoffOfRepB}`,
    `/api/v1/handoffs/${both.handoffOfRepB}/actions`,
    `/api/v1/handoffs/${both.handoffOfRepB}/why-not/1`,
  ])
    expect([path, (await ask(server, path, { headers })).status]).toEqual([path, 404]);
  for (const path of [
    '/api/v1/contacts',
    '/api/v1/contacts?sort=-created',
    '/api/v1/handoffs',
    '/api/v1/handoffs?search=theirs',
    `/api/v1/handoffs?ids=${both.handoffOfRepB}`,
    '/api/v1/tasks',
    '/api/v1/notices',
  ]) {
    const { status, text } = await ask(server, path, { headers });
    expect([path, status, text.includes('firm-b'), text.includes('theirs@')]).toEqual([path, 200, false, false]);
  }
  // what exports, lists of everybody and the office's views are not a rep's at all
  for (const path of [
    '/api/v1/deliveries',
    '/api/v1/quarantine',
    '/api/v1/leaks',
    '/api/v1/activities',
    '/api/v1/accounts',
  ])
    expect([path, (await ask(server, path, { headers })).status]).toEqual([path, 403]);
  const stream = await fetch(`${server.url}/api/v1/live?after=0-0`, { headers });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  for (const until = Date.now() + 1_500; Date.now() < until; ) {
    const part = await Promise.race([reader?.read(), new Promise<null>((done) => setTimeout(() => done(null), 300))]);
    if (part?.done === true) break;
    heard += part?.value ?? '';
  }
  await reader?.cancel();
  expect(heard).toContain('event: ');
  expect(heard).not.toContain(`"contactId":${both.contactOfRepB}`);
  expect(heard).not.toContain('firm-b');
};

const az02: Run = async (server, bad) => {
  const both = await two(server);
  const state = async () =>
    (
      await server.database.pool.query<{ sum: string }>(
        `select md5(string_agg(h::text, '' order by h.id)) || (select md5(string_agg(c::text, '' order by c.id)) from contact c)
           || (select count(*) from decision) || (select count(*) from task) as sum from handoff h`,
      )
    ).rows[0]?.sum;
  const before = await state();
  await sendCase(server, bad, { path: bind(bad, both), headers: both.rep.headers });
  for (const [act, body] of [
    ['reject', { reason: 'bad-fit' }],
    ['park', { until: '2030-01-01T09:00:00Z' }],
    ['log-contact', { channel: 'call', outcome: 'connected' }],
    ['hand-back', { reason: 'away' }],
    ['undo', {}],
  ] as const) {
    const { status } = await ask(server, `/api/v1/handoffs/${both.handoffOfRepB}/${act}`, {
      method: 'POST',
      headers: { ...both.rep.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([act, status]).toEqual([act, 404]);
  }
  expect(await state()).toBe(before);
};

const az04: Run = async (server, bad) => {
  const marketing = await signIn(server.database, ['marketing']);
  const { json } = await sendCase(server, bad, { headers: marketing.headers });
  expect(json).toMatchObject({ code: 'forbidden', at: 'integrations.edit' });
  expect((await server.database.pool.query('select 1 from webhook')).rowCount).toBe(0);
};

const az05: Run = async (server, bad) => {
  for (const headers of [{ 'x-tenant-id': 'B' }, { 'x-tenant-id': '' }, { 'x-tenant-id': 'A', host: 'b.example' }]) {
    const { status } = await ask(server, pathOf(bad), { headers: headers as Record<string, string> });
    expect([400, 401]).toContain(status);
  }
};

const az07: Run = async (server) => {
  const admin = await signIn(server.database, ['admin'], { email: 'shared@corp.example', name: 'Sal Shared' });
  const accounts = async () => (await server.database.pool.query('select * from account order by id')).rows;
  const before = await accounts();
  const shared = await lead(server, 'shared@corp.example', 1);
  await ask(server, '/api/v1/events', {
    method: 'POST',
    headers: asServer(server),
    body: JSON.stringify({
      batch: [
        {
          type: 'identify',
          userId: 'shared@corp.example',
          traits: { email: 'admin@corp.example', name: 'Mallory', role: 'admin' },
        },
      ],
    }),
  });
  const other = await lead(server, 'absorbed@corp.example', 1);
  const merged = await ask(server, '/api/v1/contacts/merge', {
    method: 'POST',
    headers: { ...admin.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ survivorId: other.contact, loserId: shared.contact }),
  });
  expect(merged.status).toBe(200);
  expect(await accounts()).toEqual(before);
  expect((await ask(server, '/api/v1/me', { headers: admin.headers })).json).toMatchObject({
    email: 'shared@corp.example',
    name: 'Sal Shared',
    roles: ['admin'],
  });
};

/** Each case of the area `authz` by its id. */
export const RUN_AUTHZ: { readonly [caseId: string]: Run } = {
  'AZ-01': az01,
  'AZ-02': az02,
  'AZ-04': az04,
  'AZ-05': az05,
  'AZ-07': az07,
};
