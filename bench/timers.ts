/**
 * Clocks that wait and clocks that fall due: how late steps fire while a million clocks wait, what waiting costs, and how
 * long ten thousand clocks take that fall due in the same second. Each step is a real one: breach, task, notices, next look.
 */
import type { Pool } from 'pg';
import {
  furnish,
  makeDemoRequest,
  type Node,
  putInForce,
  starterPolicy,
  startNode,
} from '../apps/server/src/intake/intakeFixture.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { startTimers, type Timers } from '../apps/server/src/promises/timers.ts';
import { type BenchDatabase, openBenchDatabase } from './benchDatabase.ts';
import { quantile } from './intakeLoad.ts';
import { atMost, type Bench, type BenchRow, row, stated } from './row.ts';

/** Smaller for a quick look: BATON_BENCH_SCALE=0.1. */
const SCALE = Number(process.env.BATON_BENCH_SCALE ?? 1);
const PENDING = Math.round(1_000_000 * SCALE);
const AT_ONCE = Math.round(10_000 * SCALE);
const STEADY = Math.round(2_000 * Math.max(SCALE, 0.25));
const STEADY_MS = 40_000 * Math.max(SCALE, 0.25);
const IDLE_MS = 30_000 * Math.max(SCALE, 0.5);
const SOON_MS = 4_000;
const BATCH = 500;

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Hands off `count` people whose addresses begin with `name`. */
const handOff = async (node: Node, count: number, name: string): Promise<void> => {
  for (let made = 0; made < count; made += BATCH)
    await node.intake.submit(
      Array.from({ length: Math.min(BATCH, count - made) }, (_, n) =>
        makeDemoRequest(`${name}-${made + n}@${name}${made + n}.example`),
      ),
    );
};

/**
 * Makes the response clocks of people fall due, evenly over `spreadMs` from `afterMs` from now, in state and row alike.
 * Answers the database's instant from which they do.
 */
const fallDue = async (pool: Pool, name: string, afterMs: number, spreadMs: number): Promise<number> => {
  const { rows } = await pool.query<{ from: number }>(
    `with due as materialized (
       select c.id, now_ms() + $2::int8 + (row_number() over (order by c.id) - 1) * $3::int8 / count(*) over () as at
       from contact c where c.email like $1
     ), states as (
       update contact c set state = jsonb_set(c.state::jsonb, '{handoff,response,dueAt}', to_jsonb(d.at))::text
       from due d where c.id = d.id
     ), clocks as (
       update handoff_clock k set due_at = d.at, next_at = d.at
       from due d where k.contact_id = d.id and k.kind = 'response' and k.stopped_at is null
     )
     select min(at) as from from due`,
    [`${name}-%`, afterMs, spreadMs],
  );
  return rows[0]?.from ?? 0;
};

type Fired = {
  readonly steps: number;
  readonly clocks: number;
  readonly lateness: readonly number[];
  readonly last: number;
};
const firedOf = async (pool: Pool, name: string): Promise<Fired> => {
  const { rows } = await pool.query<{ clock_id: number; late: number; fired_at: number }>(
    `select s.clock_id, s.fired_at - s.planned_at as late, s.fired_at from clock_step s
     join handoff h on h.id = s.handoff_id join contact c on c.id = h.contact_id where c.email like $1`,
    [`${name}-%`],
  );
  return {
    steps: rows.length,
    clocks: new Set(rows.map((one) => one.clock_id)).size,
    lateness: rows.map((one) => one.late).sort((one, other) => one - other),
    last: Math.max(0, ...rows.map((one) => one.fired_at)),
  };
};

const untilFired = async (pool: Pool, name: string, clocks: number, atMostMs: number): Promise<Fired> => {
  const end = performance.now() + atMostMs;
  for (;;) {
    const fired = await firedOf(pool, name);
    if (fired.clocks >= clocks) return fired;
    if (performance.now() > end) throw new Error(`only ${fired.clocks} of ${clocks} clocks fired`);
    await delay(250);
  }
};

