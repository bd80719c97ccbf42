import type { Scope } from '@baton/contract/operation.ts';
import type { Trust } from '@baton/domain/facts/fact.ts';
import type { Pool } from 'pg';
import { hashToken, type KeyKind, kindOfKey } from './keyFormat.ts';

/** Whoever holds a key: its source, how far it is trusted, and what it may do. */
export type KeyHolder = {
  readonly keyId: number;
  readonly kind: KeyKind;
  readonly name: string;
  readonly sourceId: number;
  readonly sourceName: string;
  readonly trust: Trust;
  readonly scopes: ReadonlySet<Scope>;
};

/** Looks a presented key up. Null: no such key, it was revoked, or it has expired. */
export type FindKey = (key: string) => Promise<KeyHolder | null> | KeyHolder | null;

/** How long an answer is remembered: a revoked key is refused everywhere after this time. */
const REMEMBERED_MS = 3_000;
const REMEMBERED_MAX = 10_000;
const TOUCH_EVERY_MS = 60_000;

type Remembered = { readonly holder: KeyHolder | null; readonly until: number; touched: number };

/** Makes the look-up of keys: remembers answers for seconds, so that the way of an event costs no query. */
export const makeKeyRing = (pool: Pool, now: () => number): FindKey => {
  const remembered = new Map<string, Remembered>();
  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined && known.until > now()) return known.holder;
    if (kindOfKey(key) === null) return null;
    return look(key, known?.touched ?? 0);
  };

  async function look(key: string, touchedBefore: number): Promise<KeyHolder | null> {
    const found = await pool.query<Stored>(
      `select k.id, k.kind, k.name, k.scopes, s.id as source_id, s.name as source_name, s.trust
       from api_key k join source s on s.id = k.source_id where k.hash = $1 and k.revoked_at is null
         and (k.expires_at is null or k.expires_at > now_ms())`,
      [hashToken(key)],
    );
    const stored = found.rows[0];
    const holder = stored === undefined ? null : toHolder(stored);
    const at = now();
    if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value as string);
    const touch = holder !== null && at - touchedBefore > TOUCH_EVERY_MS;
    remembered.set(key, { holder, until: at + REMEMBERED_MS, touched: touch ? at : touchedBefore });
    if (touch) await pool.query('update api_key set last_used_at = $2 where id = $1', [holder.keyId, at]);
    return holder;
  }
};

type Stored = {
  id: number;
  kind: KeyKind;
  name: string;
  scopes: string;
  source_id: number;
  source_name: string;
  trust: Trust;
};

const toHolder = (stored: Stored): KeyHolder => ({
  keyId: stored.id,
  kind: stored.kind,
  name: stored.name,
  sourceId: stored.source_id,
  sourceName: stored.source_name,
  // whatever its source is called, what is public has the least trust
  trust: stored.kind === 'write' ? 'browser' : stored.trust,
  scopes: new Set(stored.scopes.split(' ').filter((scope) => scope !== '') as Scope[]),
});
