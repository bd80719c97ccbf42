import { type CONTACT_SORTS, listContacts, readContact } from '@baton/contract/contacts.ts';
import type { FastifyInstance } from 'fastify';
import { contactSight } from '../../access/sight.ts';
import { readState } from '../../handoff/storedState.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { type ApiDeps, implement } from './implement.ts';
import { sightOf } from './sightOf.ts';

type Stored = {
  id: number;
  name: string | null;
  email: string | null;
  company_id: number | null;
  stage: string | null;
  lead_status: string | null;
  owner_id: number | null;
  created_at: number;
};

const COLUMNS = 'id, name, email, company_id, stage, lead_status, owner_id, created_at';

/** Each sort by its SQL, so that no word of a request becomes SQL. Ids grow with creation. */
const ORDER: Record<(typeof CONTACT_SORTS)[number], { readonly after: string; readonly by: string }> = {
  created: { after: 'id > $1', by: 'id' },
  '-created': { after: 'id < $1', by: 'id desc' },
};

/** Registers reading of contacts. */
export const registerContactRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, listContacts, async ({ query, caller }) => {
    const { after, by } = ORDER[query.sort];
    const from = idAfter(query.cursor, query.sort === 'created' ? 0 : Number.MAX_SAFE_INTEGER);
    const found = await deps.pool.query<Stored>(
      `select ${COLUMNS} from contact c where redirected_to is null and erased_at is null and ${after}
         and ${contactSight('c', '$3')} order by ${by} limit $2`,
      [from, query.limit + 1, sightOf(caller)],
    );
    return pageOfIds(found.rows, query.limit, toRow);
  });
  implement(app, deps, readContact, async ({ params }) => {
    const found = await deps.pool.query<Stored & { state: string }>(
      `select ${COLUMNS}, state from contact
       where id = coalesce((select survivor_id from contact_redirect where contact_id = $1), $1) and erased_at is null`,
      [params.id],
    );
    const row = found.rows[0];
    if (row === undefined) throw new HttpProblem('not_found', `There is no contact ${params.id}.`);
    const state = readState(row.state);
    return {
      ...toRow(row),
      facts: Object.entries(state.facts).map(([path, fact]) => ({
        path,
        value: Array.isArray(fact.value) ? [...fact.value] : (fact.value as string | number | boolean | null),
        trust: fact.trust,
        source: fact.source,
        at: iso(fact.at),
      })),
      openHandoffId: state.handoff?.id ?? null,
    };
  });
};

const toRow = (row: Stored) => ({
  id: row.id,
  name: row.name,
  email: row.email,
  companyId: row.company_id,
  stage: row.stage,
  leadStatus: row.lead_status,
  ownerId: row.owner_id,
  createdAt: iso(row.created_at),
});
