import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `clock`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const CLOCK_FATES: { readonly [caseId: string]: BadInputFate } = {
  'CLK-01': {
    is: 'elsewhere',
    file: 'apps/server/src/people/resolveCalendar.test.ts',
    test: 'golden due instants in five zones',
  },
  'CLK-02': {
    is: 'rebound',
    how: 'at the process’s clock, which is put 90 days and an hour forward and back while clocks run',
  },
  'CLK-04': {
    is: 'rebound',
    how: 'twenty handoffs that break in the same instant in which their reps log a contact, instead of a thousand tries at one',
  },
  'CLK-05': { is: 'rebound', how: 'the team’s calendar, by the operation that sets it' },
};
