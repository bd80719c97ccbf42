/** Who gets in and how, in a real browser over the whole server: password, code, passkey, invitation, being locked out. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../apps/server/src/access/accountFixture.ts';
import { deactivateAccount, findAccount, inviteAccount } from '../apps/server/src/access/accounts.ts';
import { totpOf } from '../apps/server/src/access/totpFixture.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import type { RunningServer } from '../apps/server/src/startServer.ts';
import { expectNoAxeFindings, launch, visit } from './web/browser.ts';
import { buildWeb, start } from './web/onPage.ts';

const PASSWORD = 'three quiet otters';
let browser: Browser;
let database: TestDatabase;
let server: RunningServer;
/** Passkeys are bound to a name, never to a number. */
let url: string;

beforeAll(async () => {
  await buildWeb();
  browser = await launch();
  database = await createTestDatabase();
  server = await start(database);
  url = server.url.replace('127.0.0.1', 'localhost');
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.drop();
});

const open = async (path: string, choice: { width?: number; theme?: 'light' | 'dark' } = {}): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: choice.width ?? 1280, height: 900 },
    colorScheme: choice.theme ?? 'light',
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  return page;
};
const field = (page: Page, label: string | RegExp) => page.getByLabel(label, { exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Invites and accepts on the page, and leaves it signed in. */
const join = async (email: string, roles: readonly ('admin' | 'marketing' | 'rep')[]): Promise<Page> => {
  const { link } = await inviteAccount(server.pool, { email, roles, by: 'Olga' });
  const page = await open(`/welcome#${link.token}`);
  await page.getByRole('heading', { name: 'Welcome to Baton' }).waitFor();
  expect(page.url()).not.toContain(link.token);
  await field(page, 'Your name').fill('Ada Lark');
  await field(page, 'Password').fill(PASSWORD);
  await press(page, 'Accept and sign in');
  await page.getByRole('button', { name: 'Your account: Ada Lark' }).waitFor();
  return page;
};
const signInByPassword = async (page: Page, email: string, password = PASSWORD): Promise<void> => {
  await field(page, 'E-mail').fill(email);
  await field(page, 'Password').fill(password);
  await press(page, 'Sign in');
};

test('an invitation is accepted, one signs out and in again by keyboard alone, and a used link says what to do', async () => {
  const { link } = await inviteAccount(server.pool, { email: 'kay@acme.example', roles: ['marketing'], by: 'Olga' });
  const page = await open(`/welcome#${link.token}`);
  await page.getByText('Olga invited you as marketing').waitFor();
  await expectNoAxeFindings(page);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Kay Long');
  await page.keyboard.press('Tab');
  await page.keyboard.type('password1234');
  await page.keyboard.press('Enter');
  await page.getByText('guessed first').waitFor();
  await field(page, 'Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  const account = page.getByRole('button', { name: 'Your account: Kay Long' });
  await account.waitFor();
  await account.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Sign out' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign in to Baton' }).waitFor();
  await page.keyboard.type('kay@acme.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.getByText('Nobody can sign in by this.').waitFor();
  await field(page, 'Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await account.waitFor();
  await page.context().close();

  const late = await open(`/welcome#${link.token}`);
  await late.getByRole('heading', { name: 'This link counts no more.' }).waitFor();
  await late.context().close();
});

test('an authenticator is set up on the page, asked for, and replaced by a recovery code when it is lost', async () => {
  const page = await join('toni@acme.example', ['rep']);
  await page.goto(`${url}/account`);
  const part = page.getByRole('region', { name: 'Authenticator' });
  await part.getByLabel('Your password').fill(PASSWORD);
  await part.getByRole('button', { name: 'Turn it on' }).click();
  await part.getByRole('img', { name: 'QR code for your authenticator' }).waitFor();
  await expectNoAxeFindings(page);
  const secret = await part.locator('p.font-mono').innerText();
  const uri = `otpauth://totp/Baton?secret=${secret}`;
  const codes = await part.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  await part.getByLabel('3. Code').fill(totpOf(uri, -1));
  await part.getByRole('button', { name: 'Turn it on' }).click();
  await part.getByText('On: after your password').waitFor();

  for (const code of [totpOf(uri), null]) {
    const other = await open('/sign-in');
    await signInByPassword(other, 'toni@acme.example');
    await other.getByRole('heading', { name: 'One more step' }).waitFor();
    if (code === null) {
      await press(other, 'Use a recovery code');
      await field(other, 'Recovery code').fill(codes[0] ?? '');
    } else {
      await field(other, 'Code').fill('000000');
      await press(other, 'Sign in');
      await other.getByText('Nobody can sign in by this.').waitFor();
      await field(other, 'Code').fill(code);
    }
    await press(other, 'Sign in');
    await other.getByRole('button', { name: 'Your account: Ada Lark' }).waitFor();
    await other.context().close();
  }
  await page.context().close();
});

test('a passkey is made and signs in without a password; forgotten, it does so no more', async () => {
  const page = await join('pat@acme.example', ['rep']);
  const device = await page.context().newCDPSession(page);
  await addAuthenticator(device);
  await page.goto(`${url}/account`);
  const part = page.getByRole('region', { name: 'Passkeys' });
  await part.getByLabel('Name of the new passkey').fill('Pat’s laptop');
  await part.getByRole('button', { name: 'Make a passkey' }).click();
  await part.getByText('Pat’s laptop').waitFor();
  await page.context().clearCookies();
  await page.goto(`${url}/sign-in`);
  await press(page, 'Use a passkey');
  await page.getByRole('button', { name: 'Your account: Ada Lark' }).waitFor();
  await page.goto(`${url}/account`);
  await page.getByRole('region', { name: 'Sessions' }).getByText('by passkey, here and now').waitFor();
  await part.getByRole('button', { name: 'Forget Pat’s laptop' }).click();
  await part.getByText('Pat’s laptop').waitFor({ state: 'detached' });
  await page.context().clearCookies();
  await page.goto(`${url}/sign-in`);
  await press(page, 'Use a passkey');
  await page.getByText('Nobody can sign in by this.').waitFor();
  await page.context().close();
});

const addAuthenticator = async (device: CDPSession): Promise<void> => {
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
};

test('sessions are listed and ended from another browser', async () => {
  const page = await join('sam@acme.example', ['rep']);
  const other = await open('/sign-in');
  await signInByPassword(other, 'sam@acme.example');
  await other.getByRole('button', { name: 'Your account: Ada Lark' }).waitFor();
  await page.goto(`${url}/account`);
  await press(page, 'Sign out everywhere else');
  await page.getByText('1 session ended').waitFor();
  await other.reload();
  await other.getByRole('heading', { name: 'Sign in to Baton' }).waitFor();
  await other.context().close();
  await page.context().close();
});

test('an admin invites, gives another role and locks out on the page; within five seconds the other page is signed out', async () => {
  const page = await join('lead@acme.example', ['admin']);
  await page.goto(`${url}/accounts`);
  await field(page, 'E-mail').fill('new@acme.example');
  await press(page, 'Invite');
  const address = page.locator('[role=status] .font-mono');
  await address.waitFor();
  await expectNoAxeFindings(page);
  const guest = await open(`/welcome${new URL(await address.innerText()).hash}`);
  await field(guest, 'Password').fill(PASSWORD);
  await press(guest, 'Accept and sign in');
  await guest.getByRole('button', { name: 'Your account: new' }).waitFor();
  await guest.goto(`${url}/accounts`);
  await guest.getByText('Your roles do not reach here.').waitFor();
  await guest.goto(`${url}/`);

  await page.reload();
  await press(page, 'Deactivate new@acme.example');
  const from = Date.now();
  await page.getByRole('button', { name: 'Activate new@acme.example' }).waitFor();
  await guest.getByRole('heading', { name: 'Sign in to Baton' }).waitFor({ timeout: 5_000 - (Date.now() - from) });
  await signInByPassword(guest, 'new@acme.example');
  await guest.getByText('Nobody can sign in by this.').waitFor();
  await guest.context().close();
  await page.context().close();
});

test('whoever came by the link of the terminal is asked for a name and a password, and comes back by them', async () => {
  const { page, context } = await visit(browser, { ...server, url }, '/');
  await page.getByRole('link', { name: 'Set your name and password' }).click();
  await field(page, 'Name').fill('Olga Owner');
  await field(page, 'E-mail').fill('olga@acme.example');
  await press(page, 'Save');
  await page.getByText('olga@acme.example · Admin, Marketing, Sales manager').waitFor();
  await field(page, 'New password').fill(PASSWORD);
  await press(page, 'Set the password');
  await page.getByText('A new one ends every other session of yours.').waitFor();
  await context.clearCookies();
  await page.goto(`${url}/`);
  await signInByPassword(page, 'olga@acme.example');
  await page.getByRole('button', { name: 'Your account: Olga Owner' }).waitFor();
  expect(await page.getByRole('link', { name: 'Set your name and password' }).count()).toBe(0);
  await context.close();
});

test('a page of another site changes nothing, though the browser has the cookie', async () => {
  const { page, context } = await visit(browser, { ...server, url }, '/');
  const before = await server.pool.query('select count(*)::int as n from form');
  const evil = await context.newPage();
  await evil.route('https://evil.example/**', (route) =>
    route.fulfill({ body: '<p>evil</p>', contentType: 'text/html' }),
  );
  await evil.goto('https://evil.example/');
  const statuses = await evil.evaluate(async (to) => {
    const send = (headers: Record<string, string>) =>
      fetch(`${to}/api/v1/forms`, {
        method: 'POST',
        credentials: 'include',
        mode: 'no-cors',
        headers,
        body: JSON.stringify({ id: 'evil', name: 'Evil' }),
      }).then(
        (reply) => reply.type,
        () => 'refused',
      );
    return [await send({}), await send({ 'content-type': 'text/plain' })];
  }, url);
  expect(statuses.length).toBe(2);
  const own = await page.evaluate(async () => {
    const send = (headers: Record<string, string>) =>
      fetch('/api/v1/forms', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ id: 'own', name: 'Own' }),
      });
    return [(await send({})).status, (await send({ 'x-baton': '1' })).status];
  });
  expect(own).toEqual([403, 200]);
  const after = await server.pool.query('select id from form order by id');
  expect(after.rows.length).toBe((before.rows[0] as { n: number }).n + 1);
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name === 'baton_session')).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await context.close();
});

