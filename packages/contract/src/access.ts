import { ALL_PERMISSIONS, ROLES } from '@baton/domain/access/roles.ts';
import { z } from 'zod/mini';
import { operation, SCOPES } from './operation.ts';

export const KEY_KINDS = ['write', 'secret'] as const;

/** A key as it is shown ever after: never its secret part. */
export const KeyRow = z.object({
  id: z.int(),
  name: z.string(),
  kind: z.enum(KEY_KINDS),
  scopes: z.array(z.enum(SCOPES)),
  prefix: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.nullable(z.iso.datetime()),
  revokedAt: z.nullable(z.iso.datetime()),
  expiresAt: z.nullable(z.iso.datetime()),
});

export const listKeys = operation({
  id: 'list-keys',
  method: 'GET',
  path: '/api/v1/keys',
  say: 'List keys; what is secret in them is never shown again',
  access: 'keys:write',
  permission: 'keys.write',
  reply: z.object({ rows: z.array(KeyRow) }),
  status: 200,
  errors: [],
});

export const createKey = operation({
  id: 'create-key',
  method: 'POST',
  path: '/api/v1/keys',
  say: 'Make a key; the answer is the only place where it is shown',
  access: 'keys:write',
  permission: 'keys.write',
  body: z.object({
    name: z.string().check(z.minLength(1), z.maxLength(100)),
    kind: z.enum(KEY_KINDS),
    scopes: z.optional(z.array(z.enum(SCOPES))),
    /** Absent: a year for a secret key, no end for a write key. Null: no end. */
    expiresInDays: z.optional(z.nullable(z.int().check(z.minimum(1), z.maximum(3_650)))),
  }),
  reply: z.object({ key: z.string(), row: KeyRow }),
  status: 201,
  // no idempotency: what it answers is kept nowhere
  errors: ['invalid_field'],
});

export const revokeKey = operation({
  id: 'revoke-key',
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  say: 'Revoke a key; it is refused from then on',
  access: 'keys:write',
  permission: 'keys.write',
  params: z.object({ id: z.coerce.number().check(z.int(), z.positive()) }),
  status: 204,
  errors: ['not_found'],
});

const instant = z.iso.datetime();
const secret = z.string().check(z.maxLength(1_000));

/** By which way a session began. */
export const SIGN_IN_WAYS = ['link', 'password', 'passkey', 'sso'] as const;

/** Signed in; or the password was right and a code of the second factor is to follow. */
export const SignedIn = z.union([
  z.object({ state: z.literal('signed-in'), name: z.string(), expiresAt: instant }),
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
  errors: ['invalid_link', 'invalid_credentials', 'rate_limited'],
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

export const logout = operation({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  say: 'End the session',
  access: 'session',
  permission: 'signed-in',
  status: 204,
  errors: [],
});

/** Who is signed in and what they may do. `email` null: not said yet. `repId`: the active rep that they are. */
export const Me = z.object({
  id: z.string(),
  name: z.string(),
  email: z.nullable(z.string()),
  repId: z.nullable(z.int()),
  roles: z.array(z.enum(ROLES)),
  permissions: z.array(z.enum(ALL_PERMISSIONS)),
  sees: z.enum(['everything', 'own']),
  signedInBy: z.enum(SIGN_IN_WAYS),
  hasPassword: z.boolean(),
  twoFactor: z.boolean(),
  expiresAt: instant,
});
export type Me = z.output<typeof Me>;

export const readMe = operation({
  id: 'read-me',
  method: 'GET',
  path: '/api/v1/me',
  say: 'Who is signed in, and what they may do',
  access: 'session',
  permission: 'signed-in',
  reply: Me,
  status: 200,
  errors: [],
});
