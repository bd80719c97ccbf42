import { readFileSync } from 'node:fs';
import { createKey } from '../../apps/server/src/access/keys.ts';
import { publishPolicy } from '../../apps/server/src/agreement/publishPolicy.ts';
import type { Connection } from '../../apps/server/src/database/connection.ts';
import { migrate } from '../../apps/server/src/database/migrate.ts';
import { createPool } from '../../apps/server/src/database/pool.ts';
import { addRep } from '../../apps/server/src/people/reps.ts';
import { ensureTeam, setMember } from '../../apps/server/src/people/teams.ts';
import { expectOk } from './expectOk.ts';
import { signVersion } from './signVersion.ts';

const POLICY = new URL('../../policies/demo-request-only.yaml', import.meta.url);

/**
 * Makes a company that works: five equal reps in the team `inbound`, a policy (of demo requests) signed by two people and
 * in force, and a secret key. Returns the key.
 */
export const prepareCompany = async (
  connection: Connection,
  source: string = readFileSync(POLICY, 'utf8'),
): Promise<{ readonly key: string }> => {
  await migrate(connection);
  const pool = createPool(connection, { max: 2, name: 'prepare' });
  try {
    expectOk(await ensureTeam(pool, 'inbound', 'Inbound'));
    for (const name of ['Ana', 'Ben', 'Cy', 'Dana', 'Eli']) {
      const email = `${name.toLowerCase()}@sales.example`;
      expectOk(await addRep(pool, { name, email }));
      expectOk(await setMember(pool, 'inbound', email, 100));
    }
    const version = await signVersion(pool, source);
    expectOk(await publishPolicy(pool, { versionId: version.id, by: 'Mia' }));
    const { key } = await createKey(pool, { name: 'crash test', kind: 'secret', by: 'test' });
    return { key };
  } finally {
    await pool.end();
  }
};
