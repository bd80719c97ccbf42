import { listQuarantine } from '@baton/contract/quarantine.ts';
import type { FastifyInstance } from 'fastify';
import { iso } from '../../records/iso.ts';
import { idAfter, pageOfIds } from './idPaging.ts';
import { type ApiDeps, implement } from './implement.ts';

type Stored = {
  id: number;
  source: string;
  message_key: string | null;
  code: string;
  detail: string;
  payload: string;
  received_at: number;
};

/** Registers the list of what was set aside and not resolved yet, newest first. */
export const registerQuarantineRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, listQuarantine, async ({ query }) => {
    const found = await deps.pool.query<Stored>(
      `select q.id, coalesce(s.name, '') as source, q.message_key, q.code, q.detail, q.payload, q.received_at
       from quarantine q left join source s on s.id = q.source_id
       where q.resolved_at is null and q.id < $1 order by q.id desc limit $2`,
      [idAfter(query.cursor, Number.MAX_SAFE_INTEGER), query.limit + 1],
    );
    return pageOfIds(found.rows, query.limit, toRow);
  });
};

const toRow = (row: Stored) => ({
  id: row.id,
  source: row.source,
  messageId: row.message_key,
  code: row.code,
  detail: row.detail,
  payload: row.payload,
  receivedAt: iso(row.received_at),
});
