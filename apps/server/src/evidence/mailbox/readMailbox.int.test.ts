import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDelivery } from '../../channels/deliveryFixture.ts';
import { makeDeliveryMark } from '../../channels/mail/deliveryMark.ts';
import { makeMailSender } from '../../channels/mail/mailSender.ts';
import { allowAddress } from '../../channels/mail/refusedAddresses.ts';
import { makeTakeBounce } from '../../channels/mail/takeBounce.ts';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { askOracles } from '../../leaks/askOracles.ts';
import type { EvidenceDeps } from '../takeActivity.ts';
import { listActivities } from '../unmatched.ts';
import { type ImapServer, startImapServer } from './imapFixture.ts';
import { type MailboxAddress, mailboxAddress, readMailbox } from './readMailbox.ts';
import { watchMailbox } from './watchMailbox.ts';

let database: TestDatabase;
let node: Node;
let deps: EvidenceDeps;
let imap: ImapServer;
let address: MailboxAddress;
let url: string;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  deps = { pool: database.pool, acts: node.acts };
  imap = await startImapServer({ user: 'log@ours.example', password: 'p@ss "word"' });
  url = `imap://log%40ours.example:${encodeURIComponent('p@ss "word"')}@127.0.0.1:${imap.port}`;
  address = mailboxAddress(url);
});
afterAll(async () => {
  expect(await askOracles(database.pool)).toEqual([]);
  await node.intake.stop();
  await imap.stop();
  await database.drop();
});

