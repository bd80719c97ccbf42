import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `csv`; badInputsCsv.e2e.ts runs every one that is owned or rebound. */
export const CSV_FATES: { readonly [caseId: string]: BadInputFate } = {
  'CSV-01': {
    is: 'rebound',
    how: 'there is no export yet; the one CSV file that Baton writes is the error file of an import, with the row in it',
  },
  'CSV-02': { is: 'rebound', how: 'as CSV-01' },
  'CSV-04': { is: 'rebound', how: '`baton import --strict` instead of the HTTP route; exit code 1 instead of 422' },
  'CSV-05': { is: 'rebound', how: '`baton import --as history`; what it detected stands in the result of the dry run' },
  'CSV-07': { is: 'rebound', how: '`baton import` with a guessed map' },
  'CSV-08': {
    is: 'rebound',
    how: '`baton import --dry-run` for the million rows (reading and mapping are what could grow), a real import for the cell',
  },
  'CSV-10': {
    is: 'rebound',
    how: '`baton import` without a mode is refused; --as list hands off and tells each rep once',
  },
  'CSV-11': {
    is: 'rebound',
    how: 'one company has one database, so a foreign rep is an unknown one; the row is kept, flagged, and routed by policy',
  },
};
