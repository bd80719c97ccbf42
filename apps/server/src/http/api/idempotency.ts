import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { HttpProblem } from '../httpProblem.ts';

/** What was answered to the same request before. */
export type Remembered = { readonly status: number; readonly body: string };

/** A key that this request now holds: keep its answer, or give the key back when it failed. */
export type Held = {
  readonly keep: (answer: Remembered) => Promise<void>;
  readonly giveBack: () => Promise<void>;
};

const KEY = /^[\x21-\x7e]{1,255}$/;
/** A first request that has not answered by then is taken for dead. */
const AT_WORK_MS = 60_000;

/**
 * Claims an Idempotency-Key for a request. Answers what was answered before where this is a repetition.
 * @throws HttpProblem `idempotency_conflict` for another request under the same key, `conflict` while the first is at work.
 */
export const claimIdempotencyKey = async (
  pool: Pool,
  actor: string,
  key: string,
  request: string,
): Promise<{ readonly before: Remembered } | { readonly held: Held }> => {
  if (!KEY.test(key)) throw new HttpProblem('invalid_parameter', 'Idempotency-Key: 1 to 255 visible ASCII characters.');
  const hash = createHash('sha256').update(request).digest();
  const claimed = await pool.query(
    `insert into idempotency_key as kept (actor, key, request_hash) values ($1, $2, $3)
     on conflict (actor, key) do update set created_at = now_ms()
       where kept.status is null and kept.request_hash = excluded.request_hash and kept.created_at < now_ms() - $4
     returning 1`,
    [actor, key, hash, AT_WORK_MS],
  );
  if (claimed.rowCount === 1) return { held: holdOf(pool, actor, key) };
  const found = await pool.query<{ request_hash: Buffer; status: number | null; body: string | null }>(
    'select request_hash, status, body from idempotency_key where actor = $1 and key = $2',
    [actor, key],
  );
  const kept = found.rows[0];
  if (kept !== undefined && !kept.request_hash.equals(hash)) {
    throw new HttpProblem(
      'idempotency_conflict',
      'This Idempotency-Key came before with another request; use a new one.',
    );
  }
  if (kept?.status == null) throw new HttpProblem('conflict', 'The same request is still at work.', { retryAfterS: 1 });
  return { before: { status: kept.status, body: kept.body ?? '' } };
};

const holdOf = (pool: Pool, actor: string, key: string): Held => ({
  async keep(answer) {
    await pool.query('update idempotency_key set status = $3, body = $4 where actor = $1 and key = $2', [
      actor,
      key,
      answer.status,
      answer.body,
    ]);
  },
  async giveBack() {
    await pool.query('delete from idempotency_key where actor = $1 and key = $2 and status is null', [actor, key]);
  },
});

/** Forgets keys older than a day. */
export const forgetIdempotencyKeys = async (pool: Pool): Promise<void> => {
  await pool.query('delete from idempotency_key where created_at < now_ms() - 86400000');
};
