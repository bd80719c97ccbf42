/** Everything that is known of one contact, for people: facts with where each came from, what they did, how they went. */
import type { Facts } from '@baton/domain/facts/fact.ts';
import type { ContactState } from '@baton/domain/handoff/state.ts';
import type { Instant } from '@baton/domain/kernel/time.ts';
import type { Queryable } from '../database/queryable.ts';
import { readState } from '../handoff/storedState.ts';

export type ContactFile = {
  readonly id: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly stage: string | null;
  readonly leadStatus: string | null;
  readonly owner: string | null;
  readonly company: { readonly id: number; readonly name: string | null; readonly domain: string | null } | null;
  readonly state: ContactState;
  readonly companyFacts: Facts | null;
  readonly stages: readonly {
    readonly at: Instant;
    readonly from: string | null;
    readonly to: string;
    readonly cause: string;
    readonly by: string;
  }[];
  readonly statuses: readonly {
    readonly at: Instant;
    readonly from: string | null;
    readonly to: string;
    readonly cause: string;
    readonly by: string;
  }[];
  readonly timeline: readonly {
    readonly at: Instant;
    readonly kind: string;
    readonly by: string;
    readonly say: string;
  }[];
  readonly handoffs: readonly {
    readonly id: number;
    readonly status: string;
    readonly reason: string;
    readonly qualifiedAt: Instant;
    readonly owner: string | null;
  }[];
  readonly deals: readonly {
    readonly id: number;
    readonly name: string;
    readonly status: string;
    readonly flags: string | null;
  }[];
  readonly tasks: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly owner: string;
    readonly dueAt: Instant;
    /** `done` or `dropped`; null: it is open. */
    readonly how: string | null;
  }[];
  readonly events: number;
  /** The names of the reps who stand as `rep:7` in the lists above. */
  readonly actors: { readonly [by: string]: string };
};

type Head = {
  id: number;
  name: string | null;
  email: string | null;
  stage: string | null;
  lead_status: string | null;
  owner: string | null;
  company_id: number | null;
  company: string | null;
  domain: string | null;
  state: string;
  company_facts: string | null;
};

const ROWS_MAX = 500;

/** The contact that an address, a user id or an anonymous id names, or `contact:NUMBER`; redirects followed; null: nobody. */
export const findContact = async (client: Queryable, named: string): Promise<number | null> => {
  const wanted = named.trim();
  const { rows } = await client.query<{ id: number }>(
    `select coalesce(r.survivor_id, found.id) as id from (
       select contact_id as id, array_position(array['email', 'user', 'anonymous'], kind) as rank from identity_key
       where (kind = 'email' and value = lower($1)) or (kind in ('user', 'anonymous') and value = $1)
       union all select id, 0 from contact where 'contact:' || id = $1
     ) found left join contact_redirect r on r.contact_id = found.id order by rank limit 1`,
    [wanted],
  );
  return rows[0]?.id ?? null;
};

/** Reads a contact's file; null where it is gone or erased. A few statements; lists are cut at 500 rows, newest first. */
export const readContactFile = async (client: Queryable, id: number): Promise<ContactFile | null> => {
  const heads = await client.query<Head>(
    `select c.id, c.name, c.email, c.stage, c.lead_status, r.name as owner, c.company_id, co.name as company, co.domain,
       c.state, co.facts as company_facts
     from contact c left join rep r on r.id = c.owner_id left join company co on co.id = c.company_id
     where c.id = $1 and c.erased_at is null`,
    [id],
  );
  const head = heads.rows[0];
  if (head === undefined) return null;
  const list = async <T extends object>(sql: string): Promise<T[]> =>
    (await client.query<T>(`${sql} limit ${ROWS_MAX}`, [id])).rows;
  const actors = await client.query<{ by: string; name: string }>(
    `select 'rep:' || id as by, name from rep where 'rep:' || id in (
       select by from timeline where contact_id = $1 union select by from stage_entry where contact_id = $1
       union select by from status_entry where contact_id = $1)`,
    [id],
  );
  return {
    id: head.id,
    name: head.name,
    email: head.email,
    stage: head.stage,
    leadStatus: head.lead_status,
    owner: head.owner,
    company: head.company_id === null ? null : { id: head.company_id, name: head.company, domain: head.domain },
    state: readState(head.state),
    companyFacts: head.company_facts === null ? null : (JSON.parse(head.company_facts) as Facts),
    stages: await list(
      `select at, from_stage as "from", to_stage as "to", cause, by from stage_entry where contact_id = $1 order by at desc, decision_id desc`,
    ),
    statuses: await list(
      `select at, from_status as "from", to_status as "to", cause, by from status_entry where contact_id = $1 order by at desc, decision_id desc`,
    ),
    timeline: await list('select at, kind, by, say from timeline where contact_id = $1 order by at desc, id desc'),
    handoffs: await list(
      `select h.id, h.status, h.reason, h.qualified_at as "qualifiedAt", r.name as owner from handoff h
       left join rep r on r.id = h.owner_id where h.contact_id = $1
         or h.id in (select handoff_id from handoff_member where contact_id = $1) order by h.qualified_at desc`,
    ),
    deals: await list(
      `select d.id, d.name, d.status, d.flags from deal_contact dc join deal d on d.id = dc.deal_id
       where dc.contact_id = $1 order by d.created_at desc`,
    ),
    tasks: await list(
      `select t.id, t.type, t.title, r.name as owner, t.due_at as "dueAt", t.how from task t join rep r on r.id = t.owner_id
       where t.contact_id = $1 order by t.created_at desc, t.id desc`,
    ),
    actors: Object.fromEntries(actors.rows.map(({ by, name }) => [by, name])),
    events:
      (await client.query<{ count: number }>('select count(*) as count from event where contact_id = $1', [id])).rows[0]
        ?.count ?? 0,
  };
};
