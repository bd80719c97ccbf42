import type { Actor } from '@baton/domain/handoff/input.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testDatabase.ts';
import { furnish, makeEvent, type Node, putInForce, starterPolicy, startNode } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { type FastTrack, makeFastTrack } from './fastTrack.ts';

const AT_MOST = 3;
const MIA: Actor = { kind: 'person', name: 'mia@company.example', team: 'marketing' };

let database: TestDatabase;
let node: Node;
let fastTrack: FastTrack;

beforeAll(async () => {
  database = await createTestDatabase();
  await furnish(database.pool);
  await putInForce(
    database.pool,
    `${starterPolicy('demo-request-only')}\nmanual: { by: marketing, needs: [note, intent], at-most: ${AT_MOST}/week }\n`,
  );
  node = startNode(database.pool);
  fastTrack = makeFastTrack(node.acts);
});
afterAll(async () => {
  await node.intake.stop();
  await database.drop();
});

let person = 0;
const someone = async (): Promise<number> => {
  person += 1;
  const [receipt] = await node.intake.submit([
    makeEvent({ type: 'identify', name: 'identify', identity: { email: `p${person}@firm${person}.example` } }),
  ]);
  if (receipt?.outcome !== 'accepted') throw new Error('expected an accepted event');
  return receipt.contactId as number;
};
const code = (outcome: Awaited<ReturnType<FastTrack>>): string =>
  outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;

test('who may, and what has to be said', async () => {
  const contact = await someone();
  const sales: Actor = { kind: 'person', name: 'Jonas', team: 'sales' };
  expect(code(await fastTrack(contact, { by: sales, intent: 'high', note: 'x' }))).toBe('not-marketing');
  expect(code(await fastTrack(contact, { by: MIA, intent: 'high', note: ' ' }))).toBe('note-needed');
  expect(code(await fastTrack(contact, { by: MIA, intent: 'huge', note: 'x' }))).toBe('unknown-intent');
  expect(code(await fastTrack(987_654_321, { by: MIA, intent: 'high', note: 'x' }))).toBe('not-found');
  const { rows } = await database.pool.query('select count(*)::int as n from handoff');
  expect(rows).toEqual([{ n: 0 }]);
});

test('of many at once as many are handed off as the policy allows in a week, and the others are told', async () => {
  const contacts = await Promise.all(Array.from({ length: AT_MOST + 4 }, someone));
  const outcomes = await Promise.all(
    contacts.map((contact) => fastTrack(contact, { by: MIA, intent: 'high', note: 'met at the fair' })),
  );
  expect(outcomes.map(code).sort()).toEqual([...Array(AT_MOST).fill('done'), ...Array(4).fill('fast-track-limit')]);
  const refused = outcomes.find((one) => one.kind === 'refused');
  expect(refused).toMatchObject({ refusal: { say: expect.stringContaining('3 of at most 3 a week') } });
  const { rows } = await database.pool.query(
    `select kind, rule_id, intent, reason, count(*)::int as n from handoff group by 1, 2, 3, 4`,
  );
  expect(rows).toEqual([
    {
      kind: 'fast-track',
      rule_id: 'fast-track',
      intent: 'high',
      reason: 'named by marketing: met at the fair',
      n: AT_MOST,
    },
  ]);
  expect(await askOracles(database.pool)).toEqual([]);
});

test("a rep's own lead is no fast track of marketing's, and last week's don't count", async () => {
  const own = await someone();
  expect(code(await fastTrack(own, { by: { kind: 'rep', id: 1 }, intent: 'high', note: 'an old friend' }))).toBe(
    'done',
  );
  const another = await someone();
  expect(code(await fastTrack(another, { by: MIA, intent: 'high', note: 'x' }))).toBe('fast-track-limit');
  await database.pool.query(
    `update decision set at = at - 8 * 86400000::bigint where id = (select min(id) from decision where input like '%fast-tracked%')`,
  );
  expect(code(await fastTrack(another, { by: MIA, intent: 'high', note: 'x' }))).toBe('done');
});
