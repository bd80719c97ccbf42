import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `forms`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const FORM_FATES: { readonly [caseId: string]: BadInputFate } = {
  'FORM-01': {
    is: 'rebound',
    how: 'stored as text, and answered as JSON; the pages that show it are tested in e2e/web',
  },
  'FORM-02': {
    is: 'rebound',
    how: 'stored as text, and no landing page; the pages that show it are tested in e2e/web',
  },
  'FORM-04': { is: 'rebound', how: 'refused or flattened before anything is sent; there is no mail yet' },
  'FORM-05': { is: 'owned' },
  'FORM-07': { is: 'not-applicable', why: 'nothing is sent to Slack yet' },
  'FORM-08': { is: 'owned' },
  'FORM-10': {
    is: 'rebound',
    how: '1,000 from one address; the flood from many addresses is in apps/server/src/http/forms/forms.int.test.ts',
  },
  'FORM-11': { is: 'owned' },
  'FORM-13': { is: 'owned' },
  'FORM-14': { is: 'owned' },
};
