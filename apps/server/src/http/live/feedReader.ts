import type { LiveChange } from '@baton/contract/handoffs.ts';
import type { Pool } from 'pg';
import pg from 'pg';
import type { Connection } from '../../database/connection.ts';
import { feedPosition } from '../../records/handoffs/feedPosition.ts';

/** Nodes `NOTIFY` this soon after their commits; without it the poll sees the change within a second. */
export const FEED_CHANNEL = 'baton_feed';
const POLL_MS = 1_000;
const ROWS_AT_ONCE = 1_000;
const LISTEN_RETRY_MS = 5_000;
/** Rows that are written but may still be preceded are looked for again after so long, then ever more slowly, up to the poll. */
const WITHHELD_MS = 10;

/** A place in the feed: transaction id and row id, in this order. */
export type FeedPlace = { readonly tx: bigint; readonly id: number };
export type FeedRow = { readonly place: FeedPlace; readonly change: LiveChange };

/** A place as text, as the stream names it in its ids. */
export const placeText = ({ tx, id }: FeedPlace): string => `${tx}-${id}`;

/** Reads `<xid>-<id>`; null where it is none of ours. */
export const readPlace = (text: string): FeedPlace | null => {
  const match = /^(\d{1,19})-(\d{1,15})$/.exec(text);
  return match === null ? null : { tx: BigInt(match[1] as string), id: Number(match[2]) };
};

/** True where `a` comes later in the feed than `b`. */
export const isAfter = (a: FeedPlace, b: FeedPlace): boolean => a.tx > b.tx || (a.tx === b.tx && a.id > b.id);

/** Reads up to 1000 rows after a place, in order. `withheld`: some are written that can't be told yet, see `readFeed`. */
const readOn = async (
  pool: Pool,
  after: FeedPlace,
): Promise<{ readonly rows: readonly FeedRow[]; readonly withheld: boolean }> => {
  const found = await pool.query<{
    tx: string;
    id: number;
    handoff_id: number | null;
    contact_id: number | null;
    kind: string;
    settled: boolean;
  }>(
    `select tx::text, id, handoff_id, contact_id, kind, tx < pg_snapshot_xmin(pg_current_snapshot()) as settled from feed
     where (tx, id) > ($1::text::xid8, $2::bigint)
     order by tx, id limit ${ROWS_AT_ONCE}`,
    [after.tx.toString(), after.id],
  );
  const settled = found.rows.filter((row) => row.settled);
  return {
    rows: settled.map((row) => ({
      place: { tx: BigInt(row.tx), id: row.id },
      change: { handoffId: row.handoff_id, contactId: row.contact_id, kind: row.kind },
    })),
    withheld: settled.length < found.rows.length,
  };
};

/**
 * Reads up to 1000 rows after a place, in order. Only rows of transactions below the snapshot's xmin: a row above it may
 * still be joined by an earlier one that commits late.
 */
export const readFeed = async (pool: Pool, after: FeedPlace): Promise<readonly FeedRow[]> =>
  (await readOn(pool, after)).rows;

export type FeedReader = {
  /** Where the reader is; everything up to here was told. */
  readonly place: () => FeedPlace;
  /** Hears every row from now on, in order. Reading goes on only while somebody hears. */
  readonly subscribe: (hear: (rows: readonly FeedRow[]) => void) => () => void;
  /** Looks now rather than at the next poll. */
  readonly wake: () => void;
  /** Hears of mistakes while a client is served. */
  readonly report: (error: unknown) => void;
  readonly stop: () => Promise<void>;
};

/**
 * One reader of the feed for all clients of this node: woken by NOTIFY over a connection of its own, and by a poll each
 * second, since a notification may be lost with the connection. While nobody listens it reads nothing.
 */
export const startFeedReader = async (
  pool: Pool,
  listenOn: Connection | null,
  onMistake: (error: unknown) => void,
): Promise<FeedReader> => {
  let place = readPlace((await feedPosition(pool)).position) ?? { tx: 0n, id: 0 };
  let reading = false;
  let again = false;
  let stopped = false;
  let listener: pg.Client | null = null;
  let poll: ReturnType<typeof setInterval> | undefined;
  let relisten: ReturnType<typeof setTimeout> | undefined;
  let lookAgain: ReturnType<typeof setTimeout> | undefined;
  let withheldSince: number | null = null;
  const hearers = new Set<(rows: readonly FeedRow[]) => void>();

  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const { rows, withheld } = await readOn(pool, place);
        const last = rows.at(-1);
        clearTimeout(lookAgain);
        withheldSince = !withheld
          ? null
          : last === undefined && withheldSince !== null
            ? withheldSince
            : performance.now();
        // what ends the waiting is the end of somebody else's transaction, of which nobody tells
        if (withheldSince !== null && !stopped)
          lookAgain = setTimeout(wake, Math.min(POLL_MS, Math.max(WITHHELD_MS, performance.now() - withheldSince)));
        if (last === undefined) continue;
        place = last.place;
        for (const hear of [...hearers]) hear(rows);
        if (rows.length === ROWS_AT_ONCE) again = true;
      } while (again && !stopped);
    } catch (error) {
      // The next poll tries again; what was not read is not passed over.
      if (!stopped) onMistake(error);
    } finally {
      reading = false;
    }
  };
  const wake = (): void => {
    if (hearers.size > 0 && !stopped) void read();
  };

  const listen = async (): Promise<void> => {
    if (listenOn === null || stopped) return;
    const client = new pg.Client({ ...listenOn, application_name: 'baton live' });
    const lost = (): void => {
      if (listener !== client) return;
      listener = null;
      client.end().catch(() => undefined);
      if (!stopped) relisten = setTimeout(() => void listen(), LISTEN_RETRY_MS);
    };
    listener = client;
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', wake);
    try {
      await client.connect();
      await client.query(`listen ${FEED_CHANNEL}`);
    } catch {
      lost();
    }
  };

  await listen();
  return {
    place: () => place,
    subscribe: (hear) => {
      hearers.add(hear);
      if (hearers.size === 1) poll = setInterval(wake, POLL_MS);
      wake();
      return () => {
        hearers.delete(hear);
        if (hearers.size === 0) clearInterval(poll);
      };
    },
    wake,
    report: onMistake,
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      clearTimeout(lookAgain);
      clearTimeout(relisten);
      const client = listener;
      listener = null;
      await client?.end().catch(() => undefined);
    },
  };
};
