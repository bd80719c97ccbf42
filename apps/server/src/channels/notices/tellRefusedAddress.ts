import type { Pool } from 'pg';
import type { Delivery } from '../../outbox/sender.ts';

/** Where notices that a channel makes stand among those of a decision: far behind the decision's own effects. */
const INDEX_FROM = 100_000;

/** Tells a rep in the app, once for each delivery, that their address takes no mail, with what their server said. */
export const tellRefusedAddress = async (
  pool: Pool,
  delivery: Delivery,
  address: string,
  answer: string,
): Promise<void> => {
  if (delivery.repId === null || delivery.handoffId === null || delivery.contactId === null) return;
  if (delivery.decisionId === null) return;
  await pool.query(
    `with told as (
       insert into notification (decision_id, effect_index, rep_id, handoff_id, contact_id, at, about, subject, body)
       values ($1, $2, $3, $4, $5, now_ms(), 'note', $6, $7) on conflict do nothing returning 1
     )
     insert into feed (at, handoff_id, contact_id, kind) select now_ms(), $4, $5, 'notice' from told`,
    [
      delivery.decisionId,
      INDEX_FROM + (delivery.id % INDEX_FROM),
      delivery.repId,
      delivery.handoffId,
      delivery.contactId,
      `Your address takes no mail: ${delivery.subject}`.slice(0, 300),
      `We could not mail this notice to ${address}: ${answer}. It stays here in the app; ask for your address to be mended.`,
    ],
  );
};
