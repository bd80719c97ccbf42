import type { Pool } from 'pg';
import { COULD_NOT_CHECK } from './checkLeaks.ts';
import { LEAK_CHECKS, type LeakCheck, type MendId } from './leakChecks.ts';
import { RECOUNT } from './recount.ts';

/** A leak as people read it. */
export type Leak = {
  readonly id: number;
  readonly checkId: string;
  readonly subject: string;
  readonly contactId: number | null;
  readonly handoffId: number | null;
  /** Name, address or number of the contact; null where it is about nobody. */
  readonly who: string | null;
  readonly cause: string;
  readonly since: number;
  readonly foundAt: number;
  readonly mend: MendId | null;
  readonly mendSays: string;
};

/** One check and its latest look. `checkedAt` null: never. */
export type CheckState = {
  readonly id: string;
  readonly title: string;
  readonly promise: string;
  readonly found: number;
  readonly looksAt: number;
  readonly checkedAt: number | null;
  readonly tookMs: number | null;
  readonly error: string | null;
  /** The query that proves it. */
  readonly sql: string;
};

/** Checks that are no query: the recount, and the list of those that could not look. */
const OTHERS: readonly Pick<LeakCheck, 'id' | 'title' | 'promise' | 'sql' | 'mend' | 'mendSays'>[] = [
  RECOUNT,
  {
    id: COULD_NOT_CHECK,
    title: 'Everything could be checked',
    promise: 'a check that can’t look is a leak',
    sql: 'select check_id, error from leak_check where error is not null',
    mend: null,
    mendSays: 'The error says why; `baton doctor` explains the state of the database.',
  },
];

/** Every check, in the order in which people read them. */
export const ALL_CHECKS: readonly Pick<LeakCheck, 'id' | 'title' | 'promise' | 'sql' | 'mend' | 'mendSays'>[] = [
  ...LEAK_CHECKS,
  ...OTHERS,
];

const checkOf = (id: string) => ALL_CHECKS.find((check) => check.id === id);

/** Open leaks after an id, oldest leak first by number; at most `limit`. */
export const readLeaks = async (
  pool: Pool,
  choice: { readonly after: number; readonly limit: number; readonly checkId?: string | undefined },
): Promise<readonly Leak[]> => {
  const { rows } = await pool.query<{
    id: number;
    check_id: string;
    subject: string;
    contact_id: number | null;
    handoff_id: number | null;
    who: string | null;
    cause: string;
    since: number;
    found_at: number;
  }>(
    `select l.id, l.check_id, l.subject, l.contact_id, l.handoff_id, l.cause, l.since, l.found_at,
       coalesce(c.name, c.email, 'contact ' || l.contact_id) as who
     from leak l left join contact c on c.id = l.contact_id
     where l.cleared_at is null and l.id > $1 and ($3::text is null or l.check_id = $3)
     order by l.id limit $2`,
    [choice.after, choice.limit, choice.checkId ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    checkId: row.check_id,
    subject: row.subject,
    contactId: row.contact_id,
    handoffId: row.handoff_id,
    who: row.who,
    cause: row.cause,
    since: row.since,
    foundAt: row.found_at,
    mend: checkOf(row.check_id)?.mend ?? null,
    mendSays: checkOf(row.check_id)?.mendSays ?? '',
  }));
};

/** Every check with its latest look, whether it ever looked or not. */
export const readChecks = async (pool: Pool): Promise<readonly CheckState[]> => {
  const { rows } = await pool.query<{
    check_id: string;
    checked_at: number;
    took_ms: number;
    found: number;
    looked_at: number;
    error: string | null;
  }>('select check_id, checked_at, took_ms, found, looked_at, error from leak_check');
  const looks = new Map(rows.map((row) => [row.check_id, row]));
  return ALL_CHECKS.map(({ id, title, promise, sql }) => {
    const last = looks.get(id);
    return {
      id,
      title,
      promise,
      sql,
      found: last?.found ?? 0,
      looksAt: last?.looked_at ?? 0,
      checkedAt: last?.checked_at ?? null,
      tookMs: last?.took_ms ?? null,
      error: last?.error ?? null,
    };
  });
};

/** When the last leak was closed; null: there never was one, or none in the kept 90 days. */
export const lastCleared = async (pool: Pool): Promise<number | null> => {
  const { rows } = await pool.query<{ at: number | null }>('select max(cleared_at) as at from leak');
  return rows[0]?.at ?? null;
};
