import type { ContactId } from '@baton/domain/kernel/ids.ts';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TestDatabase } from '../database/testDatabase.ts';
import { startCompany } from '../intake/companyFixture.ts';
import { makeDemoRequest, type Node, starterPolicy, startNode } from '../intake/intakeFixture.ts';
import { askOracles } from '../leaks/askOracles.ts';
import { type FireDeps, fireDueClocks } from './fireClocks.ts';
import { startTimers, type Timers } from './timers.ts';

let database: TestDatabase;
let node: Node;
let other: Node;
const running: Timers[] = [];
const faults: string[] = [];

beforeAll(async () => {
  ({ database, node } = await startCompany(starterPolicy('demo-request-only')));
  other = startNode(database.pool);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const timers of running.splice(0)) await timers.stop();
  faults.length = 0;
  expect(await askOracles(database.pool)).toEqual([]);
});
afterAll(async () => {
  await node.intake.stop();
  await other.intake.stop();
  await database.drop();
});

const depsOf = (of: Node): FireDeps => ({
  pool: database.pool,
  references: of.references,
  ids: of.ids,
  onFault: (error, clock) => faults.push(`${clock.id}: ${error instanceof Error ? error.message : error}`),
});
const start = (of: Node): void => {
  running.push(startTimers(depsOf(of), { onError: (error) => faults.push(String(error)) }));
};
const rowsOf = async <T extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly T[]> =>
  (await database.pool.query<T>(sql, [...values])).rows;
const one = async <T extends object>(sql: string, values: readonly unknown[] = []): Promise<T> =>
  (await rowsOf<T>(sql, values))[0] as T;
