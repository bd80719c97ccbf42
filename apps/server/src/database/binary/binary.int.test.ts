import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testDatabase.ts';
import { boolArray, int8Array, int8s, textArray, texts } from './binaryArray.ts';
import { copyIn } from './copyIn.ts';
import { CopyRows } from './copyRows.ts';
import { Pipeline } from './pipeline.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await database.pool.query('create table one (a int8, b int4, c text, d bool, e "char", f bytea)');
  await database.pool.query('create table two (a int8 primary key)');
});

afterAll(() => database.drop());

const ONE = {
  name: 'one',
  columns: [
    ['a', 'int8'],
    ['b', 'int4'],
    ['c', 'text'],
    ['d', 'bool'],
    ['e', 'char'],
    ['f', 'bytea'],
  ],
} as const;
const TWO = { name: 'two', columns: [['a', 'int8']] } as const;

const aText = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replaceAll('\0', ''));
const aBigint = fc.maxSafeInteger();
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

test('what is copied comes back: any int8, int4, text, bool, char, bytea and null', async () => {
  const aRow = fc.tuple(
    orNull(aBigint),
    orNull(fc.integer()),
    orNull(aText),
    orNull(fc.boolean()),
    orNull(fc.constantFrom('t', 'p')),
    orNull(fc.uint8Array({ maxLength: 40 })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(aRow, { minLength: 1, maxLength: 30 }), async (rows) => {
      const client = await database.pool.connect();
      try {
        const copy = new CopyRows(ONE, 64);
        for (const row of rows) copy.add(row);
        await copyIn(client, [copy], { before: 'begin' });
        const found = await client.query({ text: 'select a, b, c, d, e, f from one order by ctid', rowMode: 'array' });
        await client.query('rollback');
        const given = rows.map((row) => [...row.slice(0, 5), row[5] === null ? null : Buffer.from(row[5])]);
        expect(found.rows).toEqual(given);
      } finally {
        client.release();
      }
    }),
    { numRuns: 60 },
  );
});

const inPlace = async (ints: readonly (number | null)[], strings: readonly (string | null)[]): Promise<unknown> => {
  const client = await database.pool.connect();
  try {
    const statement = { name: 'arrays', text: 'select to_json($1::int8[]), to_json($2::text[])' };
    return (await new Pipeline(client, 16).query(statement, [int8s(ints), texts(strings)])).rows;
  } finally {
    client.release();
  }
};

test('arrays as parameters come back, of a buffer of their own or in place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(orNull(aBigint)),
      fc.array(orNull(aText)),
      fc.array(orNull(fc.boolean())),
      async (ints, strings, bools) => {
        const { rows } = await database.pool.query(
          'select to_json($1::int8[]) as i, to_json($2::text[]) as t, to_json($3::bool[]) as b',
          [int8Array(ints), textArray(strings), boolArray(bools)],
        );
        expect(rows[0]).toEqual({ i: ints, t: strings, b: bools });
        expect(await inPlace(ints, strings)).toEqual([[ints, strings]]);
      },
    ),
    { numRuns: 60 },
  );
});

test('several tables go in one message, and a failure in one leaves nothing of any', async () => {
  const client = await database.pool.connect();
  try {
    const one = new CopyRows(ONE);
    const two = new CopyRows(TWO);
    one.add([1, 1, 'one', true, 't', null]);
    two.add([7]);
    await copyIn(client, [two, one], { before: 'begin', after: 'commit' });
    expect((await client.query('select count(*) from one')).rows).toEqual([{ count: 1 }]);
    await expect(copyIn(client, [two, one], { before: 'begin', after: 'commit' })).rejects.toMatchObject({
      code: '23505',
    });
    await client.query('rollback');
    expect((await client.query('select count(*) from one')).rows).toEqual([{ count: 1 }]);
  } finally {
    client.release();
  }
});
