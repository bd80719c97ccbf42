import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Pool, PoolClient } from 'pg';

/** The deal of a handoff, or null. */
export const dealOf = async (pool: Pool, handoffId: number): Promise<number | null> => {
  const { rows } = await pool.query<{ deal_id: number | null }>('select deal_id from handoff where id = $1', [
    handoffId,
  ]);
  return rows[0]?.deal_id ?? null;
};

/** An id for a deal that a rep is about to make. */
export const nextDealId = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ id: number }>(`select nextval('decision_id_seq') as id`);
  return rows[0]?.id ?? 0;
};

/** Writes a deal that a rep makes by hand of a handoff, before the decision that follows it. */
export const writeRepDeal = async (
  client: PoolClient,
  deal: { readonly id: number; readonly handoffId: number; readonly at: Instant },
): Promise<void> => {
  await client.query(
    `insert into deal (id, company_id, owner_id, handoff_id, created_at, updated_at, pipeline_id, stage_id, made_by, touched, name)
     select $1, h.company_id, h.owner_id, h.id, $3, $3, 'sales', 'appointment', 'person', true,
       coalesce(k.name, c.name, c.email, 'Deal')
     from handoff h join contact c on c.id = h.contact_id left join company k on k.id = h.company_id where h.id = $2`,
    [deal.id, deal.handoffId, deal.at],
  );
  await client.query(
    `insert into deal_contact (deal_id, contact_id, at, handoff_id) select $1, contact_id, $3, id from handoff where id = $2`,
    [deal.id, deal.handoffId, deal.at],
  );
  await client.query(
    `insert into deal_stage_entry (deal_id, at, recorded_at, from_stage, to_stage, cause, by)
     select $1, $3, now_ms(), null, 'appointment', 'by-hand', 'rep:' || owner_id from handoff where id = $2`,
    [deal.id, deal.handoffId, deal.at],
  );
};
