import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../database/testDatabase.ts';
import { startCompany } from '../../intake/companyFixture.ts';
import { makeDemoRequest, type Node, offeringPolicy } from '../../intake/intakeFixture.ts';
import type { GuardedFetch } from '../../net/guardedFetch.ts';
import { makeDelivery } from '../deliveryFixture.ts';
import { openTeams } from './openTeams.ts';

let database: TestDatabase;
let node: Node;
let answer = { status: 202, body: '', headers: {} as { readonly [name: string]: string } };
const posted: {
  readonly url: string;
  readonly card: Record<string, never> | { attachments: { content: unknown }[] };
}[] = [];
const URL_SET = 'https://prod.example/workflows/secret-part/run';
const quiet = new AbortController().signal;

beforeAll(async () => {
  ({ database, node } = await startCompany(offeringPolicy()));
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

/** Takes cards as Teams does: as JSON, of at most 28 kB. */
const guardedFetch: GuardedFetch = async (url, request = {}) => {
  const body = request.body ?? '';
  expect(request.headers?.['content-type']).toBe('application/json');
  expect(Buffer.byteLength(body)).toBeLessThan(28_000);
  posted.push({ url, card: JSON.parse(body) });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(answer.body), cut: false };
};
const open = (url: string | null = URL_SET) =>
  openTeams(url, {
    pool: database.pool,
    guardedFetch,
    now: Date.now,
    links: { publicUrl: 'https://baton.company.example', secret: Buffer.alloc(32) },
  });

test('a place gets a card with the reason, the clock and a link; what people wrote is no markup and fits', async () => {
  await node.intake.submit([makeDemoRequest('ada@acme.example')]);
  const { rows } = await database.pool.query<{ id: number }>('select max(id) as id from handoff');
  await database.pool.query(`update contact set name = '**Ada** [x](https://evil.example)' || repeat('y', 30000)`);
  const delivery = await makeDelivery(database.pool, 'teams', { handoffId: rows[0]?.id ?? 0, place: 'deal desk' });
  expect(await open().sender?.send(delivery, quiet)).toEqual({ ok: true, detail: 'HTTP 202' });
  const text = JSON.stringify(posted.at(-1)?.card);
  expect(posted.at(-1)?.url).toBe(URL_SET);
  expect(text).toContain('"type":"AdaptiveCard"');
  expect(text).toContain('"url":"https://baton.company.example/handoffs/');
  expect(text).toMatch(/Accept by.*First contact by/s);
  expect(text).toContain('\\\\*\\\\*Ada\\\\*\\\\* \\\\[x\\\\]');
  expect(text).not.toContain('secret-part');
});

test('what Teams answers decides whether it is tried again; its address is never shown', async () => {
  const delivery = await makeDelivery(database.pool, 'teams', { handoffId: 1, place: 'x' });
  const say = async (status: number, body = '', headers = {}) => {
    answer = { status, body, headers };
    return open().sender?.send(delivery, quiet);
  };
  expect(await say(429, '', { 'retry-after': '9' })).toMatchObject({ ok: false, retry: true, retryAfterMs: 9_000 });
  expect(await say(503)).toMatchObject({ ok: false, retry: true });
  expect(await say(400, 'bad card')).toMatchObject({ ok: false, retry: false, detail: 'HTTP 400: bad card' });
  expect(await say(410)).toMatchObject({ ok: false, gone: true });
  // an old connector says so in the body of a 200
  expect(await say(200, 'Microsoft Teams endpoint returned HTTP error 429 with ContextId x')).toMatchObject({
    ok: false,
    retry: true,
  });
  answer = { status: 202, body: '', headers: {} };
  const tested = await open().test(undefined);
  expect(tested).toEqual({ ok: true, say: 'HTTP 202', transcript: ['POST https://prod.example/...', 'HTTP 202'] });
  expect(open(null).sender).toBeNull();
});
