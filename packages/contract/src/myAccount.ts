import { z } from 'zod/mini';
import { Me, SIGN_IN_WAYS } from './me.ts';
import { operation } from './operation.ts';

const instant = z.iso.datetime();
const secret = z.string().check(z.maxLength(1_000));
const text = z.string().check(z.minLength(1), z.maxLength(100));
const OWN = { access: 'session', permission: 'signed-in' } as const;

export const changeMe = operation({
  id: 'change-me',
  method: 'POST',
  path: '/api/v1/me',
  say: 'Change one’s own name; the address only where none is known yet',
  ...OWN,
  body: z.strictObject({ name: z.optional(text), email: z.optional(z.string().check(z.maxLength(320))) }),
  reply: Me,
  status: 200,
  errors: ['invalid_field', 'invalid_email', 'conflict'],
});

export const setMyPassword = operation({
  id: 'set-my-password',
  method: 'POST',
  path: '/api/v1/me/password',
  say: 'Set one’s password; `current` where there is one. Every other session ends',
  ...OWN,
  body: z.strictObject({ current: z.optional(secret), password: secret }),
  status: 204,
  errors: ['invalid_credentials', 'invalid_field', 'rate_limited'],
});

export const MySession = z.object({
  id: z.string(),
  here: z.boolean(),
  /** What the browser calls itself. */
  userAgent: z.nullable(z.string()),
  signedInBy: z.enum(SIGN_IN_WAYS),
  createdAt: instant,
  seenAt: instant,
  expiresAt: instant,
});
export type MySession = z.output<typeof MySession>;

export const listMySessions = operation({
  id: 'list-my-sessions',
  method: 'GET',
  path: '/api/v1/me/sessions',
  say: 'One’s own sessions, the last used first',
  ...OWN,
  reply: z.object({ rows: z.array(MySession) }),
  status: 200,
  errors: [],
});

export const endMySession = operation({
  id: 'end-my-session',
  method: 'DELETE',
  path: '/api/v1/me/sessions/:id',
  say: 'End one of one’s own sessions',
  ...OWN,
  params: z.object({ id: z.string().check(z.maxLength(100)) }),
  status: 204,
  errors: ['not_found'],
});

export const signOutEverywhere = operation({
  id: 'sign-out-everywhere',
  method: 'POST',
  path: '/api/v1/me/sign-out-everywhere',
  say: 'End every session of one’s own but this one',
  ...OWN,
  reply: z.object({ ended: z.int() }),
  status: 200,
  errors: [],
});

export const beginTotp = operation({
  id: 'begin-totp',
  method: 'POST',
  path: '/api/v1/me/totp',
  say: 'Begin to use an authenticator: the secret as an address, and recovery codes; on after the first code',
  ...OWN,
  body: z.strictObject({ password: secret }),
  reply: z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) }),
  status: 200,
  errors: ['invalid_credentials', 'invalid_field', 'conflict'],
});

export const confirmTotp = operation({
  id: 'confirm-totp',
  method: 'POST',
  path: '/api/v1/me/totp/confirm',
  say: 'Turn the authenticator on by a code of it',
  ...OWN,
  body: z.strictObject({ code: secret }),
  status: 204,
  errors: ['invalid_credentials', 'invalid_field', 'rate_limited'],
});

export const removeTotp = operation({
  id: 'remove-totp',
  method: 'POST',
  path: '/api/v1/me/totp/remove',
  say: 'Turn the authenticator off',
  ...OWN,
  body: z.strictObject({ password: secret }),
  status: 204,
  errors: ['invalid_credentials', 'invalid_field', 'rate_limited'],
});

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: instant,
  lastUsedAt: z.nullable(instant),
  /** True where its maker keeps a copy, so that it outlives the device. */
  backedUp: z.boolean(),
});
export type Passkey = z.output<typeof Passkey>;

export const listMyPasskeys = operation({
  id: 'list-my-passkeys',
  method: 'GET',
  path: '/api/v1/me/passkeys',
  say: 'One’s own passkeys',
  ...OWN,
  reply: z.object({ rows: z.array(Passkey) }),
  status: 200,
  errors: [],
});

export const beginMyPasskey = operation({
  id: 'begin-my-passkey',
  method: 'POST',
  path: '/api/v1/me/passkeys/begin',
  say: 'What a browser needs to make a passkey',
  ...OWN,
  reply: z.looseObject({ challenge: z.string() }),
  status: 200,
  errors: [],
});

export const addMyPasskey = operation({
  id: 'add-my-passkey',
  method: 'POST',
  path: '/api/v1/me/passkeys',
  say: 'Keep the passkey that the browser made',
  ...OWN,
  body: z.strictObject({ name: text, credential: z.looseObject({ id: z.string().check(z.maxLength(2_000)) }) }),
  reply: Passkey,
  status: 201,
  errors: ['invalid_credentials', 'invalid_field', 'conflict'],
});

export const removeMyPasskey = operation({
  id: 'remove-my-passkey',
  method: 'DELETE',
  path: '/api/v1/me/passkeys/:id',
  say: 'Forget a passkey; nobody signs in by it from then on',
  ...OWN,
  params: z.object({ id: z.string().check(z.maxLength(2_000)) }),
  status: 204,
  errors: ['not_found'],
});