test('every screen of access fits 320 px and pleases axe, light and dark', async () => {
  const someone = await signIn(server, ['admin'], { email: 'wide@acme.example', name: 'Wanda Wide' });
  const { link } = await inviteAccount(server.pool, { email: 'narrow@acme.example', roles: ['rep'], by: 'Olga' });
  const [name = '', value = ''] = (someone.headers['cookie'] ?? '').split('=');
  for (const theme of ['light', 'dark'] as const)
    for (const width of [320, 1280])
      for (const [path, heading] of [
        ['/sign-in', 'Sign in to Baton'],
        [`/welcome#${link.token}`, 'Welcome to Baton'],
        ['/account', 'My account'],
        ['/accounts', 'People and roles'],
      ] as const) {
        const page = await open('/sign-in', { width, theme });
        const complaints: string[] = [];
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        if (path.startsWith('/account')) await page.context().addCookies([{ name, value, url }]);
        await page.goto(`${url}${path}`);
        await page.getByRole('heading', { name: heading }).waitFor();
        if (path === '/account')
          await page.getByRole('region', { name: 'Sessions' }).getByText('here and now').waitFor();
        await expectNoAxeFindings(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, width, over <= 0, complaints]).toEqual([path, width, true, []]);
        await page.context().close();
      }
});

test('the last thing that is left of somebody locked out is their name in the audit', async () => {
  const { id } = await findAccount(server.pool, 'sam@acme.example');
  await deactivateAccount(server.pool, id, 'Olga');
  const { rows } = await server.pool.query<{ action: string }>(
    `select action from audit where subject = $1 order by id`,
    [`account:${id}`],
  );
  expect(rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'account-invited',
      'invitation-accepted',
      'signed-in',
      'signed-out-everywhere',
      'account-deactivated',
    ]),
  );
});
