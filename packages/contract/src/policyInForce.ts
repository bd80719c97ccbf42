import { z } from 'zod/mini';
import { operation } from './operation.ts';

/** The policy in force; nulls where none is and Baton only observes. */
export const readPolicyInForce = operation({
  id: 'read-policy',
  method: 'GET',
  path: '/api/v1/policy',
  say: 'The policy in force, as it was signed',
  access: 'policy:read',
  permission: 'policy.read',
  reply: z.object({
    versionId: z.nullable(z.int()),
    name: z.nullable(z.string()),
    hash: z.nullable(z.string()),
    mode: z.nullable(z.enum(['two-key', 'single-signer'])),
    since: z.nullable(z.iso.datetime()),
    source: z.nullable(z.string()),
  }),
  status: 200,
  errors: [],
});
