import type { Scope } from '@baton/contract/operation.ts';
import type { Trust } from '@baton/domain/facts/fact.ts';
import type { Pool } from 'pg';
import { hashToken, hintOf, type KeyKind, makeKey } from './keyFormat.ts';

/** A key as people see it: never its secret part. Instants are epoch ms. */
export type KeyRow = {
  readonly id: number;
  readonly name: string;
  readonly kind: KeyKind;
  readonly scopes: readonly Scope[];
  readonly prefix: string;
  readonly source: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly expiresAt: number | null;
};

/** What a new key is for. */
export type NewKey = {
  readonly name: string;
  readonly kind: KeyKind;
  /** For a secret key; all but `keys:write` when left out. A write key has `events:write`, whatever is said here. */
  readonly scopes?: readonly Scope[];
  /** The name of the source that its events come from; the key's own name when left out. */
  readonly source?: string;
  /** Days until it is refused; a secret key has a year when left out, a write key has no end. Null: none. */
  readonly expiresInDays?: number | null;
  readonly by: string;
};

const SECRET_SCOPES: readonly Scope[] = [
  'events:write',
  'contacts:read',
  'handoffs:read',
  'handoffs:write',
  'policy:read',
  'quarantine:read',
  'deliveries:read',
  'metrics:read',
];

const YEAR_DAYS = 365;
const DAY_MS = 86_400_000;

const COLUMNS = `k.id, k.name, k.kind, k.scopes, k.hint, s.name as source, k.created_at, k.last_used_at, k.revoked_at, k.expires_at`;

/** Makes a key and answers it with its row; it can't be shown again. Several keys may share a source, for rotation. */
export const createKey = async (
  pool: Pool,
  wanted: NewKey,
): Promise<{ readonly key: string; readonly row: KeyRow }> => {
  const key = makeKey(wanted.kind);
  const trust: Trust = wanted.kind === 'write' ? 'browser' : 'server';
  const scopes = wanted.kind === 'write' ? (['events:write'] as const) : (wanted.scopes ?? SECRET_SCOPES);
  const days =
    wanted.expiresInDays === undefined ? (wanted.kind === 'secret' ? YEAR_DAYS : null) : wanted.expiresInDays;
  const sourceId = await sourceFor(
    pool,
    wanted.source ?? wanted.name,
    wanted.kind === 'write' ? 'segment' : 'api',
    trust,
  );
  const inserted = await pool.query<{ id: number }>(
    `with k as (
       insert into api_key (source_id, kind, hash, hint, created_by, name, scopes, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, now_ms() + $8::bigint * ${DAY_MS}) returning id
     ), a as (
       insert into audit (by, action, subject) select $5, 'key-created', 'key:' || id from k
     )
     select id from k`,
    [sourceId, wanted.kind, hashToken(key), hintOf(key), wanted.by, wanted.name, scopes.join(' '), days],
  );
  const row = await readKey(pool, inserted.rows[0]?.id ?? 0);
  if (row === null) throw new Error('the key that was just made is gone');
  return { key, row };
};

/** All keys, revoked ones too, newest first. */
export const listKeys = async (pool: Pool): Promise<readonly KeyRow[]> => {
  const found = await pool.query<Stored>(
    `select ${COLUMNS} from api_key k join source s on s.id = k.source_id order by k.id desc limit 1000`,
  );
  return found.rows.map(toRow);
};

/** Revokes a key; nodes that remember it refuse it within seconds. False where there is none, or it was revoked before. */
export const revokeKey = async (pool: Pool, id: number, by: string): Promise<boolean> => {
  const done = await pool.query(
    `with k as (update api_key set revoked_at = now_ms() where id = $1 and revoked_at is null returning id)
     insert into audit (by, action, subject) select $2, 'key-revoked', 'key:' || id from k`,
    [id, by],
  );
  return (done.rowCount ?? 0) > 0;
};

const readKey = async (pool: Pool, id: number): Promise<KeyRow | null> => {
  const found = await pool.query<Stored>(
    `select ${COLUMNS} from api_key k join source s on s.id = k.source_id where k.id = $1`,
    [id],
  );
  const row = found.rows[0];
  return row === undefined ? null : toRow(row);
};

/**
 * The id of the source with this name; made where there is none. A name that another kind of source has gets a suffix, so
 * that a public key never speaks with the trust of a secret one.
 */
export const sourceFor = async (pool: Pool, name: string, kind: string, trust: Trust): Promise<number> => {
  for (const candidate of [name, `${name} (${trust})`, `${name} (${kind})`]) {
    await pool.query('insert into source (name, kind, trust) values ($1, $2, $3) on conflict (name) do nothing', [
      candidate,
      kind,
      trust,
    ]);
    const found = await pool.query<{ id: number }>('select id from source where name = $1 and trust = $2', [
      candidate,
      trust,
    ]);
    const id = found.rows[0]?.id;
    if (id !== undefined) return id;
  }
  throw new Error(`the source names derived from ${name} are all taken`);
};

type Stored = {
  id: number;
  name: string;
  kind: KeyKind;
  scopes: string;
  hint: string;
  source: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
  expires_at: number | null;
};

const toRow = (stored: Stored): KeyRow => ({
  id: stored.id,
  name: stored.name,
  kind: stored.kind,
  scopes: stored.scopes.split(' ').filter((scope) => scope !== '') as Scope[],
  prefix: stored.hint,
  source: stored.source,
  createdAt: stored.created_at,
  lastUsedAt: stored.last_used_at,
  revokedAt: stored.revoked_at,
  expiresAt: stored.expires_at,
});
