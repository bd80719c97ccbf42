/** Why something cannot be done with an account. */
export const ACCOUNT_REFUSALS = [
  'account-unknown',
  'address-taken',
  'address-invalid',
  'last-admin',
  'rep-unknown',
  'rep-taken',
  'not-deactivated',
  'not-active',
] as const;
export type AccountRefusal = (typeof ACCOUNT_REFUSALS)[number];

/** Thrown where something cannot be done with an account; nothing of it was written. */
export class AccountRefused extends Error {
  readonly code: AccountRefusal;

  constructor(code: AccountRefusal, say: string) {
    super(say);
    this.name = 'AccountRefused';
    this.code = code;
  }
}
