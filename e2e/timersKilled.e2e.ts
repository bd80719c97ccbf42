import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../apps/server/src/database/openDatabase.ts';
import { createPool } from '../apps/server/src/database/pool.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { fallDue, prepareFallDue } from './processes/fallDue.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { type Ledger, send } from './processes/sender.ts';
import { findFreePort, type RunningNode, startNode } from './processes/startNode.ts';

const ROUNDS = 12;
/** How long the company may take until nothing is due any more, from the last trouble. */
const SETTLE_MS = 60_000;

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('clocks that fall due while things are killed and paused', () => {
  let dataDir: string;
  let key: string;
  let cluster: string;
  let pool: Pool;
  const ports: number[] = [];
  const nodes: RunningNode[] = [];
  const ledger: Ledger = { acknowledged: new Map(), doubtful: [] };

  const start = async (at: number): Promise<void> => {
    nodes[at] = await startNode({ BATON_DATA: dataDir, BATON_DATABASE_CONNECTIONS: '8' }, ports[at]);
  };
  const signal = (at: number, name: NodeJS.Signals): void => {
    process.kill(nodes[at]?.pid ?? 0, name);
  };
  /** The database may be away just now: asks until it answers. */
  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (tries > 200) throw error;
        await delay(100);
      }
    }
  };
  const one = async <T extends object>(sql: string, values: unknown[] = []): Promise<T> =>
    (await patiently(() => pool.query<T>(sql, values))).rows[0] as T;
  const makeDue = (fromMs: number, spreadMs: number): Promise<number> =>
    patiently(() => fallDue(pool, fromMs, spreadMs));
  const load = async (url: string, ms: number): Promise<void> => {
    const stop = new AbortController();
    const sending = send(url, key, ledger, { senders: 2, stop: stop.signal });
    await delay(ms);
    stop.abort();
    await sending;
  };
  const untilNothingIsDue = async (): Promise<void> => {
    const end = performance.now() + SETTLE_MS;
    const due = () =>
      one<{ n: number }>('select count(*) as n from handoff_clock where stopped_at is null and next_at <= now_ms()');
    while ((await due()).n > 0) {
      if (performance.now() > end) throw new Error(`${(await due()).n} clocks are still due`);
      await delay(100);
    }
  };
  const untilNodes = async (count: number): Promise<void> => {
    const end = performance.now() + 35_000;
    const living = async () => (await one<{ n: number }>('select count(*) as n from node')).n;
    while ((await living()) !== count) {
      if (performance.now() > end) throw new Error(`${await living()} nodes instead of ${count}`);
      await delay(200);
    }
  };
  /** Each clock that fell due has its breach and its rung, numbered 1 and 2, told of once to the same people. */
  const wrongSteps = async (): Promise<readonly object[]> =>
    (
      await pool.query(
        `select handoff_id, array_agg(s.step || ' ' || s.act order by s.step) as steps
         from fell_due h left join clock_step s using (handoff_id)
         group by handoff_id
         having array_agg(s.step order by s.step) is distinct from array[1, 2] or count(distinct s.clock_id) <> 1`,
      )
    ).rows;
  const toldTwice = async (): Promise<readonly object[]> =>
    (
      await pool.query(
        `select handoff_id, rep_id, queue_id, tell, count(*) from notification
         where about = 'promise' group by 1, 2, 3, 4 having count(*) > 1`,
      )
    ).rows;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'baton-timers-'));
    const database = await openDatabase({ dataDir, databaseUrl: null });
    cluster = database.embedded?.place.cluster ?? '';
    ({ key } = await prepareCompany(database.connection));
    pool = createPool(database.connection, { max: 3, name: 'check' });
    ports.push(await findFreePort(), await findFreePort());
    await prepareFallDue(pool);
    await start(0);
    await start(1);
    await database.stop();
  });

  afterAll(async () => {
    await pool?.end();
    for (const node of nodes) await node.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(`fires each step once and misses none, over ${ROUNDS} kills of two servers and PostgreSQL under load`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const sending = load(nodes[round % 2]?.url ?? '', 400);
      await delay(150 + ((round * 53) % 150));
      await makeDue(100, 900);
      // spread over what the timers do, without a random source: the same instants on every run
      await delay(200 + ((round * 97) % 500));
      if (round % 3 === 2) {
        process.kill(Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
        await sending;
        await one('select 1');
      } else {
        const at = round % 3;
        await nodes[at]?.kill();
        await sending;
        await start(at);
      }
    }
    await load(nodes[0]?.url ?? '', 400);
    await makeDue(100, 500);
    await delay(1_000);
    await untilNothingIsDue();
    expect((await one<{ n: number }>('select count(*) as n from fell_due')).n).toBeGreaterThan(ROUNDS * 5);
    expect(await wrongSteps()).toEqual([]);
    expect(await toldTwice()).toEqual([]);
    expect(await askOracles(pool)).toEqual([]);
    expect(await one('select count(*) as n from clock_fault')).toEqual({ n: 0 });
  });

  it('goes on without a node that stands still, frees what it held, and takes it back without doing anything twice', async () => {
    await load(nodes[1]?.url ?? '', 1_000);
    // those that were killed before are taken for dead by now, or soon
    await untilNodes(2);
    const before = (await pool.query<{ id: string }>('select id from node')).rows.map((row) => row.id);
    const count = await makeDue(200, 2_000);
    expect(count).toBeGreaterThan(10);
    // in the middle of its work, perhaps in the middle of a transaction
    await delay(700);
    signal(0, 'SIGSTOP');
    await untilNothingIsDue();
    await untilNodes(1);
    await load(nodes[1]?.url ?? '', 500);
    await makeDue(0, 1_500);
    await delay(500);
    signal(0, 'SIGCONT');
    await untilNodes(2);
    const after = (await pool.query<{ id: string }>('select id from node')).rows.map((row) => row.id);
    expect(after.filter((id) => !before.includes(id))).toHaveLength(1);
    await delay(1_200);
    await untilNothingIsDue();
    expect(await wrongSteps()).toEqual([]);
    expect(await toldTwice()).toEqual([]);
    expect(await askOracles(pool)).toEqual([]);
  });
});
