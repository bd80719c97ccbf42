import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../access/keys.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testDatabase.ts';
import { furnish, makeEvent, type Node, offeringPolicy, putInForce, startNode } from '../../intake/intakeFixture.ts';
import { createHttpSurfaces } from '../httpSurfaces.ts';
import { registerHandoffRoutes } from '../live/handoffRoutes.ts';
import { registerActRoutes } from './actRoutes.ts';

let database: TestDatabase;
let node: Node;
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  await furnish(pool);
  await putInForce(pool, `${offeringPolicy()}\nmanual: { by: marketing, needs: [note], at-most: 1/day }\n`);
  node = startNode(pool);
  key = (await createKey(pool, { name: 'backend', kind: 'secret', by: 'test' })).key;
  const made = await createHttpSurfaces({
    pool,
    submit: node.intake.submit,
    now: Date.now,
    takesWork: () => true,
    onMistake: (error) => {
      throw error;
    },
    version: '0.1.0',
    host: '127.0.0.1',
    publicUrl: null,
    trustedProxies: [],
    ownDomains: [],
    formsPerMinute: 10,
  });
  app = made.app;
  registerHandoffRoutes(app, made.api);
  registerActRoutes(app, { ...made.api, acts: node.acts, now: Date.now });
});
afterAll(async () => {
  await app.close();
  await node.intake.stop();
  await database.drop();
});

const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const reply = await app.inject({
    method,
    url,
    headers: { host: 'localhost', authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, json: reply.json() };
};
const someone = async (email: string): Promise<number> => {
  const [receipt] = await node.intake.submit([makeEvent({ type: 'identify', name: 'identify', identity: { email } })]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return receipt.contactId as number;
};

test('a lead named by hand is handed off as often as the policy says; what may be done with it is said with why not', async () => {
  const contact = await someone('ann@firm.example');
  const path = `/api/v1/contacts/${contact}/fast-track`;
  expect(await ask('POST', path, { intent: 'high' })).toMatchObject({ status: 422, json: { code: 'invalid_field' } });
  expect(await ask('POST', path, { intent: 'colossal', note: 'x' })).toMatchObject({ status: 422 });
  const done = await ask('POST', path, { intent: 'high', note: 'met at the fair' });
  expect(done).toMatchObject({ status: 200, json: { contactId: contact, handoffId: expect.any(Number) } });

  const second = await ask('POST', `/api/v1/contacts/${await someone('bo@firm2.example')}/fast-track`, {
    intent: 'high',
    note: 'met at the fair',
  });
  expect(second).toMatchObject({ status: 409, json: { code: 'illegal_transition' } });
  expect(JSON.stringify(second.json)).toContain('1 of at most 1 a day');

  const actions = async () => {
    const { json } = await ask('GET', `/api/v1/handoffs/${done.json.handoffId}`);
    return new Map(
      (json.actions as { do: string; allowed: boolean; why: string | null }[]).map((one) => [one.do, one]),
    );
  };
  const before = await actions();
  expect(before.get('accept')).toMatchObject({ allowed: true, why: null });
  expect(before.get('claim')).toMatchObject({ allowed: false, why: 'Claim: it is offered and not accepted yet' });
  const detail = await ask('GET', `/api/v1/handoffs/${done.json.handoffId}`);
  const accepted = await ask('POST', `/api/v1/handoffs/${done.json.handoffId}/accept`, {
    as: detail.json.row.owner.id,
  });
  expect(accepted.status).toBe(200);
  const after = await actions();
  expect(after.get('accept')).toMatchObject({ allowed: false, why: expect.stringContaining('accepted') });
  // what is said to be allowed is, and what is said not to be is refused in the same words
  const refused = await ask('POST', `/api/v1/handoffs/${done.json.handoffId}/accept`, {
    as: detail.json.row.owner.id,
  });
  expect(refused.status).toBe(409);
  expect(JSON.stringify(refused.json)).toContain(after.get('accept')?.why);
});
