import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmtp } from '../channels/mail/smtpFixture.ts';
import { readConfig } from '../config.ts';
import { furnish, offeringPolicy, putInForce } from '../intake/intakeFixture.ts';
import { type RunningServer, startServer } from '../startServer.ts';
import { type AccessServer, type Browser, startAccess } from './accessFixture.ts';
import { signIn, type TestAccount } from './accountFixture.ts';
import { openAccountMail } from './accountMail.ts';

const PASSWORD = 'three quiet otters';
let server: AccessServer;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let admin: Browser;

beforeAll(async () => {
  smtp = await startSmtp();
  const mail = openAccountMail({ smtpUrl: smtp.url, mailFrom: 'Baton <baton@acme.example>', mailReplyTo: null });
  server = await startAccess({ sendLink: mail?.send ?? null });
  const made = await signIn(server.database, ['admin'], { email: 'root@acme.example' });
  admin = as(made);
});
afterAll(async () => {
  await server.stop();
  await smtp.stop();
});

const as = (account: TestAccount): Browser => {
  const browser = server.browser();
  const [name = '', value = ''] = (account.headers['cookie'] ?? '').split('=');
  browser.cookies.set(name, value);
  return browser;
};
const linkIn = async (to: string): Promise<string> => {
  await expect.poll(() => smtp.mails.filter((mail) => mail.to.includes(to)).length).toBeGreaterThan(0);
  return /http:\/\/\S+#([\w-]{43})/.exec(smtp.mails.findLast((mail) => mail.to.includes(to))?.text ?? '')?.[1] ?? '';
};
const invite = (email: string, roles = ['rep']) => admin.ask('POST', '/api/v1/accounts', { email, roles });
const accept = async (email: string): Promise<Browser> => {
  const browser = server.browser();
  const body = { token: await linkIn(email), password: PASSWORD };
  expect((await browser.ask('POST', '/api/v1/auth/accept-invite', body)).status).toBe(200);
  return browser;
};

