/**
 * Assignment through the database: leads that arrive alone, fifty at once, over twenty teams of five, each with all rows of
 * its handoff, against bare transactions. The baseline copies the very rows that the engine stored, as many leads a
 * transaction as the engine's had, over as many connections, into tables of the same form and indexes.
 */
import type { Pool, PoolClient } from 'pg';
import { copyIn } from '../apps/server/src/database/binary/copyIn.ts';
import { CopyRows, type CopyTable, type CopyValue } from '../apps/server/src/database/binary/copyRows.ts';
import { COMMIT_TABLES } from '../apps/server/src/handoff/commit/tables.ts';
import { makeDemoRequest, putInForce, starterPolicy, startNode } from '../apps/server/src/intake/intakeFixture.ts';
import { INTAKE_TABLES } from '../apps/server/src/intake/intakeRows.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { openBenchDatabase } from './benchDatabase.ts';
import { median } from './measure.ts';
import { atLeast, type Bench, row, stated } from './row.ts';

const TEAMS = 20;
const REPS_EACH = 5;
const AT_ONCE = 50;
const LANES = 2;
const RUNS = 5;
/** Smaller for a quick look: BATON_BENCH_SCALE=0.1. */
const LEADS = Math.max(200, Math.round(4_000 * Number(process.env.BATON_BENCH_SCALE ?? 1)));

const KEYS: CopyTable = {
  name: 'identity_key',
  columns: [
    ['kind', 'text'],
    ['value', 'text'],
    ['contact_id', 'int8'],
    ['origin_id', 'int8'],
  ],
};
const TABLES: readonly CopyTable[] = [...Object.values(INTAKE_TABLES), KEYS, ...Object.values(COMMIT_TABLES)];

const furnishTeams = async (pool: Pool): Promise<void> => {
  await pool.query(`insert into source (name, kind, trust) values
    ('website', 'segment', 'browser'), ('forms', 'form', 'form'), ('app', 'segment', 'server')`);
  await pool.query(`insert into team (id, name) select 't' || n, 'Team ' || n from generate_series(1, ${TEAMS}) n`);
  await pool.query(
    `insert into rep (name, email) select 'Rep ' || n, 'rep' || n || '@sales.example' from generate_series(1, ${TEAMS * REPS_EACH}) n`,
  );
  await pool.query(`insert into team_member (team_id, rep_id) select 't' || (1 + id % ${TEAMS}), id from rep`);
};

/** The starter policy with a route for each team, chosen by the contact's country. */
const policyOfTeams = (): string => {
  const routes = Array.from(
    { length: TEAMS },
    (_, n) => `  - { id: team-${n + 1}, when: { contact.country: { in: [c${n + 1}] } }, to: { team: t${n + 1} } }`,
  );
  return starterPolicy('demo-request-only').replace(
    /route:\n[\s\S]*?fallback:/,
    `route:\n${routes.join('\n')}\nfallback:`,
  );
};

