/** What the sign-in library calls our tables and columns. What stands in none of these is never stored. */
export const AUTH_TABLES = {
  user: {
    modelName: 'account',
    fields: {
      emailVerified: 'email_verified',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  account: {
    modelName: 'account_login',
    fields: {
      userId: 'account_id',
      providerId: 'provider',
      accountId: 'subject',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'account_session',
    fields: {
      userId: 'account_id',
      token: 'token_hash',
      expiresAt: 'expires_at',
      userAgent: 'user_agent',
      ipAddress: 'ip_address',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'account_proof',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
} as const;

/** The second factor's table and the account's column for it. */
export const TOTP_TABLES = {
  user: { fields: { twoFactorEnabled: 'two_factor' } },
  twoFactor: {
    modelName: 'account_totp',
    fields: {
      userId: 'account_id',
      backupCodes: 'recovery_codes',
      failedVerificationCount: 'failures',
      lockedUntil: 'locked_until',
    },
  },
} as const;

/** Every table that the library may touch, with the columns that it may name. */
export const AUTH_COLUMNS: { readonly [table: string]: ReadonlySet<string> } = {
  account: new Set(['id', 'email', 'email_verified', 'name', 'image', 'two_factor', 'created_at', 'updated_at']),
  account_login: new Set(['id', 'account_id', 'provider', 'subject', 'password', 'scope', 'created_at', 'updated_at']),
  account_session: new Set([
    'id',
    'account_id',
    'token_hash',
    'signed_in_by',
    'user_agent',
    'ip_address',
    'created_at',
    'updated_at',
    'expires_at',
  ]),
  account_proof: new Set(['id', 'identifier', 'value', 'expires_at', 'created_at', 'updated_at']),
  account_totp: new Set(['id', 'account_id', 'secret', 'recovery_codes', 'verified', 'failures', 'locked_until']),
};
