import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, basic, startTestServer, type TestServer } from './badInputs/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const send = (messageId: string) =>
  ask(server, '/v1/track', {
    method: 'POST',
    headers: { authorization: basic(server.writeKey) },
    body: JSON.stringify({ messageId, anonymousId: 'patient', event: 'Pricing Viewed' }),
    limitMs: 15_000,
    mayFail: true,
  });

/** Changes how the database lets itself be used, and makes every connection notice. */
const make = async (sql: string): Promise<void> => {
  const name = server.database.connection.database;
  await server.database.pool.query(`alter database ${name} ${sql}`);
  await server.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
    [name],
  );
};

test('a database that cannot write is a 503 with Retry-After, never a loss: what was acknowledged is there afterwards', async () => {
  const acknowledged: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    if ((await send(`before-${index}`)).status === 200) acknowledged.push(`before-${index}`);
  }
  expect(acknowledged).toHaveLength(20);

  await make('set default_transaction_read_only = on');
  for (let index = 0; index < 5; index += 1) {
    const { status, json, headers } = await send(`during-${index}`);
    expect([status, json.code]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect((await ask(server, '/healthz')).status).toBe(200);
  const ready = await ask(server, '/readyz', { mayFail: true });
  expect([ready.status, ready.json.code]).toEqual([503, 'unavailable']);

  await server.database.pool.query('set default_transaction_read_only = off');
  await make('reset default_transaction_read_only');
  await expect
    .poll(async () => (await ask(server, '/readyz', { mayFail: true })).status, { timeout: 10_000 })
    .toBe(200);
  // the same ids again, as a client sends them after a 503
  for (let index = 0; index < 5; index += 1)
    expect((await send(`during-${index}`)).json).toMatchObject({ accepted: 1 });
  for (const messageId of acknowledged) expect((await send(messageId)).json).toMatchObject({ duplicate: 1 });
  const kept = await server.database.pool.query<{ n: number }>(
    `select count(*) as n from event where name = 'Pricing Viewed'`,
  );
  expect(kept.rows[0]?.n).toBe(25);
});
