import type { PoolClient } from 'pg';
import type { WebhookEvent } from './fanOut.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const CONTACTS = `
select c.id, c.email, c.name, c.stage, c.lead_status, c.company_id, m.name as company_name, m.domain, m.stage as company_stage
from contact c left join company m on m.id = c.company_id where c.id = any($1::int8[])`;

const HANDOFFS = `
select h.*, r.name as owner_name, r.email as owner_email from handoff h left join rep r on r.id = h.owner_id
where h.id = any($1::int8[])`;

type Contact = {
  id: number;
  email: string | null;
  name: string | null;
  stage: string | null;
  lead_status: string | null;
  company_id: number | null;
  company_name: string | null;
  domain: string | null;
  company_stage: string | null;
};

type Handoff = {
  id: number;
  status: string;
  kind: string;
  intent: string;
  reason: string;
  rule_id: string;
  route_id: string | null;
  team_id: string | null;
  queue_id: string | null;
  owner_id: number | null;
  owner_name: string | null;
  owner_email: string | null;
  deal_id: number | null;
  episode: number;
  qualified_at: number;
  accepted_at: number | null;
  contacted_at: number | null;
  due_at: number | null;
  closed_at: number | null;
  closed_reason: string | null;
};

/** What a full payload says beside the ids, by decision: contact, company and handoff as they stand now. Two statements. */
export const readEventData = async (
  client: PoolClient,
  events: readonly WebhookEvent[],
): Promise<ReadonlyMap<number, object>> => {
  if (events.length === 0) return new Map();
  const contacts = await client.query<Contact>(CONTACTS, [events.map(({ contactId }) => contactId)]);
  const handoffs = await client.query<Handoff>(HANDOFFS, [events.map(({ handoffId }) => handoffId)]);
  const contactOf = new Map(contacts.rows.map((row) => [row.id, row]));
  const handoffOf = new Map(handoffs.rows.map((row) => [row.id, row]));
  return new Map(
    events.map(({ decisionId, contactId, handoffId }) => {
      const contact = contactOf.get(contactId);
      const handoff = handoffId === null ? undefined : handoffOf.get(handoffId);
      return [
        decisionId,
        {
          contact: contact === undefined ? null : sayContact(contact),
          company: contact === undefined ? null : sayCompany(contact),
          handoff: handoff === undefined ? null : sayHandoff(handoff),
        },
      ];
    }),
  );
};

const sayContact = ({ id, email, name, stage, lead_status }: Contact) => ({
  id,
  email,
  name,
  stage,
  leadStatus: lead_status,
});

const sayCompany = ({ company_id, company_name, domain, company_stage }: Contact) =>
  company_id === null ? null : { id: company_id, name: company_name, domain, stage: company_stage };

const sayHandoff = (row: Handoff) => ({
  id: row.id,
  status: row.status,
  kind: row.kind,
  intent: row.intent,
  reason: row.reason,
  rule: row.rule_id,
  route: row.route_id,
  team: row.team_id,
  queue: row.queue_id,
  owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name, email: row.owner_email },
  dealId: row.deal_id,
  episode: row.episode,
  qualifiedAt: iso(row.qualified_at),
  acceptedAt: iso(row.accepted_at),
  contactedAt: iso(row.contacted_at),
  dueAt: iso(row.due_at),
  closedAt: iso(row.closed_at),
  closedReason: row.closed_reason,
});
