import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `ssrf`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const SSRF_FATES: { readonly [caseId: string]: BadInputFate } = {
  'SSRF-01': {
    is: 'rebound',
    how: 'each address with http and with https, since http alone is a reason to refuse; the name whose DNS lies is in judgeUrl.test.ts',
  },
  'SSRF-02': {
    is: 'elsewhere',
    file: 'apps/server/src/net/guardedFetch.int.test.ts',
    test: 'connects to the address that was judged, whatever the name leads to a moment later',
  },
  'SSRF-04': {
    is: 'elsewhere',
    file: 'apps/server/src/net/guardedFetch.int.test.ts',
    test: 'reads no more than it may of an answer without end',
  },
  'SSRF-05': { is: 'rebound', how: 'the answer is planted in the log; admins, a rep and a key without that scope ask' },
};

/** What becomes of each bad input of the area `webhook_out`: receivers that fail are played by tests of the outbox. */
export const WEBHOOK_OUT_FATES: { readonly [caseId: string]: BadInputFate } = {
  'OUT-01': {
    is: 'elsewhere',
    file: 'apps/server/src/outbox/webhooks.int.test.ts',
    test: 'that fails for three days and then works gets it, under the same id',
  },
  'OUT-02': {
    is: 'elsewhere',
    file: 'apps/server/src/outbox/webhooks.int.test.ts',
    test: '410 switches it off with an alert; switched on again and replayed it gets what it missed',
  },
  'OUT-04': {
    is: 'elsewhere',
    file: 'e2e/deliveriesKilled.e2e.ts',
    test: 'each event reaches its receiver at least once',
  },
  'OUT-05': {
    is: 'elsewhere',
    file: 'apps/server/src/outbox/outbox.int.test.ts',
    test: 'a destination that hangs holds its own places and delays nobody',
  },
  'OUT-07': {
    is: 'elsewhere',
    file: 'apps/server/src/outbox/review.int.test.ts',
    test: 'does not leave when somebody else has the handoff by then; that one is told',
  },
};
