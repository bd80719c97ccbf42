import { ok, type Result } from '@baton/domain/kernel/result.ts';
import type { Pool } from 'pg';
import type { Acts } from '../handoff/act.ts';
import { type PeopleError, updateRep } from './reps.ts';

/**
 * Switches a rep off and gives what they hold to others, parked leads too, each as its own decision. After the first
 * statement nothing new comes to them, so one pass is enough; answers how many handoffs went on. A call that was
 * interrupted is finished by another.
 */
export const switchOffRep = async (
  deps: { readonly pool: Pool; readonly acts: Acts },
  email: string,
): Promise<Result<{ readonly repId: number; readonly rerouted: number }, PeopleError>> => {
  const off = await updateRep(deps.pool, email, { active: false });
  if (!off.ok) return off;
  const repId = off.value;
  const { rows } = await deps.pool.query<{ contact_id: number }>(
    'select contact_id from handoff where owner_id = $1 and closed_at is null order by due_at nulls last, id',
    [repId],
  );
  let rerouted = 0;
  for (const { contact_id: contactId } of rows) {
    const done = await deps.acts.act({ contactId }, { kind: 'availability-changed', repId, change: 'deactivated' });
    if (done.kind === 'done' && done.decision.changes.length > 0) rerouted += 1;
  }
  return ok({ repId, rerouted });
};
