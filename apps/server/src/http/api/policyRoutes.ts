import { readPolicyInForce } from '@baton/contract/policyInForce.ts';
import type { FastifyInstance } from 'fastify';
import { iso } from '../../records/iso.ts';
import { type ApiDeps, implement } from './implement.ts';

type Stored = {
  version_id: number;
  name: string;
  hash: string;
  mode: 'two-key' | 'single-signer';
  since: number;
  source: string;
};

/** Registers reading of the policy in force. */
export const registerPolicyRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  implement(app, deps, readPolicyInForce, async () => {
    const found = await deps.pool.query<Stored>(
      `select v.id as version_id, v.name, v.hash, a.mode, a.since, v.source
       from policy_active a join policy_version v on v.id = a.version_id
       where a.seq = (select max(seq) from policy_active)`,
    );
    const row = found.rows[0];
    if (row === undefined) return { versionId: null, name: null, hash: null, mode: null, since: null, source: null };
    return {
      versionId: row.version_id,
      name: row.name,
      hash: row.hash,
      mode: row.mode,
      since: iso(row.since),
      source: row.source,
    };
  });
};
