import { type CONTACT_SORTS, listContacts, readContact } from '@baton/contract/contacts.ts';
import type { FastifyInstance } from 'fastify';
import { readState } from '../../handoff/storedState.ts';
import { HttpProblem } from '../httpProblem.ts';
import { type ApiDeps, implement } from './implement.ts';

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
  implement(app, deps, listContacts, async ({ query }) => {
    const { after, by } = ORDER[query.sort];
    const from =
      query.cursor === undefined ? (query.sort === 'created' ? 0 : Number.MAX_SAFE_INTEGER) : readCursor(query.cursor);
    const found = await deps.pool.query<Stored>(
      `select ${COLUMNS} from contact where redirected_to is null and erased_at is null and ${after} order by ${by} limit $2`,
      [from, query.limit + 1],
    );
    const rows = found.rows.slice(0, query.limit);
    const last = rows.at(-1);
    return {
      rows: rows.map(toRow),
      nextCursor: found.rows.length > query.limit && last !== undefined ? writeCursor(last.id) : null,
    };
  });
  implement(app, deps, readContact, async ({ params }) => {
    const found = await deps.pool.query<Stored & { state: string }>(
      `select ${COLUMNS}, state from contact
       where id = coalesce((select survivor_id from contact_redirect where contact_id = $1), $1) and erased_at is null`,
      [params.id],
    );
    const row = found.rows[0];
    if (row === undefined) throw new HttpProblem('not_found', 'There is no such contact.');
    const state = readState(row.state);
    return {
      ...toRow(row),
      facts: Object.entries(state.facts).map(([path, fact]) => ({
        path,
        value: Array.isArray(fact.value) ? [...fact.value] : (fact.value as string | number | boolean | null),
        trust: fact.trust,
        source: fact.source,
        at: new Date(fact.at).toISOString(),
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
  createdAt: new Date(row.created_at).toISOString(),
});

/** Cursors are opaque to callers, so that what they hold may change. */
export const writeCursor = (id: number): string => Buffer.from(`c${id}`).toString('base64url');

/** @throws HttpProblem `invalid_cursor`. */
export const readCursor = (cursor: string): number => {
  const match = /^c(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null)
    throw new HttpProblem('invalid_cursor', 'Send the nextCursor of the page before, unchanged.', { at: 'cursor' });
  return Number(match[1]);
};
