import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testDatabase.ts';
import { int8Array, textArray } from './binaryArray.ts';
import { CopyRows } from './copyRows.ts';
import { Pipeline } from './pipeline.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await database.pool.query('create table thing (id int8 primary key, name text)');
});
beforeEach(() => database.pool.query('truncate thing'));
afterAll(() => database.drop());

const THING = {
  name: 'thing',
  columns: [
    ['id', 'int8'],
    ['name', 'text'],
  ],
} as const;
const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };
const READ = { name: 'read', text: 'select id, name, name is null from thing order by id' };
const RENAME = {
  name: 'rename',
  text: 'update thing t set name = u.name from unnest($1::int8[], $2::text[]) as u(id, name) where t.id = u.id',
};
const BAD = { name: 'bad', text: 'select 1 / $1::int' };

const withPipeline = async (work: (pipeline: Pipeline) => Promise<void>): Promise<void> => {
  const client = await database.pool.connect();
  try {
    // smaller than what is sent, so that it grows
    await work(new Pipeline(client, 16));
  } finally {
    client.release();
  }
};
const things = (...rows: readonly (readonly [number, string | null])[]): CopyRows => {
  const copy = new CopyRows(THING, 64);
  for (const row of rows) copy.add(row);
  return copy;
};
const stored = async (): Promise<readonly unknown[]> =>
  (await database.pool.query({ text: 'select id, name from thing order by id', rowMode: 'array' })).rows;

test('statements and copies go together, each sees those before it, and the answers come in order', () =>
  withPipeline(async (pipeline) => {
    for (const round of [1, 2]) {
      const rows = things([round * 10, 'one'], [round * 10 + 1, null]);
      const told: string[] = [];
      pipeline.add(BEGIN);
      pipeline.copy(rows);
      rows.clear();
      pipeline.copy(rows);
      const renamed = pipeline.add(RENAME, [int8Array([round * 10, 99]), textArray(['two', 'nobody'])], ({ count }) =>
        told.push(`renamed ${count}`),
      );
      expect(pipeline.isAwaited).toBe(true);
      const read = pipeline.add<[number, string | null, boolean]>(READ, [], ({ rows: all }) =>
        told.push(`${all.length}`),
      );
      pipeline.add(COMMIT);
      await pipeline.run();
      expect(renamed.count).toBe(1);
      expect(read.rows.slice(-2)).toEqual([
        [round * 10, 'two', false],
        [round * 10 + 1, null, true],
      ]);
      expect(told).toEqual(['renamed 1', `${round * 2}`]);
    }
    expect(await stored()).toHaveLength(4);
  }));

test('after a failure the rest is skipped, nothing is kept, and the connection goes on', () =>
  withPipeline(async (pipeline) => {
    for (const round of [1, 2]) {
      pipeline.add(BEGIN);
      pipeline.copy(things([round, 'lost']));
      pipeline.add(BAD, [0]);
      const never = pipeline.add(READ);
      pipeline.copy(things([round, 'never']));
      pipeline.add(COMMIT);
      await expect(pipeline.run()).rejects.toMatchObject({ code: '22012' });
      expect(never.rows).toEqual([]);
      await pipeline.client.query('rollback');
      expect(await stored()).toEqual([]);
    }
    expect((await pipeline.query<[number]>(BAD, [1])).rows).toEqual([[1]]);
    expect((await pipeline.query(READ)).rows).toEqual([]);
  }));

test('a copy that fails takes its own data and the rest along', () =>
  withPipeline(async (pipeline) => {
    await database.pool.query("insert into thing values (7, 'there')");
    pipeline.add(BEGIN);
    pipeline.copy(things([6, 'new'], [7, 'known']));
    pipeline.copy(things([8, 'after']));
    pipeline.add(COMMIT);
    await expect(pipeline.run()).rejects.toMatchObject({ code: '23505' });
    await pipeline.client.query('rollback');
    expect(await stored()).toEqual([[7, 'there']]);
  }));

test('what is cleared is never said, and is parsed when it is said at last', () =>
  withPipeline(async (pipeline) => {
    const later = { name: 'later', text: 'select $1::text' };
    pipeline.add(later, ['never']);
    pipeline.clear();
    await pipeline.run();
    expect((await pipeline.query(later, ['said'])).rows).toEqual([['said']]);
  }));

test('what was started goes on by itself, and the next message comes after it', () =>
  withPipeline(async (pipeline) => {
    pipeline.add(BEGIN);
    pipeline.copy(things([1, 'one'], [2, 'two']));
    pipeline.start();
    const renamed = pipeline.add(RENAME, [int8Array([1, 2]), textArray(['three', 'four'])]);
    expect(() => pipeline.start()).toThrow('one message was started already');
    await pipeline.run();
    expect(renamed.count).toBe(2);
    await pipeline.query(COMMIT);
    expect(await stored()).toEqual([
      [1, 'three'],
      [2, 'four'],
    ]);
  }));

test('the next run rejects with what was started, also where it was told and refused', () =>
  withPipeline(async (pipeline) => {
    pipeline.add(BEGIN);
    pipeline.copy(things([1, 'one'], [1, 'the same key']));
    pipeline.start();
    expect(pipeline.isAwaited).toBe(false);
    pipeline.add(READ);
    await expect(pipeline.run()).rejects.toMatchObject({ code: '23505' });
    await pipeline.client.query('rollback');
    pipeline.clear();

    pipeline.add(BEGIN);
    pipeline.add(READ, [], () => {
      throw new Error('somebody else was first');
    });
    pipeline.start();
    expect(pipeline.isAwaited).toBe(true);
    await expect(pipeline.settle()).rejects.toThrow('somebody else was first');
    expect(pipeline.isAwaited).toBe(false);
    await pipeline.client.query('rollback');
    expect((await pipeline.query(READ)).rows).toEqual([]);
  }));

test('what is told may refuse, and two statements never share a name', () =>
  withPipeline(async (pipeline) => {
    pipeline.add(READ, [], () => {
      throw new Error('somebody else was first');
    });
    await expect(pipeline.run()).rejects.toThrow('somebody else was first');
    expect((await pipeline.query(READ)).rows).toEqual([]);
    expect(() => pipeline.add({ name: READ.name, text: 'select 2' })).toThrow(/two statements/);
  }));

test('a megabyte and more goes at once', () =>
  withPipeline(async (pipeline) => {
    const long = 'ä'.repeat(3000);
    pipeline.copy(things(...Array.from({ length: 400 }, (_, id) => [id, `${long}${id}`] as const)));
    const names = textArray(Array.from({ length: 400 }, (_, id) => `${id}${long}`));
    const renamed = pipeline.add(RENAME, [int8Array(Array.from({ length: 400 }, (_, id) => id)), names]);
    const read = pipeline.add<[number, string, boolean]>(READ);
    await pipeline.run();
    expect(renamed.count).toBe(400);
    expect(read.rows.every(([id, name]) => name === `${id}${long}`)).toBe(true);
  }));
