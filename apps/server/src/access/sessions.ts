import { sideOf } from '@baton/domain/access/roles.ts';
import type { Pool } from 'pg';
import { ACCOUNT_COLUMNS, type Account, type AccountRow, toAccount } from './account.ts';
import { IDLE_HOURS, type SignedInBy } from './auth.ts';
import { hashSessionToken } from './authAdapter.ts';

/** Somebody signed in. */
export type Session = {
  readonly id: string;
  readonly account: Account;
  /** What they are called in audit: their handle. */
  readonly person: string;
  /** The side of the handoff that they act for. */
  readonly team: 'marketing' | 'sales' | 'admin';
  readonly signedInBy: SignedInBy;
  readonly expiresAt: number;
};

/** A session as its owner sees it in the list of theirs. */
export type SessionRow = {
  readonly id: string;
  readonly userAgent: string | null;
  readonly signedInBy: SignedInBy;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
};

const REMEMBERED_MS = 2_000;
const REMEMBERED_MAX = 10_000;
const TOUCH_EVERY_MS = 60_000;
const IDLE_MS = IDLE_HOURS * 3_600_000;
const LIVING = `s.expires_at > now_ms() and s.seen_at > now_ms() - ${IDLE_MS} and a.state = 'active'`;

type Remembered = { readonly session: Session | null; readonly until: number };

/**
 * Looks sessions up by what their cookie holds. Answers are remembered for two seconds, so that a session that was ended
 * anywhere, or whose account was deactivated or got other roles, is so on every node within that time.
 */
export const makeSessions = (pool: Pool, now: () => number, cookieName: string) => {
  const remembered = new Map<string, Remembered>();
  return {
    /** What the cookie is called. */
    cookieName,
    async find(cookie: string): Promise<Session | null> {
      const token = tokenOf(cookie);
      if (token === null) return null;
      const known = remembered.get(token);
      if (known !== undefined && known.until > now()) return known.session;
      const { rows } = await pool.query<Stored>(
        `select s.id, s.signed_in_by, s.expires_at, s.seen_at, ${ACCOUNT_COLUMNS}
         from account_session s join account a on a.id = s.account_id where s.token_hash = $1 and ${LIVING}`,
        [hashSessionToken(token)],
      );
      const row = rows[0];
      const session = row === undefined ? null : toSession(row);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(token, { session, until: now() + REMEMBERED_MS });
      if (row !== undefined && now() - row.seen_at > TOUCH_EVERY_MS)
        await pool.query('update account_session set seen_at = now_ms() where id = $1', [row.id]);
      return session;
    },
    /** Ends the session of a cookie at once on this node, within two seconds on others. */
    async end(cookie: string): Promise<void> {
      const token = tokenOf(cookie);
      if (token === null) return;
      remembered.delete(token);
      await pool.query('delete from account_session where token_hash = $1', [hashSessionToken(token)]);
    },
    /** Forgets what is remembered: what was ended counts at once on this node. */
    forget(): void {
      remembered.clear();
    },
  };
};
export type Sessions = ReturnType<typeof makeSessions>;

/** Of these sessions those that still are; one query for any number. */
export const livingSessions = async (pool: Pool, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>(
    `select s.id from account_session s join account a on a.id = s.account_id where s.id = any($1) and ${LIVING}`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
};

/** The living sessions of an account, the last used first. */
export const listSessions = async (pool: Pool, accountId: string): Promise<readonly SessionRow[]> => {
  const { rows } = await pool.query<SessionRow>(
    `select s.id, s.user_agent as "userAgent", s.signed_in_by as "signedInBy", s.created_at as "createdAt",
            s.seen_at as "seenAt", s.expires_at as "expiresAt"
     from account_session s join account a on a.id = s.account_id
     where s.account_id = $1 and ${LIVING} order by s.seen_at desc, s.id limit 100`,
    [accountId],
  );
  return rows;
};

/** Ends sessions of an account: one of them, or all but one. Answers how many. */
export const endSessions = async (
  pool: Pool,
  accountId: string,
  which: { readonly one: string } | { readonly allBut: string | null },
): Promise<number> => {
  const done =
    'one' in which
      ? await pool.query('delete from account_session where account_id = $1 and id = $2', [accountId, which.one])
      : await pool.query('delete from account_session where account_id = $1 and id is distinct from $2', [
          accountId,
          which.allBut,
        ]);
  return done.rowCount ?? 0;
};

/** What a cookie holds is a token and its signature; the token alone is looked up. Null: it can't be one of ours. */
const tokenOf = (cookie: string): string | null => {
  if (cookie.length > 300) return null;
  const end = cookie.search(/\.|%2E/i);
  const token = end === -1 ? cookie : cookie.slice(0, end);
  return /^[A-Za-z0-9]{32}$/.test(token) ? token : null;
};

type Stored = AccountRow & { id: string; signed_in_by: SignedInBy; expires_at: number; seen_at: number };

const toSession = (row: Stored): Session => {
  const account = toAccount(row);
  return {
    id: row.id,
    account,
    person: account.handle,
    team: sideOf(account.roles),
    signedInBy: row.signed_in_by,
    expiresAt: row.expires_at,
  };
};
