import type { Facts } from '@baton/domain/facts/fact.ts';
import type { CompanyState, OpenHandoffStatus } from '@baton/domain/handoff/state.ts';
import type { CompanyId, ContactId, DealId, HandoffId, RepId } from '@baton/domain/kernel/ids.ts';
import type { LifecycleStage } from '@baton/domain/lifecycle/stage.ts';
import { int8Array } from '../database/binary/binaryArray.ts';
import type { Answer, Pipeline } from '../database/binary/pipeline.ts';

type Row = [id: CompanyId, facts: string, stage: LifecycleStage | null, ownerId: RepId | null];
type HandoffRow = [
  companyId: CompanyId,
  id: HandoffId,
  groupId: HandoffId,
  contactId: ContactId,
  ownerId: RepId | null,
  queueId: string | null,
  teamId: string | null,
  status: OpenHandoffStatus,
  dealId: DealId | null,
];
type DealRow = [companyId: CompanyId, id: DealId, ownerId: RepId | null];

const LOCK = {
  name: 'lock-companies',
  text: 'select id, facts, stage, owner_id from company where id = any($1::int8[]) order by id for no key update',
};
const HANDOFFS = {
  name: 'company-handoffs',
  text: `select distinct on (company_id) company_id, id, group_id, contact_id, owner_id, queue_id, team_id, status, deal_id
    from handoff where company_id = any($1::int8[]) and closed_at is null order by company_id, id`,
};
const DEALS = {
  name: 'company-deals',
  text: `select distinct on (company_id) company_id, id, owner_id
    from deal where company_id = any($1::int8[]) and status = 'open' order by company_id, id`,
};

/**
 * Locks companies in order of id and loads what a handoff needs to know of them: facts, owner, stage, the earliest open
 * handoff and the earliest open deal. `ids` ascend. The two latter are read after the lock, so they are the latest. `told`
 * is called with them when the pipeline has run.
 */
export function loadCompanies(
  pipeline: Pipeline,
  ids: readonly CompanyId[],
  told: (companies: readonly CompanyState[]) => void,
): void {
  const values = [int8Array(ids)];
  const companies = pipeline.add<Row>(LOCK, values);
  const handoffs = pipeline.add<HandoffRow>(HANDOFFS, values);
  pipeline.add<DealRow>(DEALS, values, (deals) => told(joined(companies, handoffs, deals)));
}

function joined(companies: Answer<Row>, handoffs: Answer<HandoffRow>, deals: Answer<DealRow>): CompanyState[] {
  const handoffOf = new Map(handoffs.rows.map((row) => [row[0], row]));
  const dealOf = new Map(deals.rows.map((row) => [row[0], row]));
  return companies.rows.map(([id, facts, stage, ownerId]) => {
    const handoff = handoffOf.get(id);
    const deal = dealOf.get(id);
    return {
      id,
      facts: JSON.parse(facts) as Facts,
      stage,
      ownerId,
      openHandoff: handoff === undefined ? null : openHandoff(handoff),
      openDeal: deal === undefined ? null : { dealId: deal[1], ownerId: deal[2] },
    };
  });
}

const openHandoff = ([, handoffId, groupId, contactId, ownerId, queueId, teamId, status, dealId]: HandoffRow) => ({
  handoffId,
  groupId,
  contactId,
  ownerId,
  queueId,
  teamId,
  status,
  dealId,
});
