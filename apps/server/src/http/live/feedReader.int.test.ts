import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg, { type Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../database/connection.ts';
import { migrate } from '../../database/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../database/openDatabase.ts';
import { createPool } from '../../database/pool.ts';
import { feedPosition } from '../../records/handoffs/feedPosition.ts';
import { FEED_CHANNEL, type FeedRow, isAfter, readFeed, readPlace, startFeedReader } from './feedReader.ts';
import { startNodeTeller } from './tellNodes.ts';

const INSERT = `insert into feed (at, handoff_id, contact_id, kind) values (now_ms(), $1, $1, 'handoff-opened')`;

describe('the feed reader', () => {
  // A server of its own: a feed reads up to the oldest transaction that still writes, whichever database that is in.
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-feed-'));
  let server: OpenDatabase;
  let database: { readonly pool: Pool; readonly connection: Connection };
  beforeAll(async () => {
    server = await openDatabase({ dataDir, databaseUrl: null });
    await migrate(server.connection);
    database = { pool: createPool(server.connection), connection: server.connection };
  });
  afterAll(async () => {
    await database?.pool.end();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const idsOf = (rows: readonly FeedRow[]): (number | null)[] => rows.map((row) => row.change.handoffId);
  const placeNow = async () => {
    const place = readPlace((await feedPosition(database.pool)).position);
    if (place === null) throw new Error('the position is not a place');
    return place;
  };

  test('tells nothing that an earlier transaction may still precede, and then both in order', async () => {
    const from = await placeNow();
    const slow = await database.pool.connect();
    await slow.query('begin');
    await slow.query(INSERT, [1]);
    await database.pool.query(INSERT, [2]);
    expect(idsOf(await readFeed(database.pool, from))).toEqual([]);
    await slow.query('commit');
    slow.release();
    const rows = await readFeed(database.pool, from);
    expect(idsOf(rows)).toEqual([1, 2]);
    expect(isAfter((rows[1] as FeedRow).place, (rows[0] as FeedRow).place)).toBe(true);
    expect(idsOf(await readFeed(database.pool, (rows[0] as FeedRow).place))).toEqual([2]);
  });

  test('a position misses nothing that was open when it was taken', async () => {
    const slow = await database.pool.connect();
    await slow.query('begin');
    await slow.query(INSERT, [3]);
    const from = await placeNow();
    await slow.query('commit');
    slow.release();
    expect(idsOf(await readFeed(database.pool, from))).toContain(3);
  });

  test('one reader tells every subscriber each row once, by notification and by its poll', async () => {
    const reader = await startFeedReader(database.pool, database.connection, (error) => {
      throw error;
    });
    const heard: [(number | null)[], (number | null)[]] = [[], []];
    const leave = heard.map((ids) => reader.subscribe((rows) => ids.push(...idsOf(rows))));
    await database.pool.query(INSERT, [4]);
    const began = performance.now();
    await database.pool.query(`select pg_notify('${FEED_CHANNEL}', '')`);
    await expect.poll(() => heard[0], { interval: 10 }).toEqual([4]);
    const byNotice = performance.now() - began;
    await database.pool.query(INSERT, [5]);
    await expect
      .poll(() => heard, { timeout: 3_000 })
      .toEqual([
        [4, 5],
        [4, 5],
      ]);
    expect(byNotice).toBeLessThan(1_000);
    for (const stop of leave) stop();
    await database.pool.query(INSERT, [6]);
    await delay(1_200);
    expect(heard[0]).toEqual([4, 5]);
    await reader.stop();
  });

  test('a node tells the others of many commits in few notices, and soon', async () => {
    const other = await startFeedReader(database.pool, database.connection, (error) => {
      throw error;
    });
    const heard: (number | null)[] = [];
    let notices = 0;
    const listener = new pg.Client(database.connection);
    await listener.connect();
    listener.on('notification', () => {
      notices += 1;
    });
    await listener.query(`listen ${FEED_CHANNEL}`);
    const leave = other.subscribe((rows) => heard.push(...idsOf(rows)));
    // its first look is over, the next one by itself is a second away
    await delay(50);
    const teller = startNodeTeller(database.pool, (error) => {
      throw error;
    });
    const began = performance.now();
    for (let n = 0; n < 40; n += 1) {
      await database.pool.query(INSERT, [100 + n]);
      teller.tell();
    }
    await expect.poll(() => heard.length, { interval: 5, timeout: 3_000 }).toBe(40);
    const tookMs = performance.now() - began;
    expect(notices).toBeGreaterThan(0);
    expect(notices).toBeLessThanOrEqual(2 + tookMs / 100);
    await teller.stop();
    teller.tell();
    leave();
    await other.stop();
    await listener.end();
  });

  test('what an earlier transaction held back is told soon after that one ends, though nobody tells of its end', async () => {
    const reader = await startFeedReader(database.pool, null, (error) => {
      throw error;
    });
    const heard: (number | null)[] = [];
    const leave = reader.subscribe((rows) => heard.push(...idsOf(rows)));
    const waits: number[] = [];
    for (const id of [7, 8, 9]) {
      const slow = await database.pool.connect();
      await slow.query('begin');
      await slow.query('select pg_current_xact_id()');
      await database.pool.query(INSERT, [id]);
      reader.wake();
      await delay(100);
      expect(heard).not.toContain(id);
      const began = performance.now();
      await slow.query('commit');
      slow.release();
      await expect.poll(() => heard, { interval: 5, timeout: 3_000 }).toContain(id);
      waits.push(performance.now() - began);
    }
    // the poll alone would take half a second on average
    expect(Math.min(...waits)).toBeLessThan(250);
    expect(waits.reduce((sum, wait) => sum + wait) / waits.length).toBeLessThan(450);
    leave();
    await reader.stop();
  });

  test('a place that is none of ours is refused', () => {
    for (const text of ['', '1', '1-', 'x-1', '1-1-1', '99999999999999999999-1']) expect(readPlace(text)).toBeNull();
    expect(readPlace('12-3')).toEqual({ tx: 12n, id: 3 });
  });
});
