import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import { judgeActionToken } from '../actionToken.ts';
import { makeDelivery } from '../deliveryFixture.ts';
import { removeOwnTemplate, saveOwnTemplate } from '../templates/messageTemplates.ts';
import type { MailIdentity } from './composeMail.ts';
import { makeMailSender } from './mailSender.ts';
import { openSmtp, type Smtp } from './smtp.ts';
import { startSmtp } from './smtpFixture.ts';

let database: TestDatabase;
let node: Node;
let server: Awaited<ReturnType<typeof startSmtp>>;
let smtp: Smtp;
const secret = Buffer.alloc(32, 7);
const identity: MailIdentity = {
  from: 'Baton <baton@company.example>',
  replyTo: 'sales-ops@company.example',
  links: { publicUrl: 'https://baton.company.example', secret },
};
const quiet = new AbortController().signal;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
  server = await startSmtp({
    refuse: (address) =>
      address.startsWith('rep5@')
        ? { code: 550, say: 'no such user here' }
        : address.startsWith('full@')
          ? { code: 452, say: 'mailbox full' }
          : null,
  });
  smtp = openSmtp(server.url);
});
afterAll(async () => {
  smtp.close();
  await server.stop();
  await node.intake.stop();
  await database.drop();
});

const sender = (over: { smtp?: Smtp } = {}) =>
  makeMailSender({ pool: database.pool, smtp, identity, now: Date.now, ...over });

const lead = async (email: string): Promise<number> => {
  await node.intake.submit([makeDemoRequest(email)]);
  const { rows } = await database.pool.query<{ id: number }>(
    'select h.id from handoff h join contact c on c.id = h.contact_id where c.email = $1',
    [email],
  );
  return rows[0]?.id ?? 0;
};

test('a notice arrives as text and HTML that say the same, with the headers of a program that writes to people', async () => {
  const handoffId = await lead('ada@acme.example');
  const delivery = await makeDelivery(database.pool, 'email', {
    handoffId,
    subject: 'Ada Ames, Acme <Ltd>',
    body: 'asked for a demo.\n\n<b>bold</b> & more',
  });
  expect(await sender().send(delivery, quiet)).toMatchObject({ ok: true });
  const mail = server.mails.at(-1);
  if (mail === undefined) throw new Error('no mail came');
  const { rows } = await database.pool.query<{ email: string }>('select email from rep where id = $1', [
    delivery.repId,
  ]);
  expect(mail.to).toEqual([rows[0]?.email]);
  expect(mail.headers.get('subject')).toBe('Ada Ames, Acme <Ltd>');
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.headers.get('list-id')).toBe('Baton handoffs <handoffs.baton.company.example>');
  expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  expect(mail.headers.get('reply-to')).toBe('sales-ops@company.example');
  expect(mail.headers.get('message-id')).toMatch(/^<[0-9a-f]{32}@baton\.company\.example>$/);
  expect(mail.headers.has('in-reply-to')).toBe(false);

  const link = /https:\/\/baton\.company\.example\/act\/(\S+)/.exec(mail.text)?.[1] ?? '';
  expect(judgeActionToken(link, Date.now(), secret)).toEqual({
    is: 'good',
    claim: { handoffId, repId: delivery.repId, deliveryId: delivery.id, madeAt: delivery.createdAt },
  });
  expect(mail.headers.get('list-unsubscribe')).toBe(`<https://baton.company.example/act/${link}/off>`);
  for (const said of ['Name of ada@acme.example', 'Accept by', 'First contact by', 'Why', `/act/${link}?do=reject`]) {
    expect(mail.html).toContain(said);
    if (!said.startsWith('/act')) expect(mail.text).toContain(said);
  }
  expect(mail.html).toContain('&lt;b&gt;bold&lt;/b&gt; &amp; more');
  expect(mail.html).not.toContain('<b>bold');
  expect(mail.html).not.toMatch(/<script|<img|<link|url\(/i);
  // sent again it is the same message to whoever counts
  await sender().send({ ...delivery, attempt: 2 }, quiet);
  expect(server.mails.at(-1)?.headers.get('message-id')).toBe(mail.headers.get('message-id'));
});

test('mails about one handoff are one thread: the later ones answer the first, under its subject', async () => {
  const handoffId = await lead('bea@acme2.example');
  const first = await makeDelivery(database.pool, 'email', { handoffId, subject: 'Bea, Acme' });
  const second = await makeDelivery(database.pool, 'email', {
    handoffId,
    about: 'promise',
    subject: 'Reminder: first contact is due soon',
    body: '42 minutes are left.',
  });
  await sender().send(first, quiet);
  const root = server.mails.at(-1)?.headers.get('message-id');
  await sender().send(second, quiet);
  const reply = server.mails.at(-1);
  expect(reply?.headers.get('in-reply-to')).toBe(root);
  expect(reply?.headers.get('references')).toBe(root);
  expect(reply?.headers.get('message-id')).not.toBe(root);
  expect(reply?.headers.get('subject')).toBe('Re: Bea, Acme');
  expect(reply?.text).toContain('Reminder: first contact is due soon');
  expect(reply?.html).toContain('42 minutes are left.');
});