let serial = 0;
const lead = async () => {
  serial += 1;
  const email = `person${serial}@firm${serial}.example`;
  const [receipt] = await node.intake.submit([makeDemoRequest(email)]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return { email, contactId: receipt.contactId as number };
};
const mail = (headers: { readonly [name: string]: string }, body = 'Hello'): string => {
  serial += 1;
  const all = { 'Message-ID': `<m${serial}@mail.example>`, Date: new Date().toUTCString(), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\n')}\n\n${body}\n`;
};
const seen = async (contactId: number) => {
  const { rows } = await database.pool.query<{ outcome: string; state: string; agent: string | null; why: string }>(
    'select outcome, state, agent, why from activity where contact_id = $1 order by id',
    [contactId],
  );
  const clock = await database.pool.query<{ how: string | null }>(
    `select k.how from handoff_clock k join handoff h on h.id = k.handoff_id
     where h.contact_id = $1 and k.kind = 'response' order by k.id desc limit 1`,
    [contactId],
  );
  return { activities: rows, response: clock.rows[0]?.how ?? null };
};

test('what was in the mailbox before is not read; what a rep writes to a lead is an attempt, once, and nothing is marked', async () => {
  const early = await lead();
  imap.append(mail({ From: 'rep1@sales.example', To: early.email }));
  expect(await readMailbox(deps, address)).toBe(0);
  expect((await seen(early.contactId)).activities).toEqual([]);

  const [ada, bo] = [await lead(), await lead()];
  const written = mail({
    From: '"Rep, One" <REP1@sales.example>',
    To: `Ada <${ada.email.toUpperCase()}>, "someone, else" <${bo.email}>`,
    Cc: 'rep2@sales.example, colleague@ours.example',
  });
  imap.append(written);
  imap.append(written);
  expect(await readMailbox(deps, address)).toBe(2);
  for (const { contactId } of [ada, bo])
    expect(await seen(contactId)).toMatchObject({
      activities: [{ outcome: 'sent', state: 'counted', agent: 'rep1@sales.example' }],
      response: 'kept',
    });
  expect(await readMailbox(deps, address)).toBe(0);
  expect(imap.refused).toEqual([]);
});

test('an answer is a conversation; an automatic one, a list’s and a forged one are kept and stop nothing', async () => {
  const one = await lead();
  const from = { From: `Ada <${one.email}>`, To: 'rep2@sales.example', Subject: 'Re: hello' };
  for (const headers of [
    { 'Auto-Submitted': 'auto-replied' },
    { 'X-Autoreply': 'yes' },
    { Precedence: 'bulk' },
    { 'List-Id': '<news.firm.example>' },
    { 'Authentication-Results': 'mx.ours.example; spf=fail;\n dmarc=fail header.from=firm.example' },
  ])
    imap.append(mail({ ...from, ...headers }));
  await readMailbox(deps, address);
  const after = await seen(one.contactId);
  expect(after.activities.map(({ state }) => state)).toEqual(['noted', 'noted', 'noted', 'noted', 'noted']);
  expect(after.response).toBeNull();

  imap.append(mail({ ...from, 'Auto-Submitted': 'no' }));
  await readMailbox(deps, address);
  const answered = await seen(one.contactId);
  expect(answered.activities.at(-1)).toMatchObject({
    outcome: 'replied',
    state: 'counted',
    agent: 'rep2@sales.example',
  });
  expect(answered.response).toBe('kept');
});

const bounce = (recipient: string, action: string) =>
  mail(
    {
      From: 'Mail Delivery System <MAILER-DAEMON@mx.ours.example>',
      To: 'rep1@sales.example',
      'Auto-Submitted': 'auto-replied',
      'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b',
    },
    `--b\nContent-Type: text/plain\n\nAction: failed is what a text may say\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.ours.example\n\nFinal-Recipient: rfc822; ${recipient}\nAction: ${action}\nStatus: 5.1.1\n\n--b--`,
  );

test('a mail that came back stops nothing and says so; one that is only late says nothing', async () => {
  const one = await lead();
  imap.append(bounce(one.email, 'delayed'));
  await readMailbox(deps, address);
  expect((await seen(one.contactId)).activities).toEqual([]);
  imap.append(bounce(one.email, 'failed'));
  await readMailbox(deps, address);
  expect(await seen(one.contactId)).toMatchObject({
    activities: [{ outcome: 'bounced', state: 'counted' }],
    response: null,
  });
});

test('a stranger’s mail is shown as unmatched, a newsletter of nobody we know is not, and a colleague’s copy neither', async () => {
  const unmatched = async () =>
    (await listActivities(database.pool, { state: 'unmatched', after: 0, limit: 100 })).length;
  const before = await unmatched();
  imap.append(mail({ From: 'stranger@nowhere.example', To: 'rep1@sales.example' }));
  imap.append(mail({ From: 'news@letters.example', To: 'rep1@sales.example', 'List-Id': '<news>' }));
  imap.append(mail({ From: 'rep1@sales.example', To: 'rep2@sales.example' }));
  imap.append('no header at all');
  await readMailbox(deps, address);
  expect(await unmatched()).toBe(before + 1);
});

test('two nodes read one mailbox as one; uids that mean something else are begun anew; gaps are passed over', async () => {
  const one = await lead();
  for (let n = 0; n < 4; n += 1) imap.append(mail({ From: one.email, To: 'rep1@sales.example' }));
  const both = await Promise.all([readMailbox(deps, address), readMailbox(deps, address)]);
  expect(both.filter((taken) => taken === 4)).toHaveLength(1);
  imap.renumber();
  expect(await readMailbox(deps, address)).toBe(0);
  const gap = imap.append(mail({ From: one.email, To: 'rep1@sales.example' }));
  imap.remove(gap);
  expect(await readMailbox(deps, address)).toBe(0);
  imap.append(mail({ From: one.email, To: 'rep1@sales.example' }));
  expect(await readMailbox(deps, address)).toBe(1);
  expect((await seen(one.contactId)).activities).toHaveLength(5);
});

test('a mailbox that refuses us is told and tried again, and reading stops when it is stopped', async () => {
  const errors: unknown[] = [];
  const wrong = watchMailbox(deps, url.replace('p%40ss', 'wrong'), {
    everyMs: 20,
    onError: (error) => errors.push(error),
  });
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(1);
  await wrong.stop();
  const one = await lead();
  const watch = watchMailbox(deps, url, { everyMs: 20, onError: (error) => errors.push(error) });
  imap.append(mail({ From: one.email, To: 'rep1@sales.example' }));
  await expect.poll(async () => (await seen(one.contactId)).activities.length, { timeout: 10_000 }).toBe(1);
  await watch.stop();
  const logins = imap.logins();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(imap.logins()).toBe(logins);
});

test('a server that tells by itself is heard at once, over one connection, and again after it hung up', async () => {
  const told = await startImapServer({ user: 'log', password: 'secret', idles: true });
  const errors: unknown[] = [];
  const watch = watchMailbox(deps, `imap://log:secret@127.0.0.1:${told.port}`, {
    everyMs: 300,
    onError: (error) => errors.push(error),
  });
  const one = await lead();
  const count = async () => (await seen(one.contactId)).activities.length;
  await expect.poll(() => told.looks(), { timeout: 10_000 }).toBe(1);
  for (let n = 1; n <= 3; n += 1) {
    told.append(mail({ From: one.email, To: 'rep1@sales.example' }));
    await expect.poll(count, { timeout: 10_000, interval: 20 }).toBe(n);
  }
  expect(told.logins()).toBe(1);
  // a look for each mail, and none in between
  expect(told.looks()).toBeLessThanOrEqual(5);
  told.hangUp();
  told.append(mail({ From: one.email, To: 'rep1@sales.example' }));
  await expect.poll(count, { timeout: 10_000 }).toBe(4);
  expect(told.logins()).toBe(2);
  expect(errors).toHaveLength(1);
  const before = Date.now();
  await watch.stop();
  expect(Date.now() - before).toBeLessThan(2_000);
  await told.stop();
});

test('a notice of ours that came back marks the address, tells the rep and their manager, and takes another way', async () => {
  const { pool } = database;
  const secret = Buffer.alloc(32, 3);
  const one = await lead();
  const handoff = await pool.query<{ id: number }>('select id from handoff where contact_id = $1', [one.contactId]);
  const handoffId = handoff.rows[0]?.id ?? 0;
  await pool.query('update rep set manager_id = 2 where id = 1');
  const key = `${handoffId}:7:email`;
  await pool.query(
    `insert into delivery (next_at, created_at, closed_at, state, key, channel, destination, rep_id, handoff_id, contact_id,
       decision_id, about, subject, body, attempts)
     values (1, 1, 2, 'sent', $1, 'email', 'email rep:1', 1, $2, $3, $2, 'note', 'Ada', 'Body', 1)`,
    [key, handoffId, one.contactId],
  );
  await pool.query(
    `insert into delivery_attempt (delivery_id, n, at, took_ms, outcome, node, detail)
     select id, 1, 1, 1, 'sent', 'x', '250' from delivery where key = $1`,
    [key],
  );
  const takeBounce = makeTakeBounce({ pool, secret, setUp: ['email', 'slack'] });
  const report = (mark: string, status = '5.1.1') =>
    mail(
      {
        From: 'MAILER-DAEMON@mx.ours.example',
        To: 'baton@ours.example',
        'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b',
      },
      `--b\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; rep1@sales.example\nAction: failed\nStatus: ${status}\nDiagnostic-Code: smtp; 550 5.1.1 no such\n user here\n\n--b\nContent-Type: text/rfc822-headers\n\nFrom: baton@ours.example\nX-Baton-Delivery: ${mark}\nSubject: Ada\n\n--b--`,
    );
  const marked = async () => (await pool.query('select address, said from refused_address')).rows;
  const read = () => readMailbox({ ...deps, takeBounce }, address);

  // anybody can write a report: without our mark it is none of ours
  imap.append(report(`${key} ${'A'.repeat(43)}`));
  // a full mailbox comes back too, and is no fault of the address
  imap.append(report(makeDeliveryMark(key, secret), '5.2.2'));
  expect(await read()).toBe(2);
  expect(await marked()).toEqual([]);

  imap.append(report(makeDeliveryMark(key, secret)));
  imap.append(report(makeDeliveryMark(key, secret)));
  expect(await read()).toBe(2);
  expect(await marked()).toEqual([{ address: 'rep1@sales.example', said: '550 5.1.1 no such user here' }]);
  const told = await pool.query<{ rep_id: number; subject: string }>(
    `select rep_id, subject from notification where handoff_id = $1 and effect_index >= 100000 order by rep_id`,
    [handoffId],
  );
  expect(told.rows).toEqual([
    { rep_id: 1, subject: 'Your address takes no mail: Ada' },
    { rep_id: 2, subject: expect.stringContaining('is not reached by mail: Ada') },
  ]);
  const other = await pool.query<{ key: string; body: string }>(
    `select key, body from delivery where channel = 'slack' and handoff_id = $1`,
    [handoffId],
  );
  expect(other.rows).toEqual([
    { key: `${handoffId}:7:slack`, body: expect.stringContaining('the mail to rep1@sales.example came back') },
  ]);
  const alerts = await pool.query(`select kind, count from alert where key = 'refused rep1@sales.example'`);
  expect(alerts.rows).toEqual([{ kind: 'address-refused', count: 2 }]);

  // what is to go there next takes another way at once, until somebody says that it works again
  const next = await makeDelivery(pool, 'email', { handoffId, repId: 1 });
  const sent: unknown[] = [];
  const smtp = { send: async (one: unknown) => ({ ok: sent.push(one) > 0, answer: '250' }) as never } as never;
  const identity = { from: 'baton@ours.example', replyTo: null, links: { publicUrl: 'https://b.example', secret } };
  const sender = makeMailSender({ pool, smtp, identity, now: Date.now });
  const quiet = new AbortController().signal;
  expect(await sender.send(next, quiet)).toMatchObject({ ok: false, noWay: { kind: 'address-refused' } });
  expect(sent).toEqual([]);
  expect(await allowAddress(pool, 'REP1@sales.example', 'Mia')).toBe(true);
  expect(await sender.send(next, quiet)).toMatchObject({ ok: true });
  expect(await marked()).toEqual([]);
  await pool.query(`delete from delivery where key like 'test:%' or channel = 'slack'`);
});
