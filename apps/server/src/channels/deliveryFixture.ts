import type { Pool } from 'pg';
import type { Delivery, DeliveryChannel } from '../outbox/sender.ts';

/** Writes a delivery as a commit does and answers it as its sender gets it. What a test does not say is filled in. */
export const makeDelivery = async (
  pool: Pool,
  channel: DeliveryChannel,
  given: Partial<Delivery> & Pick<Delivery, 'handoffId'>,
): Promise<Delivery> => {
  const handoff = await pool.query<{ contact_id: number; owner_id: number | null; reason: string }>(
    'select contact_id, owner_id, reason from handoff where id = $1',
    [given.handoffId],
  );
  const row = handoff.rows[0];
  const written = await pool.query<{ id: number; created_at: number }>(
    `insert into delivery (key, next_at, created_at, channel, destination, rep_id, place, handoff_id, contact_id, decision_id, about, intent, subject, body)
     values ('test:' || gen_random_uuid(), now_ms(), now_ms(), $1, 'test', $2, $3, $4, $5, $6, $7, 'high', $8, $9) returning id, created_at`,
    [
      channel,
      given.place == null ? (given.repId ?? row?.owner_id ?? null) : null,
      given.place ?? null,
      given.handoffId,
      row?.contact_id ?? null,
      given.decisionId ?? given.handoffId,
      given.about ?? 'assigned',
      given.subject ?? 'Ada Ames, Acme',
      given.body ?? `${row?.reason ?? 'Something happened'}.`,
    ],
  );
  const id = written.rows[0]?.id ?? 0;
  const { rows } = await pool.query<{ key: string; rep_id: number | null }>(
    'select key, rep_id from delivery where id = $1',
    [id],
  );
  return {
    id,
    key: rows[0]?.key ?? '',
    channel,
    repId: rows[0]?.rep_id ?? null,
    coversFor: null,
    place: given.place ?? null,
    webhookId: null,
    contactId: row?.contact_id ?? null,
    decisionId: given.decisionId ?? given.handoffId,
    about: given.about ?? 'assigned',
    intent: 'high',
    subject: given.subject ?? 'Ada Ames, Acme',
    body: given.body ?? `${row?.reason ?? 'Something happened'}.`,
    createdAt: written.rows[0]?.created_at ?? 0,
    attempt: 1,
    ...given,
  };
};
