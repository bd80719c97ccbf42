import { readCanonical } from '@baton/domain/policy/canonical.ts';
import { compilePolicy } from '@baton/domain/policy/compile.ts';
import type { CompiledPolicy } from '@baton/domain/policy/compiled.ts';
import type { Queryable } from '../database/queryable.ts';
import { sha256 } from './preparePolicy.ts';
import type { PublishMode } from './publishPolicy.ts';
import { listValues } from './readList.ts';

/** What is in force. */
export interface ActivePolicy {
  readonly seq: number;
  readonly versionId: number;
  readonly name: string;
  readonly hash: string;
  /** `single-signer` is shown on every screen. */
  readonly mode: PublishMode;
  /** From when; contacts who matched before are not handed off for it. */
  readonly since: number;
  readonly compiled: CompiledPolicy;
}

/** Loads policies and keeps the compiled ones, by hash. One for each process. */
export interface PolicyLoader {
  /**
   * What is in force as `client` sees it, or null: nothing is, Baton only observes. One indexed row is read each time,
   * so that no publishing is missed; the policy itself is loaded and compiled once for each hash.
   */
  readonly loadActivePolicy: (client: Queryable) => Promise<ActivePolicy | null>;
  /** One version's compiled policy, by hash, for open handoffs that keep theirs; null where no version has that hash. */
  readonly loadPolicy: (client: Queryable, hash: string) => Promise<CompiledPolicy | null>;
}

type ActiveRow = {
  seq: number;
  versionId: number | null;
  mode: PublishMode;
  since: number;
  name: string;
  hash: string;
};

/** Compiled policies kept at once; the oldest goes first. Handoffs of older versions load theirs again. */
const KEPT_MAX = 32;

/** A loader with an empty cache. Corrupt versions (bytes that are not what was signed) throw. */
export function makePolicyLoader(): PolicyLoader {
  const compiled = new Map<string, CompiledPolicy>();
  const loadPolicy: PolicyLoader['loadPolicy'] = async (client, hash) => {
    const known = compiled.get(hash);
    if (known !== undefined) return known;
    const policy = await compileStored(client, hash);
    if (policy === null) return null;
    if (compiled.size >= KEPT_MAX) compiled.delete(compiled.keys().next().value ?? '');
    compiled.set(hash, policy);
    return policy;
  };
  return {
    loadPolicy,
    loadActivePolicy: async (client) => {
      const { rows } = await client.query<ActiveRow>(ACTIVE);
      const row = rows[0];
      if (row === undefined || row.versionId === null) return null;
      const policy = await loadPolicy(client, row.hash);
      if (policy === null) throw new Error(`policy version ${row.versionId} is in force and has no text`);
      return { ...row, versionId: row.versionId, compiled: policy };
    },
  };
}

const ACTIVE = {
  name: 'active-policy',
  text: `select active.seq, active.version_id as "versionId", active.mode, active.since, version.name, version.hash
    from policy_active active left join policy_version version on version.id = active.version_id
    order by active.seq desc limit 1`,
};

/** Stored bytes are compiled only when they are the bytes that were signed. */
async function compileStored(client: Queryable, hash: string): Promise<CompiledPolicy | null> {
  const versions = await client.query<{ id: number; canonical: string }>(
    'select id, canonical from policy_version where hash = $1 order by id desc limit 1',
    [hash],
  );
  const version = versions.rows[0];
  if (version === undefined) return null;
  if (sha256(version.canonical) !== hash) throw new CorruptPolicyError(version.id, 'its text');
  const { document, lists } = readCanonical(version.canonical);
  const { rows } = await client.query<{ list_id: string; content: string }>(
    'select list_id, content from policy_list where version_id = $1',
    [version.id],
  );
  const contents = new Map(rows.map((row) => [row.list_id, row.content]));
  for (const [id, signed] of Object.entries(lists))
    if (sha256(contents.get(id) ?? '') !== signed) throw new CorruptPolicyError(version.id, `its list ${id}`);
  const values = new Map([...contents].map(([id, content]) => [id, listValues(content)]));
  return compilePolicy(document, hash, values);
}

/** Somebody changed stored bytes that people had signed. */
export class CorruptPolicyError extends Error {
  readonly code = 'corrupt-version';
  constructor(versionId: number, what: string) {
    super(`policy version ${versionId}: ${what} is not what was signed; restore it from a backup`);
    this.name = 'CorruptPolicyError';
  }
}
