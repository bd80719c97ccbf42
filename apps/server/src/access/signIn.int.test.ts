import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessServer, type Browser, startAccess } from '../http/accessFixture.ts';
import { signIn } from './accountFixture.ts';
import { inviteAccount } from './accounts.ts';
import { makeSecretBox } from './secretBox.ts';
import { createSignInLink } from './signIn.ts';
import { totpOf } from './totpFixture.ts';

let server: AccessServer;
const PASSWORD = 'three quiet otters';

beforeAll(async () => {
  server = await startAccess({ box: makeSecretBox(() => Buffer.alloc(32, 7)) });
});
afterAll(() => server.stop());

/** Somebody who was invited and accepted, and the browser that they did it in. */
const join = async (
  email: string,
  roles: readonly ('admin' | 'marketing' | 'sales-manager' | 'rep')[] = ['rep'],
): Promise<Browser> => {
  const { link } = await inviteAccount(server.database.pool, { email, roles, by: 'test' });
  const browser = server.browser();
  const body = { token: link.token, name: 'Ada Test', password: PASSWORD };
  const accepted = await browser.ask('POST', '/api/v1/auth/accept-invite', body);
  expect(accepted.json).toMatchObject({ state: 'signed-in', name: 'Ada Test' });
  return browser;
};
const login = (browser: Browser, email: string, password = PASSWORD) =>
  browser.ask('POST', '/api/v1/auth/login', { email, password });

