import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

/** Isolation and patience of a transaction. */
export interface TransactionChoice {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** How often to begin again after a conflict; 5 when left out. */
  readonly retries?: number;
}

/** serialization_failure and deadlock_detected: nothing was done, the same work may be tried again. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction: commits when it returns, rolls back when it throws, and begins again after a
 * deadlock or serialization failure. `work` may therefore run several times and must have no effect outside.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  choice: TransactionChoice = {},
): Promise<T> {
  const retries = choice.retries ?? 5;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(pool, work, choice);
    } catch (error) {
      if (attempt >= retries || !isConflict(error)) throw error;
      await delay(5 * 2 ** attempt);
    }
  }
}

/** True for an error after which the same transaction may simply be run again. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has((error as { code?: string } | null)?.code ?? '');
}

async function once<T>(pool: Pool, work: (client: PoolClient) => Promise<T>, choice: TransactionChoice): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(beginning(choice));
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function beginning(choice: TransactionChoice): string {
  const isolation = choice.isolation === undefined ? '' : ` isolation level ${choice.isolation}`;
  return `begin${isolation}${choice.readOnly === true ? ' read only' : ''}`;
}
