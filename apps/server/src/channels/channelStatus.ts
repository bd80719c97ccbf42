import type { ChannelRow } from '@baton/contract/channels.ts';
import type { Pool } from 'pg';
import type { Sender } from '../outbox/sender.ts';
import { isoOrNull } from '../records/iso.ts';

/** A success is written down at most so often; that it works again after an error, at once. */
const SUCCESS_EVERY_MS = 5_000;
const ERROR_MAX = 500;

/** The same sender, which also keeps when its channel last worked and what it last failed with. */
export const withStatus = (pool: Pool, sender: Sender, now: () => number): Sender => {
  let wroteAt = 0;
  let failed = true;
  const keep = async (error: string | null): Promise<void> => {
    if (error === null && !failed && now() - wroteAt < SUCCESS_EVERY_MS) return;
    wroteAt = now();
    failed = error !== null;
    await keepStatus(pool, sender.channel, error);
  };
  return {
    channel: sender.channel,
    async send(delivery, signal) {
      try {
        const result = await sender.send(delivery, signal);
        // that somebody can't be reached by it says nothing against the channel
        if (result.ok || result.noWay === undefined)
          await keep(result.ok ? null : result.detail).catch(() => undefined);
        return result;
      } catch (error) {
        await keep(error instanceof Error ? error.message : String(error)).catch(() => undefined);
        throw error;
      }
    },
  };
};

/** Writes how a channel fared: `error` null is a success. */
export const keepStatus = async (pool: Pool, channel: string, error: string | null): Promise<void> => {
  await pool.query(
    error === null
      ? `insert into channel_status (channel, last_success_at) values ($1, now_ms())
         on conflict (channel) do update set last_success_at = excluded.last_success_at`
      : `insert into channel_status (channel, last_error_at, last_error) values ($1, now_ms(), $2)
         on conflict (channel) do update set last_error_at = excluded.last_error_at, last_error = excluded.last_error`,
    error === null ? [channel] : [channel, error.slice(0, ERROR_MAX)],
  );
};

type Stored = {
  channel: string;
  last_success_at: number | null;
  last_error_at: number | null;
  last_error: string | null;
};

/** How each of the given channels fares. */
export const readStatus = async (
  pool: Pool,
  channels: readonly Pick<ChannelRow, 'channel' | 'configured' | 'say'>[],
): Promise<ChannelRow[]> => {
  const { rows } = await pool.query<Stored>(
    'select channel, last_success_at, last_error_at, last_error from channel_status',
  );
  const kept = new Map(rows.map((row) => [row.channel, row]));
  return channels.map((one) => {
    const row = kept.get(one.channel);
    return {
      ...one,
      lastSuccessAt: isoOrNull(row?.last_success_at ?? null),
      lastErrorAt: isoOrNull(row?.last_error_at ?? null),
      lastError: row?.last_error ?? null,
    };
  });
};