/** Keeps `AT_ONCE` of `count` pieces of work running; answers how many were done each second. */
const rateOf = async (count: number, atOnce: number, work: (n: number) => Promise<unknown>): Promise<number> => {
  let next = 0;
  const started = performance.now();
  const loop = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      await work(n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return count / ((performance.now() - started) / 1000);
};

/** The rows of the latest leads, table by table, as the engine stored them. */
const readStored = async (pool: Pool): Promise<ReadonlyMap<CopyTable, readonly (readonly CopyValue[])[]>> => {
  const stored = new Map<CopyTable, readonly (readonly CopyValue[])[]>();
  for (const table of TABLES) {
    const columns = table.columns.map(([name]) => name).join(', ');
    const { rows } = await pool.query<CopyValue[]>({
      text: `select ${columns} from ${table.name}`,
      rowMode: 'array',
    });
    if (rows.length > 0) stored.set(table, rows);
  }
  return stored;
};

/** Copies what `leads` leads wrote, so many a transaction; answers leads a second. The copies are empty before and after. */
const measureBare = async (
  pool: Pool,
  stored: ReadonlyMap<CopyTable, readonly (readonly CopyValue[])[]>,
  all: number,
  leads: number,
  leadsEach: number,
): Promise<number> => {
  const clients: PoolClient[] = [];
  for (let n = 0; n < LANES; n += 1) clients.push(await pool.connect());
  const writers = clients.map(() =>
    [...stored].map(([table, rows]) => ({
      rows,
      copy: new CopyRows({ ...table, name: `bare.${table.name}` }, 1 << 16),
    })),
  );
  const free = clients.map((_, n) => n);
  const transactions = Math.floor(leads / leadsEach);
  const rate = await rateOf(transactions, LANES, async (n) => {
    const lane = free.pop() as number;
    for (const { rows, copy } of writers[lane] ?? []) {
      copy.clear();
      const [from, to] = [n, n + 1].map((at) => Math.round((at * leadsEach * rows.length) / all)) as [number, number];
      for (const values of rows.slice(from, to)) copy.add(values);
    }
    await copyIn(
      clients[lane] as PoolClient,
      (writers[lane] ?? []).map(({ copy }) => copy),
      { before: 'begin', after: 'commit' },
    );
    free.push(lane);
  });
  for (const client of clients) client.release();
  for (const table of stored.keys()) await pool.query(`truncate bare.${table.name}`);
  return rate * leadsEach;
};

/** Leads assigned over twenty teams, each second, against bare transactions of as many rows. */
export const benchAssignment: Bench = async (note) => {
  const database = await openBenchDatabase(LANES + 4);
  const { pool } = database;
  try {
    await furnishTeams(pool);
    await putInForce(pool, policyOfTeams());
    const node = startNode(pool, { lanes: LANES });
    let serial = 0;
    const assign = (count: number): Promise<number> =>
      rateOf(count, AT_ONCE, async () => {
        serial += 1;
        const [receipt] = await node.intake.submit([
          makeDemoRequest(`p${serial}@firm${serial}.example`, {
            claims: [
              { path: 'contact.name', value: `Person ${serial}` },
              { path: 'contact.country', value: `c${1 + (serial % TEAMS)}` },
            ],
          }),
        ]);
        if (receipt?.outcome !== 'accepted') throw new Error(JSON.stringify(receipt));
      });
    await assign(LEADS);
    const { rows: found } = await pool.query<{ handoffs: number; steps: number; transactions: number }>(
      `select (select count(*) from handoff) as handoffs, (select count(*) from ledger_step) as steps,
        (select count(distinct tx) from feed) as transactions`,
    );
    const { handoffs = 0, steps = 0, transactions = 1 } = found[0] ?? {};
    if (handoffs !== LEADS || steps !== LEADS)
      throw new Error(`${LEADS} leads made ${handoffs} handoffs, ${steps} steps`);
    const leadsEach = Math.max(1, Math.round(LEADS / transactions));
    const stored = await readStored(pool);
    const rowsEach = [...stored.values()].reduce((sum, rows) => sum + rows.length, 0) / LEADS;
    note(`a lead writes ${rowsEach.toFixed(1)} rows; ${leadsEach} leads a transaction over ${LANES} connections`);
    await pool.query('create schema bare');
    for (const table of stored.keys())
      await pool.query(`create table bare.${table.name} (like public.${table.name} including all)`);

    const ratios: number[] = [];
    const rates: number[] = [];
    const bares: number[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const before = await measureBare(pool, stored, LEADS, LEADS, leadsEach);
      const rate = await assign(LEADS);
      const bare = (before + (await measureBare(pool, stored, LEADS, LEADS, leadsEach))) / 2;
      note(`run ${run}: ${Math.round(rate)} leads/s, bare ${Math.round(bare)}`);
      rates.push(rate);
      bares.push(bare);
      ratios.push(rate / bare);
    }
    await node.intake.stop();
    await pool.query('drop schema bare cascade');
    const breaches = await askOracles(pool);
    if (breaches.length > 0) throw new Error(`promises were broken: ${JSON.stringify(breaches).slice(0, 2000)}`);
    const { rows: shares } = await pool.query<{ spread: number }>(
      `select max(n) - min(n) as spread from (select team_id, winner, count(*) as n from ledger_step group by 1, 2) s group by team_id order by 1 desc limit 1`,
    );
    return [
      row(
        {
          bench: `assignment: ${TEAMS} teams, ${AT_ONCE} leads at once`,
          value: median(rates),
          unit: 'leads/s',
          against: `bare transactions of ${rowsEach.toFixed(1)} rows a lead, ${leadsEach} leads each: ${Math.round(median(bares))}/s`,
          ratio: median(ratios),
        },
        atLeast(0.25),
      ),
      stated({ bench: 'assignment: widest spread within a team', value: shares[0]?.spread ?? -1, unit: 'leads apart' }),
    ];
  } finally {
    await database.stop();
  }
};
