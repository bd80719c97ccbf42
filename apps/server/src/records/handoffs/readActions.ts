import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import { ACTIONS, type ActionId, actionsFor } from '@baton/domain/handoff/actions.ts';
import type { Actor } from '@baton/domain/handoff/input.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { Pool } from 'pg';
import { readState } from '../../handoff/storedState.ts';
import { loadPeople } from '../../people/loadPeople.ts';

/**
 * What `actor` may do with a handoff now, by the core's own table, each with the sentence why not. Of one that is not the
 * contact's open one any more, nothing may be done.
 */
export const readActions = async (
  pool: Pool,
  contactId: ContactId,
  handoff: { readonly id: number; readonly status: string },
  actor: Actor,
): Promise<HandoffDetail['actions']> => {
  const { rows } = await pool.query<{ state: string }>('select state from contact where id = $1', [contactId]);
  const state = rows[0] === undefined ? null : readState(rows[0].state);
  if (state?.handoff?.id !== handoff.id) {
    const why = `This handoff is ${handoff.status} already.`;
    return (Object.keys(ACTIONS) as ActionId[]).map((id) => ({
      do: id,
      label: ACTIONS[id].label,
      allowed: false,
      why,
    }));
  }
  return actionsFor(state, actor, await loadPeople(pool)).map(({ action, label, refusal }) => ({
    do: action,
    label,
    allowed: refusal === null,
    why: refusal?.say ?? null,
  }));
};
