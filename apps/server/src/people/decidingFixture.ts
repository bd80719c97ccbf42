import type { Pool } from 'pg';
import { makePolicyLoader } from '../agreement/activePolicy.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { ReferenceCache } from '../handoff/references.ts';
import { loadPeople } from './loadPeople.ts';

/** What a node decides by, over a test's database: each call is another node. */
export const decidingOn = (pool: Pool): DecideContactsDeps => ({
  pool,
  references: new ReferenceCache({ loadActivePolicy: makePolicyLoader().loadActivePolicy, loadPeople }),
  ids: new IdBlocks(),
});
