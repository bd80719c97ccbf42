/**
 * Who serves this company now. Each node keeps a row warm; one that stopped beating loses its row, and whoever sees it first
 * frees what it held. A node that was only paused finds its row gone, and goes on under a new id: what it leased under the
 * old one is no longer its own.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool } from 'pg';

export type NodeId = string;

/** This process among the nodes of its company. */
export type ThisNode = {
  /** Under which it leases now; another one after it was taken for dead. */
  readonly id: () => NodeId;
  /** Takes the row back, so that nobody waits for leases that nobody holds. */
  readonly stop: () => Promise<void>;
};

export type Heartbeat = {
  readonly version: string;
  /** Frees what these nodes held; called by the node that found them silent, again at its next beat where it failed. */
  readonly onDead: (dead: readonly NodeId[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** How often it beats, and how long a node may be silent; 5 s and 20 s when left out, so that leases are free in 30 s. */
  readonly beatMs?: number;
  readonly silentMs?: number;
};

const BEAT_MS = 5_000;
const SILENT_MS = 20_000;

const newId = (): NodeId => randomBytes(9).toString('base64url');

/** Enters this process among the nodes and keeps it there. By the database's clock alone. */
export const joinNodes = async (pool: Pool, heartbeat: Heartbeat): Promise<ThisNode> => {
  const { version, onDead, onError, beatMs = BEAT_MS, silentMs = SILENT_MS } = heartbeat;
  let id = newId();
  let beating: Promise<void> | null = null;
  let toFree: NodeId[] = [];
  const enter = async (): Promise<void> => {
    await pool.query('insert into node (id, name, version) values ($1, $2, $3)', [
      id,
      `${hostname()}:${process.pid}`,
      version,
    ]);
  };
  const beat = async (): Promise<void> => {
    const { rowCount } = await pool.query('update node set beat_at = now_ms() where id = $1', [id]);
    if (rowCount === 0) {
      id = newId();
      await enter();
    }
    const { rows } = await pool.query<{ id: NodeId }>('select id from node where beat_at < now_ms() - $1::int8', [
      silentMs,
    ]);
    // the rows go first: whoever wakes up between finds its own gone before it could use a lease that is freed
    if (rows.length > 0) {
      const { rows: gone } = await pool.query<{ id: NodeId }>(
        'delete from node where id = any($1) and beat_at < now_ms() - $2::int8 returning id',
        [rows.map((row) => row.id), silentMs],
      );
      toFree.push(...gone.map((row) => row.id));
    }
    if (toFree.length === 0) return;
    await onDead(toFree);
    toFree = [];
  };
  await enter();
  const timer = setInterval(() => {
    beating ??= beat()
      .catch(onError)
      .finally(() => {
        beating = null;
      });
  }, beatMs);
  timer.unref();
  return {
    id: () => id,
    stop: async () => {
      clearInterval(timer);
      await beating;
      await pool.query('delete from node where id = $1', [id]).catch(onError);
    },
  };
};
