import type { BadInputFate } from './policy.ts';

/** What becomes of each bad input of the area `auth`; badInputs.e2e.ts runs every one that is owned or rebound. */
export const AUTH_FATES: { readonly [caseId: string]: BadInputFate } = {
  'AUTH-01': { is: 'owned' },
  'AUTH-02': { is: 'rebound', how: 'times may differ by 25 ms at p50, since the suite shares its machine' },
  'AUTH-04': { is: 'owned' },
  'AUTH-05': { is: 'owned' },
  'AUTH-07': { is: 'rebound', how: 'what changes oneself is a POST' },
  'AUTH-08': { is: 'rebound', how: 'one database is one company: the invitation is of another address of it' },
  'AUTH-10': { is: 'rebound', how: 'a link that counts no more is 401 here, as links for signing in are' },
  'AUTH-11': { is: 'rebound', how: 'there are no JWTs: each is sent as bearer and as cookie' },
  'AUTH-13': { is: 'owned' },
  'AUTH-14': { is: 'rebound', how: '5 MB is refused before it is read, as 413' },
};

/** What becomes of each bad input of the area `authz`. */
export const AUTHZ_FATES: { readonly [caseId: string]: BadInputFate } = {
  'AZ-01': { is: 'owned' },
  'AZ-02': { is: 'owned' },
  'AZ-04': { is: 'owned' },
  'AZ-05': { is: 'rebound', how: 'one database is one company: what names another one changes nothing of who asks' },
  'AZ-07': { is: 'rebound', how: 'the contact is changed by events and by a merge, as contacts are' },
  'AZ-08': {
    is: 'not-applicable',
    why: 'one database is one company; rows are parted by what the server asks for, no row security is relied on',
  },
  'AZ-10': { is: 'not-applicable', why: 'no row security is relied on, see AZ-08' },
};
