import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';
import { inTransaction } from './transaction.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await database.pool.query('create table account (id int primary key, amount bigint not null)');
});
beforeEach(async () => {
  await database.pool.query('truncate account');
  await database.pool.query('insert into account values (1, 0), (2, 0)');
});
afterAll(() => database.drop());

async function amounts(): Promise<number[]> {
  return (await database.pool.query('select amount from account order by id')).rows.map((row) => row.amount);
}

test('an error undoes everything and reaches the caller', async () => {
  const failing = inTransaction(database.pool, async (client) => {
    await client.query('update account set amount = 5');
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await amounts()).toEqual([0, 0]);
});

test('of two transactions that deadlock both commit in the end', async () => {
  let attempts = 0;
  const pay = (first: number, second: number): Promise<void> =>
    inTransaction(database.pool, async (client) => {
      attempts += 1;
      await client.query('update account set amount = amount + 1 where id = $1', [first]);
      await client.query('select pg_sleep(0.1)');
      await client.query('update account set amount = amount + 1 where id = $1', [second]);
    });
  await Promise.all([pay(1, 2), pay(2, 1)]);
  expect(await amounts()).toEqual([2, 2]);
  expect(attempts).toBe(3);
});

test('serializable increments that collide are run again until none is lost', async () => {
  const add = (): Promise<void> =>
    inTransaction(
      database.pool,
      async (client) => {
        const { rows } = await client.query('select amount from account where id = 1');
        await client.query('update account set amount = $1 where id = 1', [rows[0].amount + 1]);
      },
      { isolation: 'serializable', retries: 20 },
    );
  await Promise.all([add(), add(), add(), add()]);
  expect((await amounts())[0]).toBe(4);
});
