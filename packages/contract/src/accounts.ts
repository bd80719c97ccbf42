import { ROLES } from '@baton/domain/access/roles.ts';
import { z } from 'zod/mini';
import { operation } from './operation.ts';

const instant = z.iso.datetime();
const Id = z.object({ id: z.string().check(z.minLength(1), z.maxLength(100)) });
const roles = z.array(z.enum(ROLES)).check(z.minLength(1), z.maxLength(ROLES.length));
const rep = z.int().check(z.positive());
const ADMIN = { access: 'session', permission: 'accounts.edit' } as const;

export const ACCOUNT_STATES = ['invited', 'active', 'deactivated'] as const;

/** An account as admins see it. `repId`: the active rep that it is. */
export const AccountRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.nullable(z.string()),
  state: z.enum(ACCOUNT_STATES),
  roles: z.array(z.enum(ROLES)),
  repId: z.nullable(z.int()),
  hasPassword: z.boolean(),
  twoFactor: z.boolean(),
  passkeys: z.int(),
  sessions: z.int(),
  lastSeenAt: z.nullable(instant),
  invitedBy: z.nullable(z.string()),
  createdAt: instant,
});
export type AccountRow = z.output<typeof AccountRow>;

/** A link for one person. `mailed`: it went to them; else it is shown here alone, to be handed over. */
export const AccountLink = z.object({
  account: AccountRow,
  address: z.nullable(z.string()),
  mailed: z.boolean(),
  expiresAt: instant,
});
export type AccountLink = z.output<typeof AccountLink>;

export const listAccounts = operation({
  id: 'list-accounts',
  method: 'GET',
  path: '/api/v1/accounts',
  say: 'List accounts: who can sign in, by which ways, and what they may do',
  ...ADMIN,
  reply: z.object({ rows: z.array(AccountRow) }),
  status: 200,
  errors: [],
});

export const inviteAccount = operation({
  id: 'invite-account',
  method: 'POST',
  path: '/api/v1/accounts',
  say: 'Invite somebody, or invite them once more: by mail where it is set up, else by a link that is shown once',
  ...ADMIN,
  body: z.strictObject({
    email: z.string().check(z.maxLength(320)),
    name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    roles,
    repId: z.optional(z.nullable(rep)),
  }),
  reply: AccountLink,
  status: 201,
  // no idempotency: what it answers is kept nowhere
  errors: ['invalid_field', 'invalid_email', 'conflict'],
});

export const changeAccount = operation({
  id: 'change-account',
  method: 'POST',
  path: '/api/v1/accounts/:id',
  say: 'Change roles, name or the rep that somebody is; it counts within seconds',
  ...ADMIN,
  params: Id,
  body: z.strictObject({
    roles: z.optional(roles),
    name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    repId: z.optional(z.nullable(rep)),
  }),
  reply: AccountRow,
  status: 200,
  errors: ['not_found', 'invalid_field', 'conflict'],
});

export const deactivateAccount = operation({
  id: 'deactivate-account',
  method: 'POST',
  path: '/api/v1/accounts/:id/deactivate',
  say: 'Lock somebody out: every session of theirs ends within seconds, and open links count no more',
  ...ADMIN,
  params: Id,
  reply: AccountRow,
  status: 200,
  errors: ['not_found', 'conflict'],
});

export const activateAccount = operation({
  id: 'activate-account',
  method: 'POST',
  path: '/api/v1/accounts/:id/activate',
  say: 'Let somebody in again who was deactivated',
  ...ADMIN,
  params: Id,
  reply: AccountRow,
  status: 200,
  errors: ['not_found', 'conflict'],
});

export const resetAccount = operation({
  id: 'reset-account',
  method: 'POST',
  path: '/api/v1/accounts/:id/reset',
  say: 'A link for a new password; `secondFactor` takes the authenticator away as well',
  ...ADMIN,
  params: Id,
  body: z.optional(z.strictObject({ secondFactor: z.optional(z.boolean()) })),
  reply: AccountLink,
  status: 200,
  errors: ['not_found', 'conflict', 'invalid_field'],
});
