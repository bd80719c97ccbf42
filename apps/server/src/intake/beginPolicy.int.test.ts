import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { savePolicyVersion } from '../agreement/policyVersions.ts';
import { noLists, preparePolicy } from '../agreement/preparePolicy.ts';
import { publishPolicy } from '../agreement/publishPolicy.ts';
import { signPolicy } from '../agreement/signatures.ts';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { furnish, makeDemoRequest, makeEvent, type Node, starterPolicy, startNode } from './intakeFixture.ts';
import { reevaluateDue } from './reevaluate.ts';

let database: TestDatabase;
let node: Node;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  node = startNode(database.pool);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

/** Signs and publishes, and runs nothing behind it. */
const publish = async (source: string): Promise<number> => {
  const prepared = preparePolicy(source, noLists);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.error));
  const version = await savePolicyVersion(database.pool, prepared.value, 'mia@example.com');
  for (const [team, person] of [
    ['marketing', 'mia@example.com'],
    ['sales', 'jonas@example.com'],
  ] as const)
    await signPolicy(database.pool, { versionId: version.id, hash: version.hash, team, person });
  const published = await publishPolicy(database.pool, { versionId: version.id, by: 'mia@example.com' });
  if (!published.ok) throw new Error(published.error.say);
  return published.value.seq;
};
const handoffs = async (): Promise<number> =>
  (await database.pool.query<{ n: number }>('select count(*)::int as n from handoff')).rows[0]?.n ?? -1;
const waiting = async (): Promise<number> =>
  (await database.pool.query<{ n: number }>(`select count(*)::int as n from reevaluation where cause = 'policy'`))
    .rows[0]?.n ?? -1;

test('an event between publishing and the look at everybody hands nobody off who matched before', async () => {
  // under the first policy a demo request alone is not enough, so it is collected and nobody is handed off
  await publish(
    starterPolicy('demo-request-only').replace(
      'any: [ { action: demo }, { action: contact } ]',
      'all: [ { action: demo }, { contact.title: head of nothing } ]',
    ),
  );
  const people = ['ann', 'bea', 'cyd', 'dan'].map((name) => `${name}@firm.example`);
  for (const email of people) await node.intake.submit([makeDemoRequest(email)]);
  expect(await handoffs()).toBe(0);
  const seq = await publish(starterPolicy('demo-request-only'));
  expect(await waiting()).toBe(people.length);
  expect(node.references.begunSeq).not.toBe(seq);

  // something new of somebody who asked for a demo before the policy began: no reason to hand them off
  const [ann, bea] = people as [string, string];
  await node.intake.submit([
    makeEvent({
      sourceId: 3,
      sourceName: 'app',
      trust: 'server',
      type: 'identify',
      name: 'identify',
      identity: { email: ann },
      claims: [{ path: 'contact.city', value: 'Graz' }],
    }),
  ]);
  expect(await handoffs()).toBe(0);
  expect(await waiting()).toBe(people.length - 1);

  // a new request is one, although nobody had looked at the person yet
  await node.intake.submit([makeDemoRequest(bea)]);
  expect(await handoffs()).toBe(1);

  // two people who turn out to be one, both of whom matched before
  const [, , cyd, dan] = people as [string, string, string, string];
  await node.intake.submit([
    makeEvent({ sourceId: 3, sourceName: 'app', trust: 'server', identity: { email: cyd, userId: 'u1' } }),
    makeEvent({ sourceId: 3, sourceName: 'app', trust: 'server', identity: { email: dan, userId: 'u2' } }),
  ]);
  expect([await handoffs(), await waiting()]).toEqual([1, 0]);
  await reevaluateDue({ pool: database.pool, references: node.references, ids: node.ids });
  expect(await handoffs()).toBe(1);
  expect(await askOracles(database.pool)).toEqual([]);
});

test('once nobody is left to look at, intake asks no more until the next publishing', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  const asks = async (): Promise<number> => {
    query.mockClear();
    await node.intake.submit([makeEvent({ type: 'page', name: 'page' })]);
    return query.mock.calls.filter(([statement]) => (statement as { name?: string })?.name === 'begin-policy').length;
  };
  await asks();
  expect(await asks()).toBe(0);
  await publish(starterPolicy('demo-request-only').replace('asked for a demo', 'wants a demo'));
  expect(await asks()).toBe(1);
  await reevaluateDue({ pool: database.pool, references: node.references, ids: node.ids });
  expect(await asks()).toBe(1);
  expect(await asks()).toBe(0);
  query.mockRestore();
});
