/**
 * What becomes of each bad input of the area `policy`. `rebound`: the case is sent to the surface that we have for it.
 * `elsewhere` names the test that owns a case which needs a database.
 */
export type BadInputFate =
  | { readonly is: 'owned' }
  | { readonly is: 'rebound'; readonly how: string }
  | { readonly is: 'elsewhere'; readonly file: string; readonly test: string }
  | { readonly is: 'not-applicable'; readonly why: string };

export const POLICY_FATES: { readonly [caseId: string]: BadInputFate } = {
  'POL-01': {
    is: 'rebound',
    how: 'the language has no regular expressions: `matches` is refused as an unknown operator',
  },
  'POL-02': { is: 'rebound', how: 'as POL-01: there is no pattern whose cost could depend on its input' },
  'POL-04': { is: 'rebound', how: 'the same scalars at places where the document expects texts and numbers' },
  'POL-05': { is: 'rebound', how: 'the same contradictions in `qualify` and `when`' },
  'POL-07': { is: 'rebound', how: 'flow, block and JSON nesting in a policy file' },
  'POL-08': {
    is: 'rebound',
    how: 'fact, team and token in a policy file; the document has no time zones, the key is refused',
  },
  'POL-10': { is: 'rebound', how: 'the document has no calendars: working hours belong to teams, the key is refused' },
  'POL-11': { is: 'rebound', how: 'the same durations as a promise, an accept time and a half-life' },
  'POL-13': {
    is: 'elsewhere',
    file: 'apps/server/src/agreement/agreement.int.test.ts',
    test: 'refuses a signature for another hash than the version has',
  },
  'POL-14': {
    is: 'elsewhere',
    file: 'apps/server/src/agreement/agreement.int.test.ts',
    test: 'a signer who is switched off before publishing no longer counts, and can’t sign',
  },
  'POL-16': { is: 'rebound', how: 'the expression as a key, a fact path, an operand and a token of a policy file' },
  'POL-17': { is: 'rebound', how: 'as POL-16, for each form' },
  'POL-19': { is: 'not-applicable', why: 'there is no backtest yet, so nothing it could leave behind' },
  'POL-20': { is: 'owned' },
};
