import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `merge`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const MERGE_FATES: { readonly [caseId: string]: BadInputFate } = {
  'MRG-01': { is: 'rebound', how: 'the manager is the person whom the one-time link signed in' },
  'MRG-02': { is: 'rebound', how: 'the manager is the person whom the one-time link signed in' },
  'MRG-04': { is: 'rebound', how: 'the rep is switched off as `baton rep` does it, while 100 demo requests arrive' },
  'MRG-05': {
    is: 'rebound',
    how: 'all reps of the team are switched off, by a policy that names where the managers hear of what waits',
  },
  'MRG-07': { is: 'not-applicable', why: 'the HubSpot-compatible API, by which contacts are deleted, comes later' },
};
