import type { FactClaim } from '@baton/domain/facts/fact.ts';
import type { ObservedEvent } from '@baton/domain/handoff/input.ts';
import { effectiveAt } from './effectiveAt.ts';
import { eventKey, mintedEventKey } from './eventKey.ts';
import { type IdentityKey, identityKeys } from './identityKeys.ts';
import type { IncomingEvent } from './incomingEvent.ts';
import { mailDomain, registrableDomain } from './mailDomain.ts';

/** An event made ready outside any transaction: keys, instant and derived claims are known. */
export type StagedEvent = {
  readonly incoming: IncomingEvent;
  readonly observed: ObservedEvent;
  readonly keys: readonly IdentityKey[];
  readonly phone: string | null;
  readonly groupId: string | null;
  /** The registrable domain of the company that this event names, by its own word or by a business address. */
  readonly companyDomain: string | null;
  readonly companyClaims: readonly FactClaim[];
  readonly fromFuture: boolean;
};

export type Staged =
  | { readonly ok: true; readonly event: StagedEvent }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Facts that Baton itself decides: nobody may claim them from outside. */
const OWN: ReadonlySet<string> = new Set([
  'contact.owner',
  'contact.lifecycle',
  'contact.lead-status',
  'contact.email-kind',
  'contact.email-domain',
  'company.owner',
  'company.lifecycle',
]);

const NAME_MAX = 255;
const MESSAGE_KEY_MAX = 255;

/** Reads what can be read without the database; says why where the event can't be taken at all. Linear in its claims. */
export const stageEvent = (incoming: IncomingEvent): Staged => {
  const { messageKey, name } = incoming;
  if (
    messageKey !== null &&
    (messageKey.length === 0 || messageKey.length > MESSAGE_KEY_MAX || messageKey.includes('\0'))
  )
    return {
      ok: false,
      code: 'invalid-message-id',
      detail: `a message id has 1 to ${MESSAGE_KEY_MAX} characters, none of them NUL`,
    };
  if (name.length === 0 || name.length > NAME_MAX || name.includes('\0'))
    return {
      ok: false,
      code: 'invalid-name',
      detail: `an event's name has 1 to ${NAME_MAX} characters, none of them NUL`,
    };
  const identity = identityKeys(incoming.identity);
  if (!identity.ok) return identity;
  const effective = effectiveAt(incoming.receivedAt, incoming.timestamp, incoming.sentAt);
  const key = messageKey === null ? mintedEventKey() : eventKey(incoming.sourceId, messageKey);
  const email = identity.keys.find((known) => known.kind === 'email')?.value ?? null;
  const company = companyOf(incoming, email);
  return {
    ok: true,
    event: {
      incoming,
      observed: {
        key,
        type: incoming.type,
        name,
        effectiveAt: effective.at,
        trust: incoming.trust,
        source: incoming.sourceName,
        properties: incoming.properties,
        claims: contactClaims(incoming, email),
        touch: incoming.touch === null ? null : { ...incoming.touch, at: effective.at, key },
        marks: incoming.marks,
      },
      keys: identity.keys,
      phone: identity.phone,
      groupId: incoming.identity.groupId?.trim() || null,
      companyDomain: company.domain,
      companyClaims: company.claims,
      fromFuture: effective.fromFuture,
    },
  };
};

const NO_CLAIMS: readonly FactClaim[] = [];

function contactClaims(incoming: IncomingEvent, email: string | null): readonly FactClaim[] {
  const given = incoming.claims.length === 0 ? NO_CLAIMS : incoming.claims.filter((claim) => !OWN.has(claim.path));
  const phone = incoming.identity.phone;
  if (email === null && phone === undefined) return given;
  const claims = given.filter((claim) => claim.path !== 'contact.email');
  if (email !== null) {
    claims.push({ path: 'contact.email', value: email });
    const mail = mailDomain(email);
    if (mail !== null)
      claims.push(
        { path: 'contact.email-domain', value: mail.domain },
        { path: 'contact.email-kind', value: mail.kind },
      );
  }
  if (phone !== undefined && !claims.some((claim) => claim.path === 'contact.phone'))
    claims.push({ path: 'contact.phone', value: phone });
  return claims;
}

function companyOf(
  incoming: IncomingEvent,
  email: string | null,
): { domain: string | null; claims: readonly FactClaim[] } {
  const claims =
    incoming.companyClaims.length === 0 ? NO_CLAIMS : incoming.companyClaims.filter((claim) => !OWN.has(claim.path));
  const named = claims.find((claim) => claim.path === 'company.domain')?.value;
  const domain = typeof named === 'string' ? registrableDomain(named) : null;
  if (domain !== null) return { domain, claims };
  const mail = email === null ? null : mailDomain(email);
  return { domain: mail !== null && mail.kind === 'business' ? mail.domain : null, claims };
}
