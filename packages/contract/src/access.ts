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

export const login = operation({
  id: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  say: 'Exchange a one-time link for a session cookie',
  access: 'public',
  permission: 'anybody',
  // whatever else is sent is no credential of ours and gets the same answer as a wrong one
  body: z.optional(z.looseObject({ key: z.optional(z.string()) })),
  reply: z.object({ name: z.string(), expiresAt: z.iso.datetime() }),
  status: 200,
  errors: ['invalid_link', 'rate_limited'],
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

export const readMe = operation({
  id: 'read-me',
  method: 'GET',
  path: '/api/v1/me',
  say: 'Who is signed in',
  access: 'session',
  permission: 'signed-in',
  reply: z.object({ name: z.string(), role: z.string(), expiresAt: z.iso.datetime() }),
  status: 200,
  errors: [],
});
