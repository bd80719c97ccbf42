import { ROLES } from '@baton/domain/access/roles.ts';
import { z } from 'zod/mini';
import { operation } from './operation.ts';

const secret = z.string().check(z.maxLength(1_000));
const PUBLIC = { access: 'public', permission: 'anybody' } as const;
/** What a browser's credential says, as its `toJSON` writes it; the verifier checks what is in it. */
const credential = z.looseObject({ id: z.string().check(z.maxLength(2_000)) });

/** Signed in; or the password was right and a code of the second factor is to follow. */
export const SignedIn = z.union([
  z.object({ state: z.literal('signed-in'), name: z.string(), expiresAt: z.iso.datetime() }),
  z.object({ state: z.literal('second-factor') }),
]);
export type SignedIn = z.output<typeof SignedIn>;

export const login = operation({
  id: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  say: 'Sign in by e-mail and password, or by a one-time link; the answer sets the session cookie',
  access: 'public',
  permission: 'anybody',
  // whatever else is sent is no credential of ours and gets the same answer as a wrong one
  body: z.optional(
    z.looseObject({
      key: z.optional(z.string()),
      email: z.optional(z.string()),
      password: z.optional(z.string()),
    }),
  ),
  reply: SignedIn,
  status: 200,
  errors: ['invalid_link', 'invalid_credentials', 'cross_site', 'rate_limited'],
});

export const verifyCode = operation({
  id: 'verify-code',
  method: 'POST',
  path: '/api/v1/auth/totp',
  say: 'Finish signing in with a code of the authenticator, or one of the recovery codes; each counts once',
  access: 'public',
  permission: 'anybody',
  body: z.strictObject({ code: z.optional(secret), recoveryCode: z.optional(secret) }),
  reply: SignedIn,
  status: 200,
  errors: ['invalid_credentials', 'rate_limited', 'invalid_field'],
});

export const listSignInWays = operation({
  id: 'list-sign-in-ways',
  method: 'GET',
  path: '/api/v1/auth/ways',
  say: 'By which ways people sign in here; `sso` is what its button says',
  ...PUBLIC,
  reply: z.object({ sso: z.nullable(z.string()), mail: z.boolean() }),
  status: 200,
  errors: [],
});

export const beginPasskey = operation({
  id: 'begin-passkey',
  method: 'POST',
  path: '/api/v1/auth/passkey/begin',
  say: 'What a browser needs to sign in by passkey: a challenge that counts once, within five minutes',
  ...PUBLIC,
  reply: z.looseObject({ challenge: z.string() }),
  status: 200,
  errors: ['rate_limited'],
});

export const signInByPasskey = operation({
  id: 'sign-in-by-passkey',
  method: 'POST',
  path: '/api/v1/auth/passkey',
  say: 'Sign in by passkey; the answer sets the session cookie',
  ...PUBLIC,
  body: credential,
  reply: SignedIn,
  status: 200,
  errors: ['invalid_credentials', 'rate_limited', 'invalid_field'],
});

export const beginSso = operation({
  id: 'begin-sso',
  method: 'POST',
  path: '/api/v1/auth/sso',
  say: 'Where to send the browser to sign in by the company’s own sign-on',
  ...PUBLIC,
  reply: z.object({ url: z.string() }),
  status: 200,
  errors: ['not_configured', 'rate_limited'],
});

export const readInvitation = operation({
  id: 'read-invitation',
  method: 'POST',
  path: '/api/v1/auth/invitation',
  say: 'What an invitation or a link for a new password is for',
  ...PUBLIC,
  body: z.strictObject({ token: secret }),
  reply: z.object({
    kind: z.enum(['invitation', 'reset']),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(ROLES)),
    invitedBy: z.nullable(z.string()),
    expiresAt: z.iso.datetime(),
  }),
  status: 200,
  errors: ['invalid_link', 'rate_limited', 'invalid_field'],
});

export const acceptInvitation = operation({
  id: 'accept-invitation',
  method: 'POST',
  path: '/api/v1/auth/accept-invite',
  say: 'Accept an invitation: say one’s name, set a password, and be signed in',
  ...PUBLIC,
  body: z.strictObject({
    token: secret,
    /** Where it is sent it must be the one that was invited: a link makes nobody else's account one's own. */
    email: z.optional(z.string().check(z.maxLength(320))),
    name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    password: secret,
  }),
  reply: SignedIn,
  status: 200,
  errors: ['invalid_link', 'forbidden', 'invalid_field', 'rate_limited'],
});

export const forgotPassword = operation({
  id: 'forgot-password',
  method: 'POST',
  path: '/api/v1/auth/forgot',
  say: 'Ask for a mail with a link for a new password; the answer is the same whether there is such an account',
  ...PUBLIC,
  body: z.strictObject({ email: z.string().check(z.maxLength(320)) }),
  status: 204,
  errors: ['not_configured', 'rate_limited', 'invalid_field'],
});

export const resetPassword = operation({
  id: 'reset-password',
  method: 'POST',
  path: '/api/v1/auth/reset',
  say: 'Set a new password by a link, once, within 30 minutes; every session of the account ends',
  ...PUBLIC,
  body: z.strictObject({ token: secret, password: secret }),
  status: 204,
  errors: ['invalid_link', 'invalid_field', 'rate_limited'],
});
