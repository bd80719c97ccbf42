/** Tells the places that the company chose of new leaks: one message for all that a look found, never one for each. */
import type { Pool } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { ALL_CHECKS } from './readLeaks.ts';

export const TELLABLE = ['email', 'slack', 'teams'] as const;

/** Where new leaks are told: an address, a channel of a chat. */
export type LeakPlace = { readonly channel: (typeof TELLABLE)[number]; readonly place: string };

const SETTING = 'leaks.tell';
const NAMED_MAX = 10;

/** The places that are told; none until somebody chooses. */
export const readLeakPlaces = async (pool: Pick<Pool, 'query'>): Promise<readonly LeakPlace[]> => {
  const { rows } = await pool.query<{ value: string }>('select value from setting where key = $1', [SETTING]);
  return rows[0] === undefined ? [] : (JSON.parse(rows[0].value) as LeakPlace[]);
};

/** Chooses the places; none tells nobody. */
export const writeLeakPlaces = async (pool: Pool, places: readonly LeakPlace[], by: string): Promise<void> => {
  await inTransaction(pool, async (client) => {
    await client.query(
      `insert into setting (key, value) values ($1, $2)
       on conflict (key) do update set value = excluded.value, updated_at = now_ms()`,
      [SETTING, JSON.stringify(places)],
    );
    await client.query(`insert into audit (by, action, subject, detail) values ($1, 'leaks.tell', 'leaks', $2)`, [
      by,
      JSON.stringify({ places }),
    ]);
  });
};

/**
 * Queues one message to each place about the leaks that nobody was told of, in the transaction that marks them as told.
 * Answers how many leaks there were. Without a place they stay untold and are told once there is one.
 */
export const tellLeaks = async (pool: Pool): Promise<number> =>
  inTransaction(pool, async (client) => {
    const places = await readLeakPlaces(client as unknown as Pick<Pool, 'query'>);
    if (places.length === 0) return 0;
    const { rows } = await client.query<{ id: number; check_id: string; subject: string; cause: string }>(
      `update leak set told_at = now_ms() where cleared_at is null and told_at is null
       returning id, check_id, subject, cause`,
    );
    if (rows.length === 0) return 0;
    const latest = Math.max(...rows.map(({ id }) => id));
    const subject = rows.length === 1 ? 'A lead leaks' : `${rows.length} new leaks`;
    for (const { channel, place } of places)
      await client.query(
        `insert into delivery (key, destination, channel, place, about, subject, body, next_at, created_at)
         values ($1, $2, $3, $4, 'leak', $5, $6, now_ms(), now_ms()) on conflict (key) do nothing`,
        [`leak:${latest}:${channel}:${place}`, `${channel} ${place}`, channel, place, subject, sayLeaks(rows)],
      );
    return rows.length;
  });

/** The leaks as sentences; names no person, because the message outlives an erasure. */
const sayLeaks = (
  leaks: readonly { readonly check_id: string; readonly subject: string; readonly cause: string }[],
) => {
  const lines = leaks.slice(0, NAMED_MAX).map(({ check_id, subject, cause }) => {
    const check = ALL_CHECKS.find(({ id }) => id === check_id);
    return `${check?.title ?? check_id}: ${subject}, ${cause}.`;
  });
  const more = leaks.length - lines.length;
  if (more > 0) lines.push(`And ${more} more.`);
  return [...lines, 'See them with `baton leaks`.'].join('\n');
};
