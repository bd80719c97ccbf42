import { createKey, listKeys, revokeKey } from '@baton/contract/access.ts';
import type { FastifyInstance } from 'fastify';
import * as keys from '../../access/keys.ts';
import { iso } from '../../records/iso.ts';
import { HttpProblem } from '../httpProblem.ts';
import { callerName } from './caller.ts';
import { type ApiDeps, implement } from './implement.ts';

/** Registers keys: list, make, revoke. */
export const registerKeyRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, listKeys, async () => ({ rows: (await keys.listKeys(deps.pool)).map(keyRow) }));
  implement(app, deps, createKey, async ({ body, caller }) => {
    const { name, kind, scopes } = body;
    const made = await keys.createKey(deps.pool, {
      name,
      kind,
      by: callerName(caller),
      ...(scopes === undefined ? {} : { scopes }),
      ...(body.expiresInDays === undefined ? {} : { expiresInDays: body.expiresInDays }),
    });
    return { key: made.key, row: keyRow(made.row) };
  });
  implement(app, deps, revokeKey, async ({ params, caller }) => {
    if (!(await keys.revokeKey(deps.pool, params.id, callerName(caller)))) {
      throw new HttpProblem('not_found', 'There is no such key, or it was revoked before.');
    }
  });
};

const keyRow = (row: keys.KeyRow) => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  scopes: [...row.scopes],
  prefix: row.prefix,
  createdAt: iso(row.createdAt),
  lastUsedAt: row.lastUsedAt === null ? null : iso(row.lastUsedAt),
  revokedAt: row.revokedAt === null ? null : iso(row.revokedAt),
  expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
});