describe('accounts', () => {
  test('an invitation goes by mail, and is shown to nobody else; once more ends the link before', async () => {
    const first = await invite('ada@acme.example');
    expect([first.status, first.json.mailed, first.json.address]).toEqual([201, true, null]);
    const before = await linkIn('ada@acme.example');
    const seen = smtp.mails.length;
    await invite('ada@acme.example', ['marketing']);
    await expect.poll(() => smtp.mails.length).toBeGreaterThan(seen);
    expect((await server.browser().ask('POST', '/api/v1/auth/invitation', { token: before })).status).toBe(401);
    const ada = await accept('ada@acme.example');
    expect((await ada.ask('GET', '/api/v1/me')).json.roles).toEqual(['marketing']);
    const taken = await invite('ADA@acme.example');
    expect([taken.status, taken.json.code]).toEqual([409, 'conflict']);
    expect((await invite('not an address')).json.code).toBe('invalid_email');
  });

  test('an invitation makes nobody else’s account one’s own', async () => {
    await invite('bo@acme.example');
    const body = { token: await linkIn('bo@acme.example'), email: 'root@acme.example', password: PASSWORD };
    const tried = await server.browser().ask('POST', '/api/v1/auth/accept-invite', body);
    expect([tried.status, tried.json.at]).toEqual([403, 'email']);
    const root = await server.database.pool.query(
      `select 1 from account_login l join account a on a.id = l.account_id where a.email = 'root@acme.example'`,
    );
    expect(root.rowCount).toBe(0);
  });

  test('other roles count within seconds, and so does being deactivated; the last admin stays', async () => {
    await invite('cy@acme.example', ['marketing']);
    const cy = await accept('cy@acme.example');
    const { rows } = (await admin.ask('GET', '/api/v1/accounts')).json as { rows: { id: string; email: string }[] };
    const id = rows.find((row) => row.email === 'cy@acme.example')?.id;
    expect((await cy.ask('GET', '/api/v1/accounts')).status).toBe(403);
    expect((await admin.ask('POST', `/api/v1/accounts/${id}`, { roles: ['admin'] })).json.roles).toEqual(['admin']);
    expect((await cy.ask('GET', '/api/v1/accounts')).status).toBe(200);
    expect((await admin.ask('POST', `/api/v1/accounts/${id}`, { roles: ['rep'] })).status).toBe(200);
    const off = await admin.ask('POST', `/api/v1/accounts/${id}/deactivate`);
    expect(off.json).toMatchObject({ state: 'deactivated', sessions: 0 });
    expect((await cy.ask('GET', '/api/v1/me')).status).toBe(401);
    const again = { email: 'cy@acme.example', password: PASSWORD };
    const refused = await server.browser().ask('POST', '/api/v1/auth/login', again);
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid_credentials']);
    expect((await admin.ask('POST', `/api/v1/accounts/${id}/activate`)).json.state).toBe('active');
    expect((await server.browser().ask('POST', '/api/v1/auth/login', again)).status).toBe(200);
    const own = rows.find((row) => row.email === 'root@acme.example')?.id;
    for (const [path, body] of [
      [`/api/v1/accounts/${own}/deactivate`, undefined],
      [`/api/v1/accounts/${own}`, { roles: ['rep'] }],
    ] as const) {
      const last = await admin.ask('POST', path, body);
      expect([path, last.status, last.json.code]).toEqual([path, 409, 'conflict']);
    }
    expect((await admin.ask('POST', '/api/v1/accounts/nobody/deactivate')).status).toBe(404);
  });

  test('a link for a new password counts once, of the account that it is of, and ends its sessions', async () => {
    await invite('di@acme.example');
    const di = await accept('di@acme.example');
    const seen = smtp.mails.length;
    const asked = [];
    for (const email of ['di@acme.example', 'nobody@acme.example'])
      asked.push((await server.browser().ask('POST', '/api/v1/auth/forgot', { email })).status);
    expect(asked).toEqual([204, 204]);
    await expect.poll(() => smtp.mails.length).toBe(seen + 1);
    const token = await linkIn('di@acme.example');
    const { rows } = await server.database.pool.query<{ hash: string }>(
      `select encode(token_hash, 'escape') as hash from account_link`,
    );
    expect(rows.map(({ hash }) => hash).join()).not.toContain(token);
    const reset = (given: object) => server.browser().ask('POST', '/api/v1/auth/reset', given);
    expect((await reset({ token, password: 'short' })).json.at).toBe('password');
    expect((await reset({ token, password: 'four louder otters', email: 'root@acme.example' })).status).toBe(422);
    expect((await reset({ token: token.replace(/^./, '_'), password: 'four louder otters' })).status).toBe(401);
    expect((await reset({ token, password: 'four louder otters' })).status).toBe(204);
    expect((await reset({ token, password: 'five louder otters' })).json.code).toBe('invalid_link');
    expect((await di.ask('GET', '/api/v1/me')).status).toBe(401);
    const login = (password: string) =>
      server.browser().ask('POST', '/api/v1/auth/login', { email: 'di@acme.example', password });
    expect([(await login(PASSWORD)).status, (await login('four louder otters')).status]).toEqual([401, 200]);
    await server.browser().ask('POST', '/api/v1/auth/forgot', { email: 'di@acme.example' });
    await expect.poll(() => smtp.mails.length).toBe(seen + 2);
    const late = await linkIn('di@acme.example');
    await server.database.pool.query('update account_link set expires_at = now_ms() where used_at is null');
    expect((await reset({ token: late, password: 'six louder otters' })).json.code).toBe('invalid_link');
  });

  test('what people do with accounts is in the audit, by their name', async () => {
    const { rows } = await server.database.pool.query<{ action: string; by: string }>(
      `select distinct action, by from audit where subject like 'account:%'`,
    );
    for (const action of ['account-invited', 'account-roles-set', 'account-deactivated'])
      expect(rows).toContainEqual({ action, by: 'root@acme.example' });
    expect(rows).toContainEqual({ action: 'password-reset', by: 'di@acme.example' });
    expect(rows.map((row) => row.action)).toContain('sign-in-failed');
  });
});

