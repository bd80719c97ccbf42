/** A notice leaves the house and comes back as an act: from an event to a real mail server, and from its link to the handoff. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../apps/server/src/access/keys.ts';
import { startSmtp } from '../apps/server/src/channels/mail/smtpFixture.ts';
import { readConfig } from '../apps/server/src/config.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { offeringPolicy } from '../apps/server/src/intake/intakeFixture.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { type RunningServer, startServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { expectNoAxeFindings, launch } from './web/browser.ts';

let database: TestDatabase;
let server: RunningServer;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let key: string;
const mistakes: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  smtp = await startSmtp();
  ({ key } = await prepareCompany(
    database.connection,
    offeringPolicy().replace('via: in-app', 'via: [in-app, email]'),
  ));
  server = await startServer({
    config: readConfig({
      BATON_PORT: '0',
      BATON_SMTP_URL: smtp.url,
      BATON_MAIL_FROM: 'Baton <baton@company.example>',
      BATON_PUBLIC_URL: 'http://baton.company.example',
    }),
    connection: database.connection,
    onMistake: (error) => mistakes.push(error),
  });
});
afterAll(async () => {
  await server.stop();
  await smtp.stop();
  await database.drop();
});

const batch = (name: string) => {
  const userId = name.toLowerCase();
  return [
    { type: 'identify', userId, traits: { email: `${userId}@${userId}.example`, name, title: 'VP Operations' } },
    { type: 'track', userId, event: 'Demo Requested' },
  ];
};
const send = async (name: string) => {
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch: batch(name) }),
  });
  expect(answer.status).toBe(200);
};
const mailAbout = async (name: string) => {
  await expect.poll(() => smtp.mails.some((mail) => mail.text.startsWith(name)), { timeout: 10_000 }).toBe(true);
  return smtp.mails.find((mail) => mail.text.startsWith(name));
};

test('who asks for a demo is mailed to the rep whose turn it is, and accepted from the page behind the mail’s link', async () => {
  const started = Date.now();
  await send('Ada');
  const mail = await mailAbout('Ada');
  expect(Date.now() - started).toBeLessThan(5_000);
  const path = /http:\/\/baton\.company\.example(\/act\/\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const page = await fetch(`${server.url}${path}`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Accept this lead');
  const posted = await fetch(`${server.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'do=accept',
  });
  expect(posted.status).toBe(303);
  const { rows } = await database.pool.query<{ status: string; name: string; email: string; state: string }>(
    `select h.status, r.name, r.email, d.state from handoff h join rep r on r.id = h.owner_id
     join delivery d on d.handoff_id = h.id and d.channel = 'email'
     where h.contact_id = (select id from contact where email = 'ada@ada.example') order by d.id limit 1`,
  );
  expect(rows[0]).toMatchObject({ status: 'open', state: 'sent' });
  expect(mail?.to).toEqual([rows[0]?.email]);
  expect(mistakes).toEqual([]);
});

test('the channels say how they fare, and a test by hand shows the conversation', async () => {
  const admin = await createKey(database.pool, { name: 'admin', kind: 'secret', by: 'test', scopes: ['keys:write'] });
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${admin.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
    return { status: answer.status, json: (await answer.json()) as any };
  };
  await send('Bea');
  await mailAbout('Bea');
  const { json } = await ask('/api/v1/channels');
  const email = json.rows.find((row: { channel: string }) => row.channel === 'email');
  expect(email).toMatchObject({ configured: true, lastError: null, lastSuccessAt: expect.any(String) });
  expect(json.rows.find((row: { channel: string }) => row.channel === 'slack')).toMatchObject({ configured: false });
  const tested = await ask('/api/v1/channels/email/test', { to: 'ops@company.example' });
  expect(tested.json).toMatchObject({ ok: true });
  expect(tested.json.transcript.join('\n')).toContain('C: RCPT TO:<ops@company.example>');
  expect(smtp.mails.at(-1)?.headers.get('subject')).toBe('Baton can reach you here');
  expect(await ask('/api/v1/channels/email/test', { to: 'a@b.example\nRCPT TO:<c@d.example>' })).toMatchObject({
    json: { ok: false },
  });
  expect((await ask('/api/v1/channels/pigeon/test', {})).status).toBe(404);
});

test('mail and page are readable in light and dark and on a narrow phone, and a keyboard is enough to accept', async () => {
  await send('Cleo');
  const mail = await mailAbout('Cleo');
  const path = /http:\/\/baton\.company\.example(\/act\/\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const browser = await launch();
  try {
    for (const theme of ['light', 'dark'] as const)
      for (const width of [320, 1000]) {
        const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: 700 } });
        const page = await context.newPage();
        await page.goto(`${server.url}${path}?do=reject`);
        await page.getByRole('heading', { name: 'Cleo' }).waitFor();
        await expectNoAxeFindings(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        const letter = await context.newPage();
        await letter.setContent(mail?.html ?? '');
        await expectNoAxeFindings(letter);
        expect(await letter.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await letter.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
          theme === 'light' ? 'rgb(251, 250, 247)' : 'rgb(16, 19, 24)',
        );
        await context.close();
      }
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.url}${path}`);
    for (let n = 0; n < 20; n += 1) {
      await page.keyboard.press('Tab');
      if (await page.locator('button.go:focus').count()) break;
    }
    await page.keyboard.press('Enter');
    await page.getByText('Accepted by you').waitFor();
  } finally {
    await browser.close();
  }
  expect(await askOracles(database.pool)).toEqual([]);
});
