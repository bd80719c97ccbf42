import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `template`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const TEMPLATE_FATES: { readonly [caseId: string]: BadInputFate } = {
  'TPL-01': { is: 'owned' },
  'TPL-02': { is: 'owned' },
  'TPL-04': { is: 'rebound', how: 'with nobody, with a contact who has no first name, and with one who has' },
  'TPL-05': { is: 'rebound', how: 'the contact is one whose first name came in by an event' },
  'TPL-07': { is: 'owned' },
  'TPL-08': {
    is: 'not-applicable',
    why: 'there is no name of the application to set; names from outside are inert on pages: actionPages.int.test.ts',
  },
};
