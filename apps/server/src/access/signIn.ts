import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { hashToken } from './keyFormat.ts';

/** Somebody signed in. */
export type Session = {
  readonly person: string;
  readonly team: 'marketing' | 'sales' | 'admin';
  readonly expiresAt: number;
};

const HOUR_MS = 3_600_000;
const LINK_MS = 24 * HOUR_MS;
const SESSION_MS = 7 * 24 * HOUR_MS;

/** Makes a one-time link's secret for a person. Whoever has it can sign in once within 24 hours. */
export const createSignInLink = async (
  pool: Pool,
  who: Pick<Session, 'person' | 'team'> = { person: 'admin', team: 'admin' },
): Promise<{ readonly token: string; readonly expiresAt: number }> => {
  const token = randomBytes(32).toString('base64url');
  const made = await pool.query<{ expires_at: number }>(
    `with gone as (delete from access_session where expires_at < now_ms()), a as (
       insert into audit (by, action, subject) values ($2, 'link-created', 'person:' || $2)
     )
     insert into access_session (token_hash, kind, person, team, expires_at)
     values ($1, 'link', $2, $3, now_ms() + $4) returning expires_at`,
    [hashToken(token), who.person, who.team, LINK_MS],
  );
  return { token, expiresAt: made.rows[0]?.expires_at ?? 0 };
};

/** The address that a link is opened by. */
export const linkAddress = (publicUrl: string, token: string): string =>
  `${publicUrl.replace(/\/$/, '')}/?key=${token}`;

/** Exchanges a link for a session, once. Null: it was used, has expired or never was; the three look the same. */
export const exchangeSignInLink = async (
  pool: Pool,
  token: string,
): Promise<{ readonly token: string; readonly session: Session } | null> => {
  const fresh = randomBytes(32).toString('base64url');
  const made = await pool.query<Stored>(
    `with used as (
       update access_session set used_at = now_ms()
       where token_hash = $1 and kind = 'link' and used_at is null and expires_at > now_ms()
       returning person, team
     ), a as (
       insert into audit (by, action, subject) select person, 'signed-in', 'person:' || person from used
     )
     insert into access_session (token_hash, kind, person, team, expires_at)
     select $2, 'session', person, team, now_ms() + $3 from used
     returning person, team, expires_at`,
    [hashToken(token), hashToken(fresh), SESSION_MS],
  );
  const row = made.rows[0];
  return row === undefined ? null : { token: fresh, session: toSession(row) };
};

/** Ends a session at once on this node, within seconds on others. */
export const endSession = async (pool: Pool, token: string): Promise<void> => {
  await pool.query(`delete from access_session where token_hash = $1 and kind = 'session'`, [hashToken(token)]);
};

/** Looks sessions up by their cookie; remembers answers for two seconds. */
export const makeSessions = (pool: Pool, now: () => number) => {
  const remembered = new Map<string, { readonly session: Session | null; readonly until: number }>();
  return {
    async find(token: string): Promise<Session | null> {
      if (token.length > 100) return null;
      const known = remembered.get(token);
      if (known !== undefined && known.until > now()) return known.session;
      const found = await pool.query<Stored>(
        `select person, team, expires_at from access_session
         where token_hash = $1 and kind = 'session' and expires_at > now_ms()`,
        [hashToken(token)],
      );
      const row = found.rows[0];
      const session = row === undefined ? null : toSession(row);
      if (remembered.size > 10_000) remembered.clear();
      remembered.set(token, { session, until: now() + 2_000 });
      return session;
    },
    async end(token: string): Promise<void> {
      remembered.delete(token);
      await endSession(pool, token);
    },
  };
};
export type Sessions = ReturnType<typeof makeSessions>;

type Stored = { person: string; team: Session['team']; expires_at: number };

const toSession = (row: Stored): Session => ({ person: row.person, team: row.team, expiresAt: row.expires_at });
