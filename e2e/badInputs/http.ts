import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `http`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const HTTP_FATES: { readonly [caseId: string]: BadInputFate } = {
  'HTTP-01': { is: 'owned' },
  'HTTP-02': { is: 'owned' },
  'HTTP-04': { is: 'owned' },
  'HTTP-05': { is: 'owned' },
  'HTTP-07': { is: 'owned' },
  'HTTP-08': { is: 'owned' },
  'HTTP-10': { is: 'owned' },
  'HTTP-11': { is: 'owned' },
  'HTTP-13': { is: 'owned' },
  'HTTP-14': { is: 'owned' },
  'HTTP-16': { is: 'owned' },
  'HTTP-17': { is: 'owned' },
  'HTTP-19': { is: 'owned' },
  'HTTP-20': {
    is: 'rebound',
    how: 'the rep is the person whom the one-time link signed in; the form fields go to /forms',
  },
  'HTTP-22': { is: 'owned' },
  'HTTP-23': { is: 'rebound', how: 'the rep is the person whom the one-time link signed in' },
  'HTTP-25': { is: 'rebound', how: '100 connections, since the suite shares its process with the server' },
  'HTTP-26': { is: 'owned' },
  'HTTP-28': { is: 'rebound', how: 'what is tried is one-time links, the only credential that can be guessed at' },
  'HTTP-29': { is: 'owned' },
  'HTTP-31': { is: 'rebound', how: 'the rep is the person whom the one-time link signed in' },
  'HTTP-32': { is: 'rebound', how: 'the rep is the person whom the one-time link signed in' },
  'HTTP-34': { is: 'owned' },
  'HTTP-35': { is: 'rebound', how: 'the rep is the person whom the one-time link signed in' },
};
