/** A way that nobody set up, and a mail that comes back: what a running server does about each, with a real mail server and mailbox. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmtp } from '../apps/server/src/channels/mail/smtpFixture.ts';
import { readConfig } from '../apps/server/src/config.ts';
import { createTestDatabase, type TestDatabase } from '../apps/server/src/database/testDatabase.ts';
import { type ImapServer, startImapServer } from '../apps/server/src/evidence/mailbox/imapFixture.ts';
import { offeringPolicy } from '../apps/server/src/intake/intakeFixture.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { type RunningServer, startServer } from '../apps/server/src/startServer.ts';
import { prepareCompany } from './processes/prepareCompany.ts';

let database: TestDatabase;
let server: RunningServer;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let imap: ImapServer;
let key: string;
const mistakes: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  smtp = await startSmtp();
  imap = await startImapServer({ user: 'baton', password: 'secret', idles: true });
  ({ key } = await prepareCompany(
    database.connection,
    offeringPolicy().replace('via: in-app', 'via: [in-app, slack]'),
  ));
  server = await startServer({
    config: readConfig({
      BATON_PORT: '0',
      BATON_SMTP_URL: smtp.url,
      BATON_MAIL_FROM: 'Baton <baton@company.example>',
      BATON_MAILBOX: `imap://baton:secret@127.0.0.1:${imap.port}`,
    }),
    connection: database.connection,
    onMistake: (error) => mistakes.push(error),
  });
});
afterAll(async () => {
  await server?.stop();
  await smtp?.stop();
  await imap?.stop();
  await database?.drop();
});

const send = async (name: string) => {
  const userId = name.toLowerCase();
  const email = `${userId}@${userId}.example`;
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      batch: [
        { type: 'identify', userId, traits: { email, name } },
        { type: 'track', userId, event: 'Demo Requested' },
      ],
    }),
  });
  expect(answer.status).toBe(200);
};
const mailAbout = async (name: string) => {
  await expect.poll(() => smtp.mails.some((mail) => mail.text.startsWith(name)), { timeout: 10_000 }).toBe(true);
  return smtp.mails.find((mail) => mail.text.startsWith(name));
};
const alerts = async () =>
  (await database.pool.query<{ key: string }>('select key from alert where closed_at is null order by key')).rows.map(
    (row) => row.key,
  );

test('what is to go by Slack, which nobody set up, is mailed within seconds, with one alert', async () => {
  const started = Date.now();
  await send('Ada');
  await send('Bob');
  expect((await mailAbout('Ada'))?.text).toContain('slack is not set up here');
  await mailAbout('Bob');
  expect(Date.now() - started).toBeLessThan(10_000);
  const { rows } = await database.pool.query(`select distinct state from delivery where channel = 'slack'`);
  expect(rows).toEqual([{ state: 'superseded' }]);
  expect(await alerts()).toEqual(['unset slack']);
});

test('a mail that comes back hours later marks the address; the next notice does not go there', async () => {
  // what was there before its first look is not read
  await expect.poll(() => imap.looks(), { timeout: 20_000 }).toBeGreaterThan(0);
  const mail = await mailAbout('Ada');
  const mark = mail?.headers.get('x-baton-delivery') ?? '';
  const { rows } = await database.pool.query<{ email: string; rep_id: number }>(
    'select r.email, r.id as rep_id from delivery d join rep r on r.id = d.rep_id where d.key = $1',
    [mark.split(' ')[0]],
  );
  const { email = '', rep_id: repId } = rows[0] ?? {};
  imap.append(
    `Message-ID: <bounce@mx>\nFrom: MAILER-DAEMON@mx.example\nTo: baton@company.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ${email}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\nX-Baton-Delivery: ${mark}\n\n--b--\n`,
  );
  await expect.poll(alerts, { timeout: 10_000 }).toContain(`refused ${email}`);
  const told = await database.pool.query(
    `select 1 from notification where rep_id = $1 and subject like 'Your address takes no mail%'`,
    [repId],
  );
  expect(told.rowCount).toBe(1);

  // by turns the same rep is asked again before long
  for (let n = 0; n < 6; n += 1) await send(`Cid${n}`);
  const closed = async () =>
    (
      await database.pool.query(
        `select 1 from delivery where channel = 'email' and rep_id = $1 and state = 'superseded' and closed_reason like '%takes no mail%'`,
        [repId],
      )
    ).rowCount;
  await expect.poll(closed, { timeout: 15_000 }).toBeGreaterThan(0);
  expect(await askOracles(database.pool)).toEqual([]);
  expect(mistakes).toEqual([]);
});