describe('what a rep sees, on two nodes', () => {
  let one: RunningServer;
  let two: RunningServer;
  let site: AccessServer;
  const handoffs = new Map<number, number>();

  beforeAll(async () => {
    site = await startAccess();
    const { pool, connection } = site.database;
    await furnish(pool);
    await putInForce(pool, offeringPolicy());
    const config = readConfig({ BATON_PORT: '0' });
    one = await startServer({ config, connection });
    two = await startServer({ config, connection });
    const owner = await signIn(site.database, ['admin'], { email: 'boss@sales.example' });
    const { createKey } = await import('./keys.ts');
    const { key } = await createKey(pool, { name: 'seed', kind: 'secret', by: 'test' });
    for (const rep of [1, 2]) {
      const email = `lead${rep}@firm${rep}.example`;
      await fetch(`${one.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ batch: [{ type: 'identify', userId: email, traits: { email } }] }),
      });
      const { rows } = await pool.query<{ id: number }>('select id from contact where email = $1', [email]);
      const made = await fetch(`${one.url}/api/v1/contacts/${rows[0]?.id}/own-lead`, {
        method: 'POST',
        headers: { ...owner.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ as: rep, note: 'seed' }),
      });
      const { handoffId, contactId } = (await made.json()) as { handoffId: number; contactId: number };
      handoffs.set(rep, handoffId);
      handoffs.set(rep + 10, contactId);
    }
  });
  afterAll(async () => {
    await one.stop();
    await two.stop();
    await site.stop();
  });

  const ask = async (account: TestAccount, path: string, body?: object) => {
    const reply = await fetch(`${one.url}/api/v1${path}`, {
      headers: { ...account.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, text, json: text === '' ? null : JSON.parse(text) };
  };

  test('is what is theirs: no list, search, detail or act reaches a colleague’s, and nothing is written on the way', async () => {
    const rep = await signIn(site.database, ['rep'], { email: 'rep1@sales.example' });
    const [own, foreign] = [handoffs.get(1), handoffs.get(2)];
    const [ownContact, foreignContact] = [handoffs.get(11), handoffs.get(12)];
    expect((await ask(rep, `/handoffs/${own}`)).status).toBe(200);
    expect((await ask(rep, `/contacts/${ownContact}`)).status).toBe(200);
    const state = () =>
      site.database.pool.query(
        `select md5(string_agg(h::text, ',' order by h.id)) || md5((select string_agg(c::text, ',' order by c.id) from contact c)) as sum from handoff h`,
      );
    const before = (await state()).rows;
    const missing = await ask(rep, '/handoffs/99999999/accept', {});
    for (const path of ['accept', 'claim', 'hand-back', 'undo']) {
      const { status, json } = await ask(
        rep,
        `/handoffs/${foreign}/${path}`,
        path === 'hand-back' ? { reason: 'x' } : {},
      );
      expect([path, status, json.code]).toEqual([path, 404, missing.json.code]);
    }
    for (const path of [
      `/handoffs/${foreign}`,
      `/handoffs/${foreign}/actions`,
      `/handoffs/${foreign}/why-not/1`,
      `/contacts/${foreignContact}`,
    ])
      expect([path, (await ask(rep, path)).status]).toEqual([path, 404]);
    for (const [path, body] of [
      [`/contacts/${foreignContact}/stage`, { stage: 'mql' }],
      [`/contacts/${foreignContact}/own-lead`, { note: 'mine' }],
      ['/deals', { handoffId: foreign }],
      ['/deals', { contactId: foreignContact }],
    ] as const)
      expect([path, (await ask(rep, path, body)).status]).toEqual([path, 404]);
    expect((await state()).rows).toEqual(before);
    for (const path of [
      '/handoffs',
      '/handoffs?search=firm2',
      `/handoffs?ids=${foreign}`,
      '/contacts',
      '/tasks',
      '/handoffs?rep=2',
    ]) {
      const { status, text } = await ask(rep, path);
      expect([path, status, text.includes('firm2'), text.includes('lead2')]).toEqual([path, 200, false, false]);
    }
    expect((await ask(rep, '/handoffs')).text).toContain('lead1');
    expect((await ask(rep, '/handoffs/counts')).json.views.all).toBe(1);
    const named = await ask(rep, `/handoffs/${own}/hand-back`, { as: 2, reason: 'x' });
    expect([named.status, named.json.at]).toEqual([403, 'as']);
    const manager = await signIn(site.database, ['sales-manager']);
    expect((await ask(manager, '/handoffs')).text).toContain('lead2');
  });

  test('a queue of their team is theirs to claim, and what they do is in the audit under their own name', async () => {
    const { pool } = site.database;
    await pool.query(`insert into rep (name, email) values ('Outsider', 'outsider@sales.example')`);
    const member = await signIn(site.database, ['rep'], { email: 'rep3@sales.example' });
    const outsider = await signIn(site.database, ['rep'], { email: 'outsider@sales.example' });
    await pool.query(`update handoff set status = 'queued', owner_id = null, queue_id = 'inbound' where id = $1`, [
      handoffs.get(2),
    ]);
    expect((await ask(member, `/handoffs/${handoffs.get(2)}`)).status).toBe(200);
    expect((await ask(outsider, `/handoffs/${handoffs.get(2)}`)).status).toBe(404);
    const rep = await signIn(site.database, ['rep'], { email: 'rep2@sales.example' });
    await pool.query(`update handoff set status = 'open', owner_id = 2, queue_id = null where id = $1`, [
      handoffs.get(2),
    ]);
    const logged = await ask(rep, `/handoffs/${handoffs.get(2)}/log-contact`, {
      channel: 'call',
      outcome: 'connected',
    });
    expect(logged.status).toBe(200);
    const { rows } = await pool.query<{ actor: string }>(
      `select trace::jsonb ->> 'by' as actor from decision where id = $1`,
      [logged.json.decisionId],
    );
    const shown = await ask(rep, `/handoffs/${handoffs.get(2)}`);
    expect(rows.length).toBe(1);
    expect(JSON.stringify(shown.json.timeline)).toContain('Rep 2');
  });

  test('whoever is deactivated on one node is out of the other within five seconds, open pages too', async () => {
    const account = await signIn(site.database, ['rep'], { email: 'rep4@sales.example' });
    const boss = await signIn(site.database, ['admin'], { email: 'boss2@sales.example' });
    const stream = await fetch(`${two.url}/api/v1/live`, { headers: account.headers });
    expect(stream.status).toBe(200);
    const me = () => fetch(`${two.url}/api/v1/me`, { headers: account.headers });
    expect((await me()).status).toBe(200);
    const from = Date.now();
    const off = await fetch(`${one.url}/api/v1/accounts/${account.id}/deactivate`, {
      method: 'POST',
      headers: boss.headers,
    });
    expect(off.status).toBe(200);
    const read = async (): Promise<number> => {
      for await (const _ of stream.body ?? []);
      return Date.now() - from;
    };
    expect(await read()).toBeLessThan(5_000);
    await expect.poll(async () => (await me()).status, { timeout: 5_000 - (Date.now() - from) }).toBe(401);
  });
});

describe('single sign-on', () => {
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let company: AccessServer;

  beforeAll(async () => {
    provider = await startProvider();
    company = await startAccess({
      publicUrl: 'http://localhost:4600',
      sso: { issuer: provider.issuer, clientId: 'baton', clientSecret: 's3cret', name: 'Acme login' },
    });
  });
  afterAll(async () => {
    await company.stop();
    await provider.stop();
  });

  const come = async (email: string, isVerified = true) => {
    const browser = company.browser();
    const begun = await browser.ask('POST', '/api/v1/auth/sso', {});
    const sent = new URL(begun.json.url);
    expect(sent.origin).toBe(provider.issuer);
    expect(sent.searchParams.get('redirect_uri')).toBe('http://localhost:4600/api/v1/auth/callback/sso');
    expect(sent.searchParams.get('code_challenge_method')).toBe('S256');
    provider.vouchFor({ email, isVerified, nonce: sent.searchParams.get('nonce') });
    const back = await browser.ask(
      'GET',
      `/api/v1/auth/callback/sso?code=good&state=${sent.searchParams.get('state')}`,
      undefined,
      { 'x-baton': '' },
    );
    return { browser, back };
  };

  test('lets in whom an admin has invited, under the address that the provider vouches for', async () => {
    const { inviteAccount } = await import('./accounts.ts');
    await inviteAccount(company.database.pool, { email: 'eve@acme.example', roles: ['sales-manager'], by: 'test' });
    const { browser, back } = await come('eve@acme.example');
    expect(back.reply.body).toContain('url=/"');
    expect((await browser.ask('GET', '/api/v1/me')).json).toMatchObject({
      email: 'eve@acme.example',
      roles: ['sales-manager'],
      signedInBy: 'sso',
    });
    expect((await come('eve@acme.example')).back.reply.body).toContain('url=/"');
    expect((await company.browser().ask('GET', '/api/v1/auth/ways')).json).toEqual({ sso: 'Acme login', mail: false });
  });

  test('lets in nobody else: not invited, not verified, deactivated, or with a state that is not ours', async () => {
    const { inviteAccount } = await import('./accounts.ts');
    await inviteAccount(company.database.pool, { email: 'fay@acme.example', roles: ['admin'], by: 'test' });
    expect((await come('fay@acme.example', false)).back.reply.body).toContain('refused=sso');
    const stranger = await come('mallory@acme.example');
    expect(stranger.back.reply.body).toContain('refused=sso');
    expect((await stranger.browser.ask('GET', '/api/v1/me')).status).toBe(401);
    const { deactivateAccount, findAccount } = await import('./accounts.ts');
    const eve = await findAccount(company.database.pool, 'eve@acme.example');
    await deactivateAccount(company.database.pool, eve.id, 'test');
    expect((await come('eve@acme.example')).back.reply.body).toContain('refused=sso');
    const forged = await company.browser().ask('GET', '/api/v1/auth/callback/sso?code=good&state=forged');
    expect(forged.reply.body).toContain('refused=sso');
    expect((await company.database.pool.query('select 1 from account_session')).rowCount).toBe(0);
  });
});

/** An OpenID provider of its own: discovery, keys, and a token for whoever it was told to vouch for. */
async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let who = { email: '', isVerified: true, nonce: '' as string | null };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    const answer = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (pathname === '/.well-known/openid-configuration')
      return answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/me`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    const claims = { sub: `id of ${who.email}`, email: who.email, email_verified: who.isVerified, name: 'Eve' };
    if (pathname === '/me') return answer(claims);
    if (pathname === '/keys')
      return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] });
    const now = Math.floor(Date.now() / 1_000);
    const payload = {
      ...claims,
      iss: issuer,
      aud: 'baton',
      iat: now,
      exp: now + 600,
      nonce: who.nonce,
    };
    const unsigned = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encode(payload)}`;
    const signature = createSign('RSA-SHA256').update(unsigned).sign(privateKey).toString('base64url');
    return answer({ access_token: 'at', token_type: 'Bearer', expires_in: 600, id_token: `${unsigned}.${signature}` });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    issuer,
    vouchFor(given: typeof who) {
      who = given;
    },
    stop: () => new Promise<void>((resolve) => http.close(() => resolve())),
  };
}
