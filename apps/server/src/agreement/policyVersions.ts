import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/transaction.ts';
import type { PreparedPolicy } from './preparePolicy.ts';

/** One version of a policy: immutable. An edit is another version with another hash. */
export interface PolicyVersion {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  /** Rounds count through all versions of a name; signatures belong to one. */
  readonly reviewRound: number;
  readonly source: string;
  readonly canonical: string;
  readonly createdBy: string;
  readonly createdAt: number;
}

/** The columns of a `PolicyVersion`, for a select. */
export const VERSION_COLUMNS = `id, name, hash, review_round as "reviewRound", source, canonical,
  created_by as "createdBy", created_at as "createdAt"`;

/** Serialises saving under one name: of two at once the second sees the first's version. */
const SAVE_LOCK = 7_228_102;

/**
 * Stores a prepared policy with its lists as the newest version of its name, in a new review round. The same content as
 * the newest version is that version again: nothing is stored, its signatures stand.
 */
export async function savePolicyVersion(pool: Pool, policy: PreparedPolicy, by: string): Promise<PolicyVersion> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [SAVE_LOCK, policy.document.name]);
    const newest = await newestVersion(client, policy.document.name);
    if (newest?.hash === policy.hash) return newest;
    const { rows } = await client.query<PolicyVersion>(
      `insert into policy_version (name, hash, canonical, source, review_round, created_by)
       values ($1, $2, $3, $4, $5, $6) returning ${VERSION_COLUMNS}`,
      [policy.document.name, policy.hash, policy.canonical, policy.source, (newest?.reviewRound ?? 0) + 1, by],
    );
    const version = rows[0] as PolicyVersion;
    for (const list of policy.lists)
      await client.query('insert into policy_list (version_id, list_id, hash, content) values ($1, $2, $3, $4)', [
        version.id,
        list.id,
        list.hash,
        list.content,
      ]);
    return version;
  });
}

/** The newest version of a name; undefined where there is none. */
export async function newestVersion(client: Queryable, name: string): Promise<PolicyVersion | undefined> {
  const { rows } = await client.query<PolicyVersion>(
    `select ${VERSION_COLUMNS} from policy_version where name = $1 order by id desc limit 1`,
    [name],
  );
  return rows[0];
}
