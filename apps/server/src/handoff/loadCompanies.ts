import type { Facts } from '@baton/domain/facts/fact.ts';
import type { CompanyState, OpenHandoffStatus } from '@baton/domain/handoff/state.ts';
import type { CompanyId } from '@baton/domain/kernel/ids.ts';
import type { LifecycleStage } from '@baton/domain/lifecycle/stage.ts';
import type { ClientBase } from 'pg';
import { int8Array } from '../database/binary/binaryArray.ts';

type Row = {
  id: number;
  facts: string;
  stage: LifecycleStage | null;
  owner_id: number | null;
};

type HandoffRow = {
  company_id: number;
  id: number;
  group_id: number;
  contact_id: number;
  owner_id: number | null;
  queue_id: string | null;
  team_id: string | null;
  status: OpenHandoffStatus;
  deal_id: number | null;
};

/**
 * Locks companies in order of id and loads what a handoff needs to know of them: facts, owner, stage, the earliest open
 * handoff and the earliest open deal. `ids` ascend. The two latter are read after the lock, so they are the latest.
 */
export async function loadCompanies(client: ClientBase, ids: readonly CompanyId[]): Promise<CompanyState[]> {
  const values = [int8Array(ids)];
  const companies = await client.query<Row>({
    name: 'lock-companies',
    text: 'select id, facts, stage, owner_id from company where id = any($1::int8[]) order by id for no key update',
    values,
  });
  const handoffs = await client.query<HandoffRow>({
    name: 'company-handoffs',
    text: `select distinct on (company_id) company_id, id, group_id, contact_id, owner_id, queue_id, team_id, status, deal_id
      from handoff where company_id = any($1::int8[]) and closed_at is null order by company_id, id`,
    values,
  });
  const deals = await client.query<{ company_id: number; id: number; owner_id: number | null }>({
    name: 'company-deals',
    text: `select distinct on (company_id) company_id, id, owner_id
      from deal where company_id = any($1::int8[]) and status = 'open' order by company_id, id`,
    values,
  });
  const handoffOf = new Map(handoffs.rows.map((row) => [row.company_id, row]));
  const dealOf = new Map(deals.rows.map((row) => [row.company_id, row]));
  return companies.rows.map((row) => {
    const handoff = handoffOf.get(row.id);
    const deal = dealOf.get(row.id);
    return {
      id: row.id,
      facts: JSON.parse(row.facts) as Facts,
      stage: row.stage,
      ownerId: row.owner_id,
      openHandoff:
        handoff === undefined
          ? null
          : {
              handoffId: handoff.id,
              groupId: handoff.group_id,
              contactId: handoff.contact_id,
              ownerId: handoff.owner_id,
              queueId: handoff.queue_id,
              teamId: handoff.team_id,
              status: handoff.status,
              dealId: handoff.deal_id,
            },
      openDeal: deal === undefined ? null : { dealId: deal.id, ownerId: deal.owner_id },
    };
  });
}
