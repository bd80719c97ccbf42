import type { IncomingIdentity } from './incomingEvent.ts';

export type IdentityKind = 'email' | 'user' | 'anonymous';

/** A key that names one person for sure. `id` is `kind value` in one text, for maps and for the order of locks. */
export type IdentityKey = { readonly kind: IdentityKind; readonly value: string; readonly id: string };

/** What senders put where they have no id. It would join strangers, so it is no key. */
const GENERIC: ReadonlySet<string> = new Set([
  '',
  '0',
  '-1',
  '1',
  'null',
  'nil',
  'none',
  'nan',
  'undefined',
  'true',
  'false',
  'anonymous',
  'anonymous_id',
  'anonymousid',
  'guest',
  'user',
  'userid',
  'user_id',
  'unknown',
  'email',
  'id',
  'distinct_id',
  'not_authenticated',
  'unidentified',
  'n/a',
  'na',
  'test',
  '[]',
  '{}',
  '[object object]',
  '00000000-0000-0000-0000-000000000000',
]);

const LENGTH_MAX = 255;

/** Why a text can't be a key, or null. */
const fault = (value: string): 'too-long' | 'control-character' | null =>
  value.length > LENGTH_MAX ? 'too-long' : value.includes('\0') ? 'control-character' : null;

export type IdentityKeys =
  | { readonly ok: true; readonly keys: readonly IdentityKey[]; readonly phone: string | null }
  | { readonly ok: false; readonly code: 'no-identity' | 'invalid-identity'; readonly detail: string };

const key = (kind: IdentityKind, value: string): IdentityKey => ({ kind, value, id: `${kind} ${value}` });

/** Digits with a leading + where there is one; null for what is no number (fewer than 6 digits or more than 15). */
export const normalPhone = (phone: string): string | null => {
  const digits = phone.replace(/\D/g, '');
  return digits.length < 6 || digits.length > 15 ? null : (phone.trim().startsWith('+') ? '+' : '') + digits;
};

/**
 * The keys of an event, strongest first (user, e-mail, anonymous, then an alias' previous ids), generic ones left out.
 * Fails where none is left.
 */
export const identityKeys = (identity: IncomingIdentity): IdentityKeys => {
  const keys: IdentityKey[] = [];
  const add = (kind: IdentityKind, given: string | undefined): string | null => {
    if (given === undefined) return null;
    const value = kind === 'email' ? given.trim().toLowerCase() : given.trim();
    if (GENERIC.has(value.toLowerCase()) || (kind === 'email' && !value.includes('@'))) return null;
    const wrong = fault(value);
    if (wrong !== null) return `${kind} is not usable as a key: ${wrong}`;
    if (!keys.some((known) => known.kind === kind && known.value === value)) keys.push(key(kind, value));
    return null;
  };
  const wrong =
    add('user', identity.userId) ??
    add('email', identity.email) ??
    add('anonymous', identity.anonymousId) ??
    // alias says "this person was called that before", and not of which kind that was
    add('anonymous', identity.previousId) ??
    (identity.previousId?.includes('@') ? add('email', identity.previousId) : add('user', identity.previousId));
  if (wrong !== null) return { ok: false, code: 'invalid-identity', detail: wrong };
  if (keys.length === 0)
    return {
      ok: false,
      code: 'no-identity',
      detail:
        'the event names nobody: send a userId, an anonymousId or an e-mail (generic ids such as "null" name nobody)',
    };
  return { ok: true, keys, phone: identity.phone === undefined ? null : normalPhone(identity.phone) };
};
