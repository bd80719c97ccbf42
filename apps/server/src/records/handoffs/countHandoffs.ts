import { HANDOFF_VIEWS, type HandoffCounts, type HandoffStatus, VIEW_STATUSES } from '@baton/contract/handoffs.ts';
import type { Pool } from 'pg';
import { handoffSight, type Sight } from '../../access/sight.ts';
import { iso } from '../iso.ts';
import { feedPosition } from './feedPosition.ts';

/** More reps than this are found by search, not by a list. */
const REPS_MAX = 500;

/**
 * How many handoffs each view has, how many are late now, and whom the filters can name; of what `sight` sees. One pass
 * over handoffs.
 */
export const countHandoffs = async (pool: Pool, sight: Sight = null): Promise<HandoffCounts> => {
  // Before the counts: what commits between the two reads is told twice rather than never.
  const live = await feedPosition(pool);
  const [byStatus, late, reps, teams] = await Promise.all([
    pool.query<{ status: HandoffStatus; count: number }>(
      `select status, count(*) from handoff h where ${handoffSight('h', '$1')} group by status`,
      [sight],
    ),
    pool.query<{ count: number }>(
      `select count(distinct k.handoff_id) from handoff_clock k join handoff h on h.id = k.handoff_id
       where k.stopped_at is null and k.kind <> 'return' and k.due_at < now_ms() and ${handoffSight('h', '$1')}`,
      [sight],
    ),
    pool.query<{ id: number; name: string }>(
      `select id, name from rep where active and selling order by name, id limit ${REPS_MAX}`,
    ),
    pool.query<{ id: string; name: string }>('select id, name from team order by name, id'),
  ]);
  const counts = new Map(byStatus.rows.map((row) => [row.status, row.count]));
  const views = Object.fromEntries(
    HANDOFF_VIEWS.map((view) => [
      view,
      VIEW_STATUSES[view].reduce((sum, status) => sum + (counts.get(status) ?? 0), 0),
    ]),
  ) as HandoffCounts['views'];
  return {
    views,
    late: late.rows[0]?.count ?? 0,
    reps: reps.rows,
    teams: teams.rows,
    serverNow: iso(live.now),
    livePosition: live.position,
  };
};
