import type { RejectReason } from '@baton/contract/handoffs.ts';
import { whyNotReason } from '@baton/domain/handoff/transitions/reject.ts';
import type { ContactId } from '@baton/domain/kernel/ids.ts';
import type { FeedbackReason } from '@baton/domain/policy/document.ts';
import { andList, capitalised } from '@baton/domain/policy/page/clause.ts';
import { effectsOf } from '@baton/domain/policy/page/feedbackArticle.ts';
import type { Pool } from 'pg';
import { readState } from '../../handoff/storedState.ts';

/** The policy's reasons for saying no to a contact's open handoff, each with what it does and why it can't be given yet. */
export const readRejectReasons = async (
  pool: Pool,
  contactId: ContactId,
  reasons: readonly FeedbackReason[],
): Promise<RejectReason[]> => {
  if (reasons.length === 0) return [];
  const { rows } = await pool.query<{ state: string }>('select state from contact where id = $1', [contactId]);
  const handoff = rows[0] === undefined ? null : readState(rows[0].state).handoff;
  if (handoff === null) return [];
  return reasons.map((reason) => ({
    id: reason.id,
    then: `${capitalised(andList(effectsOf(reason)))}.`,
    ask: [...reason.ask],
    reroutes: reason.reroute,
    why: whyNotReason(reason, handoff)?.say ?? null,
  }));
};
