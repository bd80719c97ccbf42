import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../apps/server/src/database/openDatabase.ts';
import { createPool } from '../apps/server/src/database/pool.ts';
import { askOracles } from '../apps/server/src/leaks/askOracles.ts';
import { prepareCompany } from './processes/prepareCompany.ts';
import { type Ledger, send } from './processes/sender.ts';
import { findFreePort, startNode } from './processes/startNode.ts';

const KILLS = 50;

/** The embedded database's postmaster, as its own pid file names it. */
const postmasterPid = (cluster: string): number =>
  Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('kill -9 in the middle of load', () => {
  let dataDir: string;
  let database: OpenDatabase;
  let key: string;
  let cluster: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'baton-crash-'));
    database = await openDatabase({ dataDir, databaseUrl: null });
    cluster = database.embedded?.place.cluster ?? '';
    ({ key } = await prepareCompany(database.connection));
    await database.stop();
  });

  afterAll(async () => {
    await database?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(`loses no acknowledged event and counts none twice, over ${KILLS} kills of server and PostgreSQL`, async () => {
    const ledger: Ledger = { acknowledged: new Map(), doubtful: [] };
    const port = await findFreePort();
    let node = await startNode({ BATON_DATA: dataDir }, port);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const stop = new AbortController();
      const load = send(node.url, key, ledger, { senders: 4, stop: stop.signal });
      // Spread over the load's phases without a random source: the same instants on every run.
      await delay(120 + ((kill * 37) % 200));
      if (kill % 2 === 0) {
        await node.kill();
        stop.abort();
        await load;
        node = await startNode({ BATON_DATA: dataDir }, port);
      } else {
        process.kill(postmasterPid(cluster), 'SIGKILL');
        await delay(200);
        stop.abort();
        await load;
        await untilReady(node.url);
      }
    }
    const settle = new AbortController();
    const last = send(node.url, key, ledger, { senders: 4, stop: settle.signal });
    await delay(500);
    settle.abort();
    await last;
    await node.stop();

    database = await openDatabase({ dataDir, databaseUrl: null });
    const pool = createPool(database.connection, { max: 2, name: 'check' });
    try {
      expect(ledger.acknowledged.size).toBeGreaterThan(KILLS * 10);
      const quarantined = await pool.query('select code, detail, count(*) n from quarantine group by 1, 2');
      expect(quarantined.rows).toEqual([]);
      expect(await lostOrDoubled(pool, ledger)).toEqual({ lost: [], doubled: [] });
      expect(await askOracles(pool)).toEqual([]);
      expect(await unservedRequests(pool, ledger)).toEqual([]);
    } finally {
      await pool.end();
    }
  });
});

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a server that lost its database serves again by itself. */
const untilReady = async (url: string): Promise<void> => {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return;
    await delay(25);
  }
  throw new Error('the server did not find its database again within a minute');
};

/** Compares what was acknowledged with what is stored. */
const lostOrDoubled = async (pool: Pool, ledger: Ledger): Promise<{ lost: string[]; doubled: string[] }> => {
  const ids = [...ledger.acknowledged.keys()];
  const lost = await pool.query<{ id: string }>(
    'select id from unnest($1::text[]) id where not exists (select from message_seen where message_key = id)',
    [ids],
  );
  const doubled = await pool.query<{ key: string }>(
    'select key from event group by key, source_id having count(*) > 1',
  );
  const seen = await pool.query<{ n: number }>('select count(*) n from message_seen');
  const events = await pool.query<{ n: number }>('select count(*) n from event');
  expect(events.rows[0]?.n).toBe(seen.rows[0]?.n);
  return { lost: lost.rows.map((row) => row.id), doubled: doubled.rows.map((row) => row.key) };
};

/** Acknowledged demo requests whose contact has not exactly one handoff. */
const unservedRequests = async (pool: Pool, ledger: Ledger): Promise<string[]> => {
  const emails = [...ledger.acknowledged.values()].filter((event) => event.qualifies).map((event) => event.email);
  const { rows } = await pool.query<{ email: string }>(
    `select email from unnest($1::text[]) email
      where (select count(*) from identity_key k join handoff h on h.contact_id = k.contact_id
              where k.kind = 'email' and k.value = email) <> 1`,
    [emails],
  );
  return rows.map((row) => row.email);
};
