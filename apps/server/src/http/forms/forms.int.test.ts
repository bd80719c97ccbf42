import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serverSecret } from '../../access/serverSecret.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testDatabase.ts';
import type { IncomingEvent, Submit } from '../../intake/incomingEvent.ts';
import { makeSurfaces } from '../httpFixture.ts';
import { describeForm, listForms, makeForms, readForm } from './form.ts';
import { makeFormToken } from './formToken.ts';

let database: TestDatabase;
let app: FastifyInstance;
let secret: Buffer;
let taken: IncomingEvent[] = [];
let now = Date.now();

const submit: Submit = async (batch) => {
  taken.push(...batch);
  return batch.map(() => ({ outcome: 'accepted' as const }));
};

beforeAll(async () => {
  database = await createTestDatabase();
  secret = await serverSecret(database.pool, 'form-token');
  const made = await makeSurfaces(database.pool, submit, { now: () => now, trustedProxies: ['127.0.0.1'] });
  app = made.app;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() => {
  taken = [];
  // every test is a new minute's sender
  now += 3_600_000;
});

const send = (payload: string | object, headers: Record<string, string> = {}, form = 'demo') =>
  app.inject({
    method: 'POST',
    url: `/forms/${form}`,
    headers: { host: 'localhost', ...headers },
    payload: payload as never,
  });
const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
const goodToken = (form = 'demo') => makeFormToken(form, now - 5_000, secret);
const quarantined = async () =>
  (await database.pool.query<{ code: string; detail: string }>('select code, detail from quarantine order by id')).rows;

test('a form with its token is taken with the trust of a form; without, with that of a browser', async () => {
  const fields = {
    email: 'ann@corp.example',
    first_name: 'Ann',
    company: 'Corp',
    message: 'Hello\nworld',
    utm_source: 'google',
    utm_medium: 'cpc',
  };
  const sent = await send(new URLSearchParams({ ...fields, baton_token: goodToken() }).toString(), asForm);
  expect(sent.json()).toMatchObject({ success: true });
  expect(taken[0]).toMatchObject({
    trust: 'form',
    name: 'Form Submitted',
    identity: { email: 'ann@corp.example' },
    touch: { source: 'paid', form: 'demo' },
    properties: { form: 'demo', message: 'Hello\nworld', consent: { answer: 'not-asked' } },
  });
  expect(taken[0]?.claims).toContainEqual({ path: 'contact.first-name', value: 'Ann' });
  expect(taken[0]?.companyClaims).toEqual([{ path: 'company.name', value: 'Corp' }]);
  expect((await send(fields)).json()).toMatchObject({ success: true, warnings: ['form_token_missing'] });
  expect(taken[1]?.trust).toBe('browser');
});

test('multipart text is read, files are not taken', async () => {
  const part = (name: string, value: string, more = '') =>
    `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const type = { 'content-type': 'multipart/form-data; boundary=B' };
  expect(
    (await send(`${part('email', 'ann@corp.example')}${part('phone', '+49 30 1234')}--B--\r\n`, type)).statusCode,
  ).toBe(200);
  expect(taken[0]?.identity).toEqual({ email: 'ann@corp.example', phone: '+49 30 1234' });
  const file = await send(
    `${part('email', 'a@b.example')}${part('cv', '<svg onload=alert(1)>', '; filename="x.svg"')}--B--\r\n`,
    type,
  );
  expect(file.statusCode).toBe(415);
  expect((await send(part('email', 'a@b.example'), type)).statusCode).toBe(400);
  expect((await send('x', { 'content-type': 'multipart/form-data' })).statusCode).toBe(400);
  const json = await send({ email: 'x@a.example', files: { cv: { filepath: '/etc/passwd' } } });
  expect([json.statusCode, json.json().code]).toEqual([415, 'unsupported_media_type']);
});

test('the honeypot, forged and hasty tokens look like success and are set aside', async () => {
  const before = (await quarantined()).length;
  for (const fields of [
    { email: 'x@a.example', website_url_hp: 'http://spam' },
    { email: 'x@a.example', baton_token: 'forged' },
    { email: 'x@a.example', baton_token: makeFormToken('demo', now - 100, secret) },
  ]) {
    expect((await send(fields)).json()).toMatchObject({ success: true });
  }
  expect(taken).toEqual([]);
  expect((await quarantined()).slice(before).map((row) => row.code)).toEqual(Array(3).fill('spam_suspect'));
});

test('a page left open overnight is taken as a suspect, once; a fresh one says that it is none', async () => {
  const stale = makeFormToken('demo', now - 90_000_000, secret);
  const before = (await quarantined()).length;
  for (const token of [stale, stale, goodToken()])
    expect((await send({ email: 'ann@corp.example', baton_token: token })).json()).toMatchObject({ success: true });
  expect((await quarantined()).length).toBe(before);
  expect(taken.map((event) => event.trust)).toEqual(['form', 'form', 'form']);
  expect(taken[0]?.messageKey).toBe(taken[1]?.messageKey);
  expect(taken[0]?.claims).toContainEqual({ path: 'contact.spam-suspect', value: true });
  expect(taken[2]?.claims).toContainEqual({ path: 'contact.spam-suspect', value: false });
});

test('one token is one submission: the same again carries the same message key', async () => {
  const token = goodToken();
  await send({ email: 'ann@corp.example', baton_token: token });
  await send({ email: 'ann@corp.example', baton_token: token });
  expect(taken[0]?.messageKey).toBe(taken[1]?.messageKey);
  expect(taken[0]?.payloadHash).toEqual(taken[1]?.payloadHash);
});

test('only declared fields are kept, and 500 of them are refused', async () => {
  await send({ email: 'ann@corp.example', shoe_size: '44', role: 'admin', ownerId: 'rep' });
  expect(Object.keys(taken[0]?.properties ?? {})).toEqual(['form', 'email', 'consent']);
  await describeForm(database.pool, 'shoes', 'Shoes', { fields: ['shoe_size'], event: 'Demo Requested' });
  await send({ email: 'ann@corp.example', shoe_size: '44' }, {}, 'shoes');
  expect(taken[1]).toMatchObject({ name: 'Demo Requested', properties: { shoe_size: '44' } });
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, 'x']));
  expect((await send({ email: 'a@b.example', ...many })).json().code).toBe('too_many_fields');
});

test('one address or none: header injection and lists are refused', async () => {
  for (const email of [
    'x@a.example\r\nBcc: v@evil.example',
    'a@good.example, b@evil.example',
    'Group: b@evil.example;',
  ]) {
    const answer = await send({ email });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'invalid_email']);
  }
  expect((await send({ first_name: 'A' })).json().code).toBe('identity_required');
  await send({ email: 'x@a.example', firstName: 'A\r\nSubject: hi' });
  expect(taken[0]?.claims).toContainEqual({ path: 'contact.first-name', value: 'A Subject: hi' });
});

test('consent absent, refused and given are three different records with form version and wording', async () => {
  for (const consent of [undefined, false, 'on'])
    await send({ email: 'x@a.example', ...(consent === undefined ? {} : { consent }) });
  expect(taken.map((event) => (event.properties['consent'] as { answer: string }).answer)).toEqual([
    'not-asked',
    'refused',
    'given',
  ]);
  expect(taken[2]?.properties['consent']).toMatchObject({
    form: 'demo',
    'form-version': expect.any(String),
    'wording-hash': expect.any(String),
    at: now,
  });
  expect(taken.map((event) => event.claims.find((claim) => claim.path === 'contact.email-consent')?.value)).toEqual([
    undefined,
    false,
    true,
  ]);
});

test('a browser is sent on only to where the form allows', async () => {
  const page = { ...asForm, accept: 'text/html' };
  const go = (redirect: string, form = 'demo', headers: Record<string, string> = {}) =>
    send(new URLSearchParams({ email: 'ann@corp.example', redirect }).toString(), { ...page, ...headers }, form);
  await describeForm(database.pool, 'landing', 'Landing', { redirects: ['https://us.example'] });
  expect((await go('https://us.example/thanks', 'landing')).headers.location).toBe('https://us.example/thanks');
  for (const target of [
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    'https://us.example.evil.example/',
  ]) {
    const answer = await go(target, 'landing');
    expect([answer.statusCode, answer.headers.location]).toEqual([200, undefined]);
    expect(answer.body).toContain('Thank you');
  }
  expect((await go('https://own.example/ok', 'demo', { origin: 'https://own.example' })).statusCode).toBe(303);
  const wrong = await send('email=<script>', { ...page });
  expect([wrong.statusCode, wrong.headers['content-type']]).toEqual([422, 'text/html; charset=utf-8']);
  expect(wrong.body).not.toContain('<script>');
});

test('one place may send twenty at once and ten a minute; refused ones don’t count', async () => {
  for (let index = 0; index < 30; index += 1) expect((await send({ email: 'no' })).statusCode).toBe(422);
  const statuses: number[] = [];
  for (let index = 0; index < 25; index += 1) statuses.push((await send({ email: `x${index}@a.example` })).statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(statuses.at(-1)).toBe(429);
});

test('a flood from many places is set aside, and other forms go on', async () => {
  const before = (await quarantined()).length;
  for (let index = 0; index < 310; index += 1) {
    const from = { 'x-forwarded-for': `198.51.${index >> 8}.${index & 255}` };
    expect((await send({ email: `x${index}@a.example` }, from, 'flooded')).statusCode).toBe(200);
  }
  expect(taken).toHaveLength(300);
  expect((await quarantined()).slice(before).map((row) => row.code)).toEqual(Array(10).fill('flood'));
  await send({ email: 'calm@a.example' }, {}, 'calm');
  expect(taken.at(-1)?.identity.email).toBe('calm@a.example');
});

test('the token and the script that adds it are there for every form, and nothing about visitors', async () => {
  const get = (path: string) => app.inject({ url: path, headers: { host: 'localhost' } });
  expect((await get('/forms/demo?visitor=2')).json()).toEqual({ id: 'demo', name: 'demo' });
  expect((await get('/forms/demo/token')).json()).toEqual({ token: expect.stringMatching(/^[\w.-]{50,}$/) });
  expect((await get('/forms/demo/embed.js')).headers['content-type']).toContain('javascript');
  expect((await get('/forms/..%2fetc/token')).statusCode).toBe(404);
});

test('the list of forms says of each what is said of it alone', async () => {
  await describeForm(database.pool, 'webinar', 'Webinar', { event: 'Webinar Registered' });
  await describeForm(database.pool, 'contact-us', 'Contact us', {});
  const forms = await listForms(database.pool);
  for (const form of forms) expect(await readForm(database.pool, form.id)).toEqual(form);
  expect(forms.find((form) => form.id === 'webinar')?.settings.event).toBe('Webinar Registered');
  expect(forms.find((form) => form.id === 'contact-us')?.settings.event).toBe('Form Submitted');
});

test('past the most forms that there may be, a made-up one works under a shared source and makes no row', async () => {
  await database.pool.query(
    `insert into form (id, source_id, name)
     select 'made-up-' || n, (select min(id) from source), 'made up' from generate_series(1, 1000) n`,
  );
  const { rows: before } = await database.pool.query('select count(*) as n from form');
  const find = makeForms(database.pool, () => now);
  for (const id of ['one-more', 'two-more']) expect((await find(id))?.sourceName).toBe('other forms');
  expect((await database.pool.query('select count(*) as n from form')).rows).toEqual(before);
  expect(await listForms(database.pool)).toHaveLength(1_000);
});
