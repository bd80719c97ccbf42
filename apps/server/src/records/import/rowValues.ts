import type { FactValue } from '@baton/domain/facts/fact.ts';
import type { IncomingIdentity } from '../../intake/incomingEvent.ts';
import type { RowErrorCode } from './importRefusal.ts';

/** Why a row is not taken, and what it says by path once its cells are read. */
export type Problem = { readonly code: RowErrorCode; readonly say: string };
export type Values = Map<string, FactValue>;

/** A value as text; undefined where the row has none. */
export const textOf = (values: Values, path: string): string | undefined => {
  const value = values.get(path);
  return value === undefined || value === null ? undefined : String(value);
};

/** The keys of a person that a row gives. */
export const identityOf = (values: Values): IncomingIdentity => {
  const userId = textOf(values, 'contact.user-id');
  const anonymousId = textOf(values, 'contact.anonymous-id');
  const email = textOf(values, 'contact.email');
  const phone = textOf(values, 'contact.phone');
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  };
};
export const hasIdentity = (identity: IncomingIdentity): boolean =>
  identity.userId !== undefined || identity.anonymousId !== undefined || identity.email !== undefined;
export const NO_IDENTITY: Problem = {
  code: 'no-identity',
  say: 'no column gives an e-mail address, a user id or an anonymous id: nobody to attach the row to',
};