test('no name, subject or address can begin a header of its own', async () => {
  const handoffId = await lead('eve@acme3.example');
  const delivery = await makeDelivery(database.pool, 'email', {
    handoffId,
    subject: 'Eve\r\nBcc: victim@elsewhere.example\r\n\r\nNew body',
    body: 'x\r\n.\r\nMAIL FROM:<evil@evil.example>',
  });
  await database.pool.query(`update rep set name = $1 where id = $2`, [
    'Rep\r\nBcc: other@elsewhere.example',
    delivery.repId,
  ]);
  await sender().send(delivery, quiet);
  const mail = server.mails.at(-1);
  expect(mail?.to).toHaveLength(1);
  expect(mail?.headers.has('bcc')).toBe(false);
  expect(mail?.headers.get('subject')).toBe('Eve Bcc: victim@elsewhere.example New body');
  expect(mail?.text).toContain('MAIL FROM:<evil@evil.example>');
  for (const address of ['a@b.example,c@d.example', 'a@b.example\nRCPT TO:<c@d.example>', '<a@b.example>', 'nobody']) {
    const count = server.mails.length;
    const place = await makeDelivery(database.pool, 'email', { handoffId, place: address });
    expect(await sender().send(place, quiet)).toMatchObject({ ok: false, retry: false });
    expect(server.mails).toHaveLength(count);
  }
});

test('a refused address is for good and told to its owner in the app; a full one is tried again', async () => {
  const handoffId = await lead('fay@acme4.example');
  const { rows } = await database.pool.query<{ id: number }>(`select id from rep where email like 'rep5@%'`);
  const refused = await makeDelivery(database.pool, 'email', { handoffId, repId: rows[0]?.id ?? 0 });
  const result = await sender().send(refused, quiet);
  expect(result).toMatchObject({ ok: false, retry: false, detail: expect.stringContaining('no such user here') });
  await sender().send(refused, quiet);
  const told = await database.pool.query<{ body: string }>(
    `select body from notification where rep_id = $1 and subject like 'Your address takes no mail%'`,
    [rows[0]?.id],
  );
  expect(told.rows).toHaveLength(1);
  expect(told.rows[0]?.body).toContain('no such user here');

  const full = await makeDelivery(database.pool, 'email', { handoffId, place: 'full@sales.example' });
  expect(await sender().send(full, quiet)).toMatchObject({ ok: false, retry: true });
});

test('a rep who switched mails off gets none, and the log says why', async () => {
  const handoffId = await lead('gus@acme5.example');
  const delivery = await makeDelivery(database.pool, 'email', { handoffId });
  await database.pool.query(`insert into channel_off (rep_id, channel) values ($1, 'email')`, [delivery.repId]);
  const count = server.mails.length;
  expect(await sender().send(delivery, quiet)).toMatchObject({ ok: true, detail: expect.stringContaining('switched') });
  expect(server.mails).toHaveLength(count);
});

test('a server that does not answer holds an attempt no longer than its time', async () => {
  const handoffId = await lead('hal@acme6.example');
  const delivery = await makeDelivery(database.pool, 'email', { handoffId, place: 'someone@sales.example' });
  const never: Smtp = { ...smtp, send: () => new Promise(() => {}) };
  await expect(sender({ smtp: never }).send(delivery, AbortSignal.timeout(50))).rejects.toThrow(/did not answer/);
});

test('a test by hand shows the conversation, without the password', async () => {
  const guarded = await startSmtp({ auth: true });
  const way = openSmtp(guarded.url);
  const handoffId = await lead('ida@acme7.example');
  const delivery = await makeDelivery(database.pool, 'email', { handoffId, place: 'ops@company.example' });
  const { composeMail } = await import('./composeMail.ts');
  const { readNoticeFacts } = await import('../noticeFacts.ts');
  const facts = await readNoticeFacts(database.pool, delivery);
  const to = { name: '', address: 'ops@company.example' };
  const outcome = await way.sendAloud(composeMail(identity, delivery, facts, to, Date.now()));
  const said = outcome.transcript.join('\n');
  expect(outcome.ok).toBe(true);
  expect(said).toContain('C: RCPT TO:<ops@company.example>');
  expect(said).toMatch(/S: 250 /);
  for (const hidden of [
    's3cret-word',
    Buffer.from('\0baton\0s3cret-word').toString('base64'),
    Buffer.from('s3cret-word').toString('base64'),
  ])
    expect(said).not.toContain(hidden);
  way.close();
  await guarded.stop();
});

test('a company words its mails itself: tokens filled and escaped, the thread keeps its subject', async () => {
  const { pool } = database;
  const refused = await saveOwnTemplate(pool, 'mail', { subject: '{{ contact.nmae }}', html: 'x' }, 'Mia');
  expect(refused.ok ? [] : refused.error).toEqual([
    { code: 'unknown-token', say: expect.stringContaining('contact.name') },
  ]);
  expect((await saveOwnTemplate(pool, 'mail', { subject: 'x', html: '<script>x</script>' }, 'Mia')).ok).toBe(false);
  const words = { subject: 'New: {{ contact.name }}', html: '<p>Hi {{ owner.name }}, call {{ contact.name }}.</p>' };
  expect((await saveOwnTemplate(pool, 'mail', words, 'Mia')).ok).toBe(true);
  const handoffId = await lead('jan@acme9.example');
  await sender().send(await makeDelivery(pool, 'email', { handoffId, subject: 'not this' }), quiet);
  const mail = server.mails.at(-1);
  expect(mail?.headers.get('subject')).toBe('New: Name of jan@acme9.example');
  expect(mail?.html).toMatch(/<p>Hi [^<]+, call Name of jan@acme9\.example\.<\/p>/);
  expect(mail?.text).toContain('call Name of jan@acme9.example.');
  await sender().send(await makeDelivery(pool, 'email', { handoffId, subject: 'Reminder' }), quiet);
  expect(server.mails.at(-1)?.headers.get('subject')).toBe('Re: New: Name of jan@acme9.example');
  expect(server.mails.at(-1)?.text).toContain('Reminder');
  expect(await removeOwnTemplate(pool, 'mail')).toBe(true);
});
