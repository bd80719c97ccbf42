import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { addDeliveries } from '../outbox/outboxFixture.ts';
import { type Receiver, startReceiver } from '../outbox/receiverFixture.ts';
import { COMMANDS } from './commandTable.ts';
import { runCommand } from './runCommand.ts';
import { makeTerminal } from './terminal.ts';

let database: TestDatabase;
let receiver: Receiver;
const before = {
  url: process.env.DATABASE_URL,
  networks: process.env.BATON_OUTBOUND_NETWORKS,
  data: process.env.BATON_DATA,
};
const data = mkdtempSync(join(tmpdir(), 'baton-key-'));

/** Runs a command as people do, on the test's database. */
const baton = async (...words: string[]) => {
  let out = '';
  let notes = '';
  const terminal = makeTerminal({ write: (each) => (out += each) }, { write: (each) => (notes += each) });
  const code = await runCommand(words, COMMANDS, terminal, '0');
  return { code, out, notes, data: words.includes('--json') && out !== '' ? JSON.parse(out) : null };
};

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await startReceiver();
  process.env.DATABASE_URL = database.url;
  process.env.BATON_OUTBOUND_NETWORKS = '127.0.0.1';
  process.env.BATON_DATA = data;
});
afterAll(async () => {
  for (const [name, value] of [
    ['DATABASE_URL', before.url],
    ['BATON_OUTBOUND_NETWORKS', before.networks],
    ['BATON_DATA', before.data],
  ] as const)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await receiver.stop();
  await database.drop();
  rmSync(data, { recursive: true });
});

test('webhooks are added, listed, changed, tested, given a new secret and removed', async () => {
  const added = await baton('webhooks', 'add', 'crm', `${receiver.url}/crm`, '--types', 'handoff.*,notice');
  expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^whsec_/)]);
  expect(statSync(join(data, 'secret.key')).mode & 0o777).toBe(0o600);
  expect((await baton('webhooks', 'list', '--json')).data.webhooks).toMatchObject([
    { id: 1, name: 'crm', types: ['handoff.*', 'notice'], payload: 'thin' },
  ]);
  expect((await baton('webhooks', 'list')).out).toContain('works');
  expect((await baton('webhooks', 'test', '1')).out).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/crm: 204/);
  receiver.answer = (reply) => {
    reply.writeHead(500).end();
  };
  expect((await baton('webhooks', 'test', '1')).code).toBe(3);
  expect((await baton('webhooks', 'set', '1', '--state', 'off')).notes).toContain('off since');
  expect((await baton('webhooks', 'set', '1', '--state', 'on', '--payload', 'full', '--json')).data).toMatchObject({
    webhook: { payload: 'full', disabledAt: null },
  });
  expect((await baton('webhooks', 'rotate', '1', '--overlap', '2')).out).toMatch(/^whsec_/);
  expect((await baton('webhooks', 'remove', '1')).code).toBe(0);
  expect(await baton('webhooks', 'remove', '1')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('no webhook 1'),
  });
  expect((await baton('webhooks', 'add', 'x', 'https://10.0.0.1/')).code).toBe(1);
  expect((await baton('webhooks', 'add', 'x', `${receiver.url}/`, '--types', 'nonsense')).code).toBe(2);
});

test('deliveries are listed and shown, and what was given up is sent once more', async () => {
  await database.pool.query('truncate delivery, delivery_attempt restart identity');
  await addDeliveries(database.pool, [
    { key: 'a', repId: 1 },
    { key: 'b', repId: 1 },
  ]);
  await database.pool.query(
    `update delivery set state = 'dead', closed_at = 1, closed_reason = 'given up', attempts = 1`,
  );
  await database.pool.query(`insert into delivery_attempt values (1, 1, 1, 5, 'failed', 'n', 'no answer in time')`);
  expect((await baton('deliveries', 'list', '--state', 'dead', '--json')).data.deliveries.length).toBe(2);
  expect((await baton('deliveries', 'list')).out).toContain('given up');
  expect((await baton('deliveries', 'show', '1')).out).toContain('no answer in time');
  expect((await baton('deliveries', 'show', '99')).code).toBe(1);
  expect((await baton('deliveries', 'replay')).code).toBe(2);
  expect((await baton('deliveries', 'replay', '1', '--json')).data).toEqual({ replayed: 1 });
  expect((await baton('deliveries', 'replay', '1')).code).toBe(1);
  expect((await baton('deliveries', 'replay', '--all')).notes).toContain('1 will be sent');
  expect((await baton('deliveries', 'alerts')).code).toBe(0);
  await database.pool.query(`insert into alert (key, kind, say) values ('x', 'notice-late', 'could not be told')`);
  expect(await baton('deliveries', 'alerts')).toMatchObject({
    code: 3,
    out: expect.stringContaining('could not be told'),
  });
  expect((await baton('deliveries', 'alerts', '--close', '1')).code).toBe(0);
  expect((await baton('deliveries', 'alerts', '--close', '1')).code).toBe(1);
});
