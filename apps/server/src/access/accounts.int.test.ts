import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmtp } from '../channels/mail/smtpFixture.ts';
import { type AccessServer, type Browser, startAccess } from '../http/accessFixture.ts';
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
