import type { Input } from '@baton/domain/handoff/input.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { askAgain } from './changePeople.ts';
import { grantCatchUps } from './grantCatchUps.ts';
import { openOf } from './reps.ts';

const AT_ONCE = 100;

/**
 * Asks for new decisions about what reps hold whose absence has begun or ended by the database's clock. Each row is taken by
 * one node and goes with the rows that it becomes; waking twice would do no harm. Answers how many absences it was.
 */
export const wakeAvailability = (pool: Pool): Promise<number> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ at: Instant; rep_id: number; change: 'away' | 'back' }>(
      `delete from availability_due where (rep_id, at, change) in (
         select rep_id, at, change from availability_due where at <= now_ms() order by at
         for update skip locked limit ${AT_ONCE})
       returning at, rep_id, change`,
    );
    for (const { rep_id: repId, change } of rows.toSorted((one, other) => one.at - other.at)) {
      const input: Input = { kind: 'availability-changed', repId, change };
      if (change === 'back') await grantCatchUps(client, repId);
      await askAgain(client, await openOf(client, repId), `availability ${repId}`, input);
    }
    return rows.length;
  });
