import type { Pool } from 'pg';
import { type PolicyVersion, savePolicyVersion } from '../../apps/server/src/agreement/policyVersions.ts';
import { noLists, preparePolicy } from '../../apps/server/src/agreement/preparePolicy.ts';
import { signPolicy } from '../../apps/server/src/agreement/signatures.ts';
import { expectOk } from './expectOk.ts';

/** Saves a policy and has both teams sign it, so that it can be published. */
export const signVersion = async (pool: Pool, source: string): Promise<PolicyVersion> => {
  const version = await savePolicyVersion(pool, expectOk(preparePolicy(source, noLists)), 'Mia');
  const signs = { versionId: version.id, hash: version.hash };
  expectOk(await signPolicy(pool, { ...signs, team: 'marketing', person: 'Mia' }));
  expectOk(await signPolicy(pool, { ...signs, team: 'sales', person: 'Sam' }));
  return version;
};
