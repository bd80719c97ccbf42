/** Asks every leak check and keeps what it found: which leaks are new, which are gone, and which check could not look. */
import type { Pool, PoolClient } from 'pg';
import { LEAK_CHECKS, type LeakCheck } from './leakChecks.ts';

/** Leaks of one check that are kept by name; its count tells them all. */
export const LEAKS_KEPT = 200;
/** A check that takes longer could not look: that is a leak, not a reason to load the database. */
const CHECK_MAX_MS = 20_000;
/** Only one node asks at a time; the others see what it found. */
const LEAKS_LOCK = 7_228_103;

/** The check under which checks that could not look are listed themselves. */
export const COULD_NOT_CHECK = 'could-not-check';

export type Found = {
  readonly subject: string;
  readonly contactId: number | null;
  readonly handoffId: number | null;
  readonly since: number;
  readonly cause: string;
};

/** What one check saw. `error`: why it could not look. */
export type Looked = {
  readonly checkId: string;
  readonly found: number;
  readonly looksAt: number;
  readonly leaks: readonly Found[];
  readonly tookMs: number;
  readonly error: string | null;
};

export type LeakChange = { readonly opened: number; readonly cleared: number };

/** Asks one check, in a transaction of its own that can only read and gives up after a while. */
export const look = async (pool: Pool, check: Pick<LeakCheck, 'id' | 'sql' | 'looksAt'>): Promise<Looked> => {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  const client = await pool.connect().catch((error: Error) => error);
  if (client instanceof Error) return failed(check.id, took(), client);
  let broken: Error | undefined;
  try {
    await client.query(`begin read only; set local statement_timeout = ${CHECK_MAX_MS}`);
    const { rows } = await client.query<{
      subject: string;
      contact_id: number | null;
      handoff_id: number | null;
      since: number;
      cause: string;
      found: number;
    }>(`select *, count(*) over () as found from (${check.sql}) as leak order by since, subject limit ${LEAKS_KEPT}`);
    const counted = await client.query<{ count: number }>(check.looksAt);
    await client.query('commit');
    return {
      checkId: check.id,
      found: rows[0]?.found ?? 0,
      looksAt: counted.rows[0]?.count ?? 0,
      leaks: rows.map((row) => ({
        subject: row.subject,
        contactId: row.contact_id,
        handoffId: row.handoff_id,
        since: row.since,
        cause: row.cause,
      })),
      tookMs: took(),
      error: null,
    };
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    return failed(check.id, took(), error);
  } finally {
    client.release(broken);
  }
};

const failed = (checkId: string, tookMs: number, error: unknown): Looked => ({
  checkId,
  found: 0,
  looksAt: 0,
  leaks: [],
  tookMs,
  error: error instanceof Error ? error.message : String(error),
});

/**
 * Asks all checks (every minute's; `more` are further looks, such as the hourly recount) and keeps the result. Answers what
 * changed; null while another node is at it. A check that could not look keeps the leaks that it had found before.
 */
export const checkLeaks = async (
  pool: Pool,
  more: readonly (() => Promise<Looked>)[] = [],
  checks: readonly LeakCheck[] = LEAK_CHECKS,
): Promise<LeakChange | null> => {
  const looked: Looked[] = [];
  for (const check of checks) looked.push(await look(pool, check));
  for (const lookFurther of more) looked.push(await lookFurther());
  return keepLooked(pool, looked);
};

/** Keeps what checks saw, in one transaction. Null where another node keeps its own at this moment. */
export const keepLooked = async (pool: Pool, looked: readonly Looked[]): Promise<LeakChange | null> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
      LEAKS_LOCK,
    ]);
    if (rows[0]?.mine !== true) {
      await client.query('rollback');
      return null;
    }
    let [opened, cleared] = [0, 0];
    for (const one of [...looked, thoseThatFailed(looked)]) {
      const change = await keep(client, one);
      opened += change.opened;
      cleared += change.cleared;
    }
    await client.query(`delete from leak where cleared_at < now_ms() - 90 * 86400000::int8`);
    await client.query('commit');
    return { opened, cleared };
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
};

/** "Could not check" as a look of its own, whose leaks are the checks that could not. */
const thoseThatFailed = (looked: readonly Looked[]): Looked => {
  const leaks = looked
    .filter(({ error }) => error !== null)
    .map(({ checkId, error }) => ({
      subject: `check ${checkId}`,
      contactId: null,
      handoffId: null,
      since: Date.now(),
      cause: `could not be asked: ${error}`,
    }));
  return { checkId: COULD_NOT_CHECK, found: leaks.length, looksAt: looked.length, leaks, tookMs: 0, error: null };
};

const keep = async (client: PoolClient, looked: Looked): Promise<LeakChange> => {
  await client.query(
    `insert into leak_check (check_id, checked_at, took_ms, found, looked_at, error) values ($1, now_ms(), $2, $3, $4, $5)
     on conflict (check_id) do update set checked_at = excluded.checked_at, took_ms = excluded.took_ms,
       found = case when excluded.error is null then excluded.found else leak_check.found end,
       looked_at = case when excluded.error is null then excluded.looked_at else leak_check.looked_at end,
       error = excluded.error`,
    [looked.checkId, looked.tookMs, looked.found, looked.looksAt, looked.error],
  );
  if (looked.error !== null) return { opened: 0, cleared: 0 };
  const subjects = looked.leaks.map(({ subject }) => subject);
  // what is beyond the kept ones may still leak: only a look that saw all can say what is gone
  const sawAll = looked.found <= looked.leaks.length;
  const cleared = sawAll
    ? await client.query(
        'update leak set cleared_at = now_ms() where check_id = $1 and cleared_at is null and not subject = any($2)',
        [looked.checkId, subjects],
      )
    : { rowCount: 0 };
  const opened = await client.query(
    `insert into leak (check_id, subject, contact_id, handoff_id, cause, since, found_at)
     select $1, subject, contact_id, handoff_id, cause, since, now_ms()
     from unnest($2::text[], $3::int8[], $4::int8[], $5::text[], $6::int8[]) as found(subject, contact_id, handoff_id, cause, since)
     on conflict (check_id, subject) where cleared_at is null do nothing`,
    [
      looked.checkId,
      subjects,
      looked.leaks.map(({ contactId }) => contactId),
      looked.leaks.map(({ handoffId }) => handoffId),
      looked.leaks.map(({ cause }) => cause),
      looked.leaks.map(({ since }) => since),
    ],
  );
  return { opened: opened.rowCount ?? 0, cleared: cleared.rowCount ?? 0 };
};
