import type { Pool } from 'pg';
import type { Delivery } from '../../outbox/sender.ts';

/** Where notices that a channel makes stand among those of a decision: far behind the decision's own effects. */
const INDEX_FROM = 100_000;

/** The manager's notice stands beside the rep's. */
const MANAGERS_FROM = 2 * INDEX_FROM;

/** Tells a rep and their manager in the app, once for each delivery, that the rep's address takes no mail, and what its server said. */
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
       select $1, at.index, at.rep_id, $4, $5, now_ms(), 'note', at.subject, at.body from (
         select $2::int, $3::int8, $6, $7 union all
         select $2::int + ${MANAGERS_FROM - INDEX_FROM}, m.id, r.name || ' is not reached by mail: ' || $8, $9
         from rep r join rep m on m.id = r.manager_id and m.active where r.id = $3
       ) as at(index, rep_id, subject, body)
       on conflict do nothing returning 1
     )
     insert into feed (at, handoff_id, contact_id, kind) select now_ms(), $4, $5, 'notice' from told limit 1`,
    [
      delivery.decisionId,
      INDEX_FROM + (delivery.id % INDEX_FROM),
      delivery.repId,
      delivery.handoffId,
      delivery.contactId,
      `Your address takes no mail: ${delivery.subject}`.slice(0, 300),
      `We could not mail this notice to ${address}: ${answer}. It stays here in the app; ask for your address to be mended.`,
      delivery.subject.slice(0, 200),
      `A notice to ${address} came back: ${answer}. It stands in the app; have the address mended.`,
    ],
  );
};