const until = async (is: () => Promise<boolean>, ms = 10_000): Promise<void> => {
  const end = performance.now() + ms;
  while (!(await is())) {
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

let serial = 0;

/** People who asked for a demo and were parked for this long; answers them with the instant of their return. */
const park = async (count: number, ms: number): Promise<readonly { id: ContactId; returnAt: number }[]> => {
  const made = await node.intake.submit(
    Array.from({ length: count }, () => {
      serial += 1;
      return makeDemoRequest(`p${serial}@firm${serial}.example`);
    }),
  );
  const parked: { id: ContactId; returnAt: number }[] = [];
  for (const receipt of made) {
    if (receipt.outcome !== 'accepted' || receipt.contactId === undefined) throw new Error(JSON.stringify(receipt));
    const contactId = receipt.contactId as ContactId;
    const { owner_id } = await one<{ owner_id: number }>('select owner_id from handoff where contact_id = $1', [
      contactId,
    ]);
    const { now } = await one<{ now: number }>('select now_ms() as now');
    const by = { kind: 'rep', id: owner_id } as const;
    const act = { do: 'park', until: now + ms, note: null } as const;
    const done = await node.acts.act({ contactId }, { kind: 'rep-acted', by, act });
    expect(done.kind).toBe('done');
    parked.push({ id: contactId, returnAt: now + ms });
  }
  return parked;
};
const statusOf = async (id: ContactId): Promise<string> =>
  (await one<{ status: string }>('select status from handoff where contact_id = $1 order by id desc limit 1', [id]))
    .status;
const returnsOf = async (ids: readonly ContactId[]) =>
  rowsOf<{ contact_id: number; n: number }>(
    `select contact_id, count(*) as n from decision where contact_id = any($1) and input like '%timer-fired%'
       and input like '%return%' group by contact_id`,
    [ids],
  );
const runningReturns = async (ids: readonly ContactId[]): Promise<number> =>
  (
    await one<{ n: number }>(
      `select count(*) as n from handoff_clock where contact_id = any($1) and kind = 'return' and stopped_at is null`,
      [ids],
    )
  ).n;

test('of two nodes each clock is fired by one, once, soon after its instant and not before', async () => {
  const people = await park(60, 2_000);
  const ids = people.map(({ id }) => id);
  start(node);
  start(other);
  await until(async () => (await runningReturns(ids)) === 0);
  expect((await returnsOf(ids)).map((row) => row.n)).toEqual(ids.map(() => 1));
  const late = await rowsOf<{ late: number }>(
    `select stopped_at - due_at as late from handoff_clock where contact_id = any($1) and kind = 'return'`,
    [ids],
  );
  // how late at most is the benchmark's to say, on a machine that does nothing else
  expect(late.every((row) => row.late >= 0 && row.late < 10_000)).toBe(true);
  expect(faults).toEqual([]);
});

test('what is due is said by the clock of the database, whatever the process believes', async () => {
  const [person] = await park(1, 3_600_000);
  const { now: trueNow } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => trueNow.call(Date) + 10 * 86_400_000);
  expect(await fireDueClocks(depsOf(node))).toBe(0);
  expect(await statusOf(person?.id as ContactId)).toBe('parked');
  expect((await one<{ n: number }>('select count(*) as n from clock_fault')).n).toBe(0);
});

test('a clock that can not be decided is set aside with its reason, delays nobody, and fires once it can be', async () => {
  const people = await park(8, 300);
  const [bad, ...rest] = people.map(({ id }) => id) as [ContactId, ...ContactId[]];
  const { state } = await one<{ state: string }>('select state from contact where id = $1', [bad]);
  await database.pool.query(
    `update contact set state = replace(state, '"status":"parked"', '"status":"lost-in-space"') where id = $1`,
    [bad],
  );
  await until(async () => (await one<{ due: boolean }>('select now_ms() > $1 as due', [people.at(-1)?.returnAt])).due);
  expect(await fireDueClocks(depsOf(node))).toBe(rest.length);
  expect(await runningReturns(rest)).toBe(0);
  const fault = await one<{ attempts: number; error: string; retry: number }>(
    'select attempts, error, retry_at - last_at as retry from clock_fault where contact_id = $1',
    [bad],
  );
  expect(fault).toMatchObject({ attempts: 1, retry: 60_000 });
  expect(fault.error.length).toBeGreaterThan(10);
  expect(faults).toHaveLength(1);
  expect(await fireDueClocks(depsOf(node))).toBe(0);

  await database.pool.query('update clock_fault set retry_at = 0');
  expect(await fireDueClocks(depsOf(node))).toBe(0);
  expect(await one('select attempts, retry_at - last_at as retry from clock_fault')).toEqual({
    attempts: 2,
    retry: 120_000,
  });
  await database.pool.query('update contact set state = $2 where id = $1', [bad, state]);
  await database.pool.query('update clock_fault set retry_at = 0');
  expect(await fireDueClocks(depsOf(node))).toBe(1);
  expect(await runningReturns([bad])).toBe(0);
  await database.pool.query('delete from clock_fault');
});

test('a row that says due where the state says nothing is set aside, not asked for ever', async () => {
  const [person] = await park(1, 3_600_000);
  await database.pool.query(
    `update handoff_clock set next_at = started_at where contact_id = $1 and kind = 'return' and stopped_at is null`,
    [person?.id],
  );
  expect(await fireDueClocks(depsOf(node))).toBe(0);
  expect(faults.join()).toContain('row and state of its contact differ');
  await database.pool.query(
    `update handoff_clock set next_at = due_at where contact_id = $1 and kind = 'return' and stopped_at is null`,
    [person?.id],
  );
  await database.pool.query('delete from clock_fault');
});

test('a contact that somebody holds delays only its own clock', async () => {
  const people = await park(5, 300);
  const [held, ...rest] = people.map(({ id }) => id) as [ContactId, ...ContactId[]];
  const holder = await database.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from contact where id = $1 for no key update', [held]);
    start(node);
    await until(async () => (await runningReturns(rest)) === 0);
    expect(await statusOf(held)).toBe('parked');
    await holder.query('rollback');
    await until(async () => (await runningReturns([held])) === 0);
  } finally {
    holder.release();
  }
  expect((await returnsOf([held])).map((row) => row.n)).toEqual([1]);
  expect(faults).toEqual([]);
});

test('what came due while nobody looked is fired late, all of it and once', async () => {
  const people = await park(20, 500);
  const ids = people.map(({ id }) => id);
  await until(
    async () =>
      (await one<{ due: boolean }>('select now_ms() > $1 as due', [(people.at(-1)?.returnAt ?? 0) + 500])).due,
  );
  const [first, second] = await Promise.all([fireDueClocks(depsOf(node)), fireDueClocks(depsOf(other))]);
  // what one holds the other passes over; a second look finds the rest
  const more = await fireDueClocks(depsOf(node));
  expect((first ?? 0) + (second ?? 0) + more).toBe(ids.length);
  expect((await returnsOf(ids)).map((row) => row.n)).toEqual(ids.map(() => 1));
});
