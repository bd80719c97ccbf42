import { expect, test } from 'vitest';
import { ApiError, makeClient } from './client.ts';
import { readContact } from './contacts.ts';
import { HANDOFF_ACTS } from './handoffActs.ts';

type Seen = { url: string; init: { method: string; headers: Record<string, string>; body?: string } };

const answering = (status: number, body: string) => {
  const seen: Seen[] = [];
  const call = makeClient(async (url, init) => {
    seen.push({ url, init });
    return { status, ok: status < 400, text: async () => body };
  }, 'http://baton.example');
  return { seen, call };
};

test('a call goes to the operation’s path with its parameters and answers what the contract says', async () => {
  const { seen, call } = answering(
    200,
    JSON.stringify({ handoffId: 7, contactId: 3, outcome: 'accepted', decisionId: 9 }),
  );
  const acted = await call(
    HANDOFF_ACTS.reject,
    { params: { id: 7 }, body: { reason: 'bad-fit' } },
    { idempotencyKey: 'once' },
  );
  expect(acted.outcome).toBe('accepted');
  expect(seen[0]?.url).toBe('http://baton.example/api/v1/handoffs/7/reject');
  expect(seen[0]?.init.headers['idempotency-key']).toBe('once');
  expect(JSON.parse(seen[0]?.init.body ?? '')).toEqual({ reason: 'bad-fit' });
});

test('an answer that the contract does not know is an error, not data', async () => {
  const { call } = answering(200, '{"id":"seven"}');
  await expect(call(readContact, { params: { id: 7 } })).rejects.toThrow();
});

test('a refusal keeps its code, and a proxy’s page is no refusal of ours', async () => {
  const problem = {
    type: 'urn:baton:problem:not_found',
    title: 'Nothing is here',
    status: 404,
    code: 'not_found',
    requestId: 'r1',
  };
  const refused = await answering(404, JSON.stringify(problem))
    .call(readContact, { params: { id: 7 } })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).problem?.code).toBe('not_found');
  const page = await answering(502, '<h1>Bad gateway</h1>')
    .call(readContact, { params: { id: 7 } })
    .catch((error: unknown) => error);
  expect((page as ApiError).problem).toBeNull();
  expect((page as ApiError).status).toBe(502);
});