/** A million clocks that wait, over the next month. Only their rows: what waits is never read beyond the index. */
const fillPending = async (pool: Pool): Promise<void> => {
  await pool.query(
    `insert into handoff_clock (handoff_id, contact_id, owner_id, started_at, due_at, next_at, kind)
     select -n, -n, 1, now_ms(), now_ms() + 3600000 + n * 2592000000 / $1::int8, now_ms() + 3600000 + n * 2592000000 / $1::int8, 'response'
     from generate_series(1, $1::int8) n`,
    [PENDING],
  );
  await pool.query('vacuum analyze handoff_clock');
  await pool.query('checkpoint');
};

const measureIdle = async (database: BenchDatabase): Promise<number> => {
  await delay(5_000);
  const before = { own: process.cpuUsage(), postgres: database.cpuSeconds(), at: performance.now() };
  await delay(IDLE_MS);
  const own = process.cpuUsage(before.own);
  const seconds = (own.user + own.system) / 1e6 + database.cpuSeconds() - before.postgres;
  return seconds / ((performance.now() - before.at) / 1000);
};

/** Timers: idle cost and lateness with a million clocks pending, and ten thousand that fall due at once. */
export const benchTimers: Bench = async (note) => {
  const database = await openBenchDatabase(8);
  const { pool } = database;
  let timers: Timers | null = null;
  try {
    await furnish(pool);
    await putInForce(pool, starterPolicy('demo-request-only'));
    const node = startNode(pool);
    await handOff(node, STEADY, 'steady');
    await handOff(node, AT_ONCE, 'once');
    await node.intake.stop();
    await fillPending(pool);
    note(`${PENDING} clocks pending, ${STEADY + AT_ONCE} more with their handoffs`);

    timers = startTimers(
      { pool, references: node.references, ids: node.ids, onFault: (error) => note(`a clock was set aside: ${error}`) },
      { onError: (error) => note(`a round failed: ${error}`) },
    );
    const idle = await measureIdle(database);

    await fallDue(pool, 'steady', SOON_MS, STEADY_MS);
    const steady = await untilFired(pool, 'steady', STEADY, STEADY_MS + SOON_MS + 30_000);
    const [p50, p99] = [quantile(steady.lateness, 0.5), quantile(steady.lateness, 0.99)];
    note(
      `${STEADY} clocks over ${STEADY_MS / 1000} s: p50 ${p50} ms late, p99 ${p99} ms, at most ${Math.max(...steady.lateness)} ms`,
    );

    const from = await fallDue(pool, 'once', SOON_MS, 999);
    const cpu = { own: process.cpuUsage(), postgres: database.cpuSeconds() };
    const once = await untilFired(pool, 'once', AT_ONCE, 120_000);
    const own = process.cpuUsage(cpu.own);
    const took = once.last - from;
    const each = ((own.user + own.system) / 1e3 + (database.cpuSeconds() - cpu.postgres) * 1e3) / AT_ONCE;
    await timers.stop();
    timers = null;

    await pool.query('delete from handoff_clock where handoff_id < 0');
    const breaches = await askOracles(pool);
    if (breaches.length > 0) throw new Error(`promises were broken: ${JSON.stringify(breaches).slice(0, 2000)}`);
    const rows: BenchRow[] = [
      row(
        {
          bench: `timers: lateness p99, ${PENDING} clocks pending`,
          value: p99,
          unit: 'ms',
          against: `1000 ms; p50 ${p50} ms, ${Math.round(STEADY / (STEADY_MS / 1000))} clocks a second`,
          ratio: p99 / 1_000,
        },
        atMost(1),
      ),
      row(
        {
          bench: `timers: idle cost, ${PENDING} clocks pending`,
          value: idle * 100,
          unit: '% of a core',
          against: '2 % of a core; server and PostgreSQL together',
          ratio: idle / 0.02,
        },
        atMost(1),
      ),
      row(
        {
          bench: `timers: ${AT_ONCE} clocks due in one second, all fired`,
          value: took / 1_000,
          unit: 's',
          against: `10 s; ${once.steps} steps`,
          ratio: took / 10_000,
        },
        atMost(1),
      ),
      stated({ bench: 'timers: CPU of a clock that fires, with its rows', value: each, unit: 'ms' }),
    ];
    return rows;
  } finally {
    await timers?.stop();
    await database.stop();
  }
};
