import type { Pool } from 'pg';
import { makePolicyLoader } from '../agreement/activePolicy.ts';
import { type Acts, makeActs } from '../handoff/act.ts';
import type { DecideContactsDeps } from '../handoff/decideContacts.ts';
import { IdBlocks } from '../handoff/idBlocks.ts';
import { ReferenceCache } from '../handoff/references.ts';
import { createIntake, type Intake } from '../intake/groupCommit.ts';
import { loadPeople } from '../people/loadPeople.ts';

/** The intake and what it decides by, in this process: a command writes through the same path as the server. */
export type Engine = { readonly intake: Intake; readonly acts: Acts; readonly deciding: DecideContactsDeps };

/** Runs `work` with an intake of its own on the pool and waits for all that it took. */
export const withEngine = async <T>(pool: Pool, work: (engine: Engine) => Promise<T>): Promise<T> => {
  const references = new ReferenceCache({ loadActivePolicy: makePolicyLoader().loadActivePolicy, loadPeople });
  const deciding = { pool, references, ids: new IdBlocks() };
  const intake = createIntake(pool, references);
  try {
    return await work({ intake, acts: makeActs(deciding), deciding });
  } finally {
    await intake.stop();
  }
};
