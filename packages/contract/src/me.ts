import { ALL_PERMISSIONS, ROLES } from '@baton/domain/access/roles.ts';
import { z } from 'zod/mini';
import { operation } from './operation.ts';

const instant = z.iso.datetime();

/** By which way a session began. */
export const SIGN_IN_WAYS = ['link', 'password', 'passkey', 'sso'] as const;

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
