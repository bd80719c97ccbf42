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