describe('signing in', () => {
  test('an invitation is read, accepted once, and gives the roles that it says; the password signs in again', async () => {
    const { link } = await inviteAccount(server.database.pool, {
      email: 'Mo@Acme.example',
      roles: ['rep'],
      by: 'admin',
    });
    const browser = server.browser();
    const shown = await browser.ask('POST', '/api/v1/auth/invitation', { token: link.token });
    expect(shown.json).toMatchObject({
      kind: 'invitation',
      email: 'mo@acme.example',
      roles: ['rep'],
      invitedBy: 'admin',
    });
    const weak = await browser.ask('POST', '/api/v1/auth/accept-invite', {
      token: link.token,
      password: 'password1234',
    });
    expect([weak.status, weak.json.at]).toEqual([422, 'password']);
    const body = { token: link.token, name: 'Mo', password: PASSWORD };
    expect((await browser.ask('POST', '/api/v1/auth/accept-invite', body)).status).toBe(200);
    const again = await server.browser().ask('POST', '/api/v1/auth/accept-invite', body);
    expect([again.status, again.json.code]).toEqual([401, 'invalid_link']);
    const me = await browser.ask('GET', '/api/v1/me');
    expect(me.json).toMatchObject({
      name: 'Mo',
      email: 'mo@acme.example',
      roles: ['rep'],
      sees: 'own',
      hasPassword: true,
    });
    expect(me.json.permissions).toContain('handoffs.work');
    expect(me.json.permissions).not.toContain('keys.write');
    const other = server.browser();
    expect((await login(other, 'MO@acme.example')).json).toMatchObject({ state: 'signed-in' });
    expect((await other.ask('GET', '/api/v1/me')).status).toBe(200);
  });

  test('what signs nobody in has one answer: wrong password, unknown account, invited, deactivated, too long', async () => {
    await join('known@acme.example');
    await inviteAccount(server.database.pool, { email: 'waiting@acme.example', roles: ['rep'], by: 'test' });
    const answers = [];
    for (const [email, password] of [
      ['known@acme.example', 'four quiet otters'],
      ['nobody@acme.example', PASSWORD],
      ['waiting@acme.example', PASSWORD],
      ['no address', PASSWORD],
      ['known@acme.example', PASSWORD.padEnd(1_000, '!')],
    ] as const) {
      const { status, json, reply } = await login(server.browser(), email, password);
      answers.push([status, json.code, json.detail, reply.headers['set-cookie']]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.slice(0, 2)).toEqual([401, 'invalid_credentials']);
  });

  test('an account that is tried too often waits, wherever the attempts come from and whether or not it is there', async () => {
    for (const email of ['often@acme.example', 'never-was@acme.example']) {
      const statuses = [];
      for (let index = 0; index < 7; index += 1) statuses.push((await login(server.browser(), email)).status);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    }
  });

  test('the session is new at each sign-in, kept as a hash, and dead after signing out', async () => {
    const browser = await join('fresh@acme.example');
    const first = browser.cookies.get('baton_session') ?? '';
    const planted = server.browser();
    planted.cookies.set('baton_session', first.replace(/^.{8}/, 'A'.repeat(8)));
    const before = planted.cookies.get('baton_session');
    expect((await planted.ask('GET', '/api/v1/me')).status).toBe(401);
    await login(planted, 'fresh@acme.example');
    expect(planted.cookies.get('baton_session')).not.toBe(before);
    const { rows } = await server.database.pool.query<{ token_hash: string }>('select token_hash from account_session');
    expect(rows.map((row) => row.token_hash).join()).not.toContain(first.slice(0, 32));
    expect((await browser.ask('POST', '/api/v1/auth/logout')).status).toBe(204);
    browser.cookies.set('baton_session', first);
    expect((await browser.ask('GET', '/api/v1/me')).status).toBe(401);
  });

  test('the link of the terminal signs in the owner, who then says who they are and sets a password', async () => {
    const { token } = await createSignInLink(server.database.pool);
    const browser = server.browser();
    expect((await browser.ask('POST', '/api/v1/auth/login', { key: token })).status).toBe(200);
    const me = await browser.ask('GET', '/api/v1/me');
    expect(me.json).toMatchObject({
      name: 'admin',
      email: null,
      roles: ['admin', 'marketing', 'sales-manager'],
      hasPassword: false,
      signedInBy: 'link',
    });
    const named = await browser.ask('POST', '/api/v1/me', { name: 'Olga Owner', email: 'Olga@Acme.example' });
    expect(named.json).toMatchObject({ name: 'Olga Owner', email: 'olga@acme.example' });
    expect((await browser.ask('POST', '/api/v1/me/password', { password: PASSWORD })).status).toBe(204);
    expect((await login(server.browser(), 'olga@acme.example')).json).toMatchObject({ state: 'signed-in' });
    const { token: second } = await createSignInLink(server.database.pool);
    const later = server.browser();
    await later.ask('POST', '/api/v1/auth/login', { key: second });
    expect((await later.ask('GET', '/api/v1/me')).json.email).toBe('olga@acme.example');
    const again = await browser.ask('POST', '/api/v1/me', { email: 'else@acme.example' });
    expect([again.status, again.json.at]).toEqual([403, 'email']);
    const more = await browser.ask('POST', '/api/v1/me', { roles: ['admin'], id: 'x' });
    expect(more.status).toBe(422);
  });
});

describe('the second factor', () => {
  test('is turned on by a code, asked for at the next sign-in, and each code counts once', async () => {
    const browser = await join('two@acme.example');
    const wrong = await browser.ask('POST', '/api/v1/me/totp', { password: 'not my password' });
    expect([wrong.status, wrong.json.code]).toEqual([401, 'invalid_credentials']);
    const begun = await browser.ask('POST', '/api/v1/me/totp', { password: PASSWORD });
    expect(begun.json.recoveryCodes.length).toBeGreaterThan(5);
    const { uri } = begun.json as { uri: string };
    const { rows } = await server.database.pool.query<{ secret: string; recovery_codes: string }>(
      'select secret, recovery_codes from account_totp',
    );
    expect([rows[0]?.secret, rows[0]?.recovery_codes]).toEqual([
      expect.stringMatching(/^sealed:1:/),
      expect.stringMatching(/^sealed:1:/),
    ]);
    expect((await browser.ask('POST', '/api/v1/me/totp/confirm', { code: '000000' })).status).toBe(401);
    expect((await browser.ask('POST', '/api/v1/me/totp/confirm', { code: totpOf(uri, -1) })).status).toBe(204);
    expect((await browser.ask('GET', '/api/v1/me')).json.twoFactor).toBe(true);

    const code = totpOf(uri);
    const second = server.browser();
    const step = await login(second, 'two@acme.example');
    expect(step.json).toEqual({ state: 'second-factor' });
    expect((await second.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await second.ask('POST', '/api/v1/auth/totp', { code: '111111' })).status).toBe(401);
    expect((await second.ask('POST', '/api/v1/auth/totp', { code })).json).toMatchObject({ state: 'signed-in' });
    expect((await second.ask('GET', '/api/v1/me')).status).toBe(200);

    const third = server.browser();
    await login(third, 'two@acme.example');
    const reused = await third.ask('POST', '/api/v1/auth/totp', { code });
    expect([reused.status, reused.json.code]).toEqual([401, 'invalid_credentials']);
    const [recoveryCode] = begun.json.recoveryCodes as string[];
    expect((await third.ask('POST', '/api/v1/auth/totp', { recoveryCode })).json).toMatchObject({ state: 'signed-in' });
    expect((await server.browser().ask('POST', '/api/v1/auth/totp', { code: totpOf(uri, 1) })).status).toBe(401);
    expect((await third.ask('POST', '/api/v1/me/totp/remove', { password: PASSWORD })).status).toBe(204);
    expect((await third.ask('GET', '/api/v1/me')).json.twoFactor).toBe(false);
  });
});

describe('one’s own account', () => {
  test('sessions are listed, one is ended, then all but this one; a new password ends the others', async () => {
    const here = await join('many@acme.example');
    const there = server.browser();
    const elsewhere = server.browser();
    await login(there, 'many@acme.example');
    await login(elsewhere, 'many@acme.example');
    const { rows } = (await here.ask('GET', '/api/v1/me/sessions')).json as { rows: { id: string; here: boolean }[] };
    expect(rows.map((row) => row.here).sort()).toEqual([false, false, true]);
    const foreign = await signIn(server.database, ['rep']);
    expect((await here.ask('DELETE', `/api/v1/me/sessions/${foreign.sessionId}`)).status).toBe(404);
    const mine = rows.find((row) => !row.here)?.id;
    expect((await here.ask('DELETE', `/api/v1/me/sessions/${mine}`)).status).toBe(204);
    const left = [await there.ask('GET', '/api/v1/me'), await elsewhere.ask('GET', '/api/v1/me')];
    expect(left.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await here.ask('POST', '/api/v1/me/sign-out-everywhere')).json).toEqual({ ended: 1 });
    await login(there, 'many@acme.example');
    const body = { current: PASSWORD, password: 'five louder otters' };
    expect((await here.ask('POST', '/api/v1/me/password', { ...body, current: 'wrong' })).status).toBe(401);
    expect((await here.ask('POST', '/api/v1/me/password', body)).status).toBe(204);
    expect((await there.ask('GET', '/api/v1/me')).status).toBe(401);
    expect((await here.ask('GET', '/api/v1/me')).status).toBe(200);
  });

  test('what a session changes comes from our own page: the header and the origin both say so', async () => {
    const browser = await join('page@acme.example');
    for (const headers of [
      { 'x-baton': '' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as const) {
      const { status, json } = await browser.ask('POST', '/api/v1/me/sign-out-everywhere', undefined, { ...headers });
      expect([headers, status, json.code]).toEqual([headers, 403, 'cross_site']);
    }
    const own = { origin: 'http://localhost:4600', 'sec-fetch-site': 'same-origin' };
    expect((await browser.ask('POST', '/api/v1/me/sign-out-everywhere', undefined, own)).status).toBe(200);
  });
});

describe('behind https', () => {
  test('cookies are locked to the host and to https, and browsers are told to come by no other way', async () => {
    const secure = await startAccess({ publicUrl: 'https://baton.acme.example' });
    try {
      const { link } = await inviteAccount(secure.database.pool, {
        email: 'a@acme.example',
        roles: ['rep'],
        by: 'test',
      });
      const browser = secure.browser();
      const host = { host: 'baton.acme.example' };
      const body = { token: link.token, password: PASSWORD };
      const accepted = await browser.ask('POST', '/api/v1/auth/accept-invite', body, host);
      expect(accepted.status).toBe(200);
      for (const cookie of [accepted.reply.headers['set-cookie'] ?? []].flat())
        expect(cookie).toMatch(/^__Host-baton\S+=\S*; (Max-Age=\d+; )?Path=\/; HttpOnly; Secure; SameSite=Strict$/);
      expect(accepted.reply.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
      const me = await browser.ask('GET', '/api/v1/me', undefined, host);
      expect(me.status).toBe(200);
      expect(me.reply.headers).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(me.reply.headers['content-security-policy']).not.toContain('unsafe');
      // the same cookie by its plain name is none: what http could have planted is not believed
      const plain = secure.browser();
      plain.cookies.set('baton_session', browser.cookies.get('__Host-baton_session') ?? '');
      expect((await plain.ask('GET', '/api/v1/me', undefined, host)).status).toBe(401);
    } finally {
      await secure.stop();
    }
  });

  test('a page of another site signs nobody in', async () => {
    const body = { email: 'nobody@acme.example', password: PASSWORD };
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
      expect((await server.browser().ask('POST', '/api/v1/auth/login', body, { ...headers })).json.code).toBe(
        'cross_site',
      );
  });
});
