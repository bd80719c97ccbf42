import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `events`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const EVENT_FATES: { readonly [caseId: string]: BadInputFate } = {
  'EV-01': { is: 'owned' },
  'EV-02': { is: 'owned' },
  'EV-04': {
    is: 'rebound',
    how: 'one database is one company: the same id comes from two sources, which is what ids are scoped by',
  },
  'EV-05': { is: 'owned' },
  'EV-07': { is: 'owned' },
  'EV-08': { is: 'owned' },
  'EV-10': { is: 'owned' },
  'EV-11': { is: 'owned' },
  'EV-13': { is: 'owned' },
  'EV-14': {
    is: 'rebound',
    how: 'all 24 orders with a secret key, so that the demo request is trusted enough to qualify',
  },
  'EV-16': { is: 'owned' },
  'EV-17': { is: 'owned' },
  'EV-19': { is: 'owned' },
  'EV-20': {
    is: 'rebound',
    how: '10,000 events at once instead of within a minute; no event of volume is an action of this policy',
  },
  'EV-22': { is: 'owned' },
  'EV-23': { is: 'owned' },
  'EV-25': { is: 'rebound', how: 'kept apart is checked; the web page that warns comes with the contact page' },
  'EV-26': {
    is: 'rebound',
    how: 'a version that is signed beforehand is published in the middle of 1,000 demo requests',
  },
  'EV-28': {
    is: 'elsewhere',
    file: 'e2e/databaseTrouble.e2e.ts',
    test: 'a database that cannot write is a 503 with Retry-After, never a loss',
  },
};
