import type { HandoffAction } from '@baton/contract/handoffs.ts';
import { ACTIONS, type ActionId, actionsFor } from '@baton/domain/handoff/actions.ts';
import type { Refusal } from '@baton/domain/handoff/decision.ts';
import type { Actor } from '@baton/domain/handoff/input.ts';
import { whyNotUndo } from '@baton/domain/handoff/transitions/undo.ts';
import { UNDO_MS } from '@baton/domain/handoff/undoable.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { readState } from '../../handoff/storedState.ts';
import { readLatestAct } from '../../handoff/undoAct.ts';
import { loadPeople } from '../../people/loadPeople.ts';
import { iso } from '../iso.ts';

/**
 * What `actor` may do with a handoff now, by the core's own table, each with the sentence why not. Of one that is not the
 * contact's open one any more nothing may be done, but what was just done with it can be undone.
 */
export const readActions = async (
  pool: Pool,
  contactId: ContactId,
  handoff: { readonly id: number; readonly status: string },
  actor: Actor,
): Promise<HandoffAction[]> => {
  const { rows } = await pool.query<{ state: string; now: number }>(
    'select state, now_ms() as now from contact where id = $1',
    [contactId],
  );
  const state = rows[0] === undefined ? null : readState(rows[0].state);
  const latest = await readLatestAct(pool, contactId);
  const undo = whyNotUndo(latest?.act ?? null, latest?.later ?? null, actor, rows[0]?.now ?? 0);
  const until = undo === null && latest !== null ? { until: iso(latest.act.at + UNDO_MS) } : {};
  const shown = (id: ActionId, refusal: Pick<Refusal, 'say'> | null): HandoffAction =>
    id === 'undo'
      ? { do: id, label: ACTIONS[id].label, allowed: undo === null, why: undo?.say ?? null, ...until }
      : { do: id, label: ACTIONS[id].label, allowed: refusal === null, why: refusal?.say ?? null };
  if (state?.handoff?.id !== handoff.id) {
    const say = `This handoff is ${handoff.status} already.`;
    return (Object.keys(ACTIONS) as ActionId[]).map((id) => shown(id, { say }));
  }
  return actionsFor(state, actor, await loadPeople(pool)).map(({ action, refusal }) => shown(action, refusal));
};
