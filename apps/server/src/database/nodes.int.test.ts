import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinNodes, type NodeId, type ThisNode } from './nodes.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
const errors: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  expect(errors).toEqual([]);
});

const join = (
  freed: NodeId[],
  onDead = async (dead: readonly NodeId[]) => void freed.push(...dead),
): Promise<ThisNode> =>
  joinNodes(database.pool, {
    version: 'test',
    onDead,
    onError: (error) => errors.push(error),
    beatMs: 50,
    silentMs: 1_000,
  });
const living = async (): Promise<readonly NodeId[]> =>
  (await database.pool.query<{ id: NodeId }>('select id from node order by id')).rows.map((row) => row.id);
const until = async (is: () => Promise<boolean> | boolean): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!(await is())) {
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test('a node that beats stays, one that is silent is freed by another, once', async () => {
  const freed: NodeId[] = [];
  const [one, other] = [await join(freed), await join(freed)];
  await database.pool.query(
    `insert into node (id, name, version, beat_at) values ('silent', 'x', 'test', now_ms() - 5000)`,
  );
  await until(() => freed.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(freed).toEqual(['silent']);
  expect(await living()).toEqual([one.id(), other.id()].sort());
  await one.stop();
  expect(await living()).toEqual([other.id()]);
  await other.stop();
  expect(await living()).toEqual([]);
});

test('one that was taken for dead goes on under another id: what it leased is not its own any more', async () => {
  const node = await join([]);
  const before = node.id();
  await database.pool.query('delete from node where id = $1', [before]);
  await until(() => node.id() !== before);
  await until(async () => (await living()).includes(node.id()));
  await node.stop();
});

test('freeing is tried again until it succeeds', async () => {
  let tries = 0;
  const node = await join([], async () => {
    tries += 1;
    if (tries < 3) throw new Error('not now');
  });
  await database.pool.query(`insert into node (id, name, version, beat_at) values ('gone', 'x', 'test', 0)`);
  await until(() => tries === 3);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(tries).toBe(3);
  expect(errors.splice(0)).toHaveLength(2);
  await node.stop();
});
