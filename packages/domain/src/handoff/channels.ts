import type { Facts, FactValue } from '../facts/fact.ts';
import type { Gate } from '../policy/document.ts';

/** By which ways sales may reach a contact, and why not by the others. */
export type Channels = {
  readonly email: boolean;
  readonly phone: boolean;
  /** There is an address or a number, whatever may be done with it. */
  readonly any: boolean;
  readonly say: string;
};

const YES: ReadonlySet<FactValue> = new Set([true, 'true', 'yes', '1', 'granted', 'opted-in']);
const isYes = (value: FactValue | undefined): boolean =>
  value !== undefined && YES.has(typeof value === 'string' ? value.toLowerCase() : value);
const isText = (value: FactValue | undefined): value is string => typeof value === 'string' && value !== '';

/** Reads address, number, consent and the wish not to be called against the policy's gate. */
export const channelsOf = (gate: Gate, facts: Facts): Channels => {
  const country = facts['contact.country']?.value;
  const needsConsent = typeof country === 'string' && gate.consent.emailRequiredIn.includes(country.toUpperCase());
  const hasEmail = isText(facts['contact.email']?.value);
  const hasPhone = isText(facts['contact.phone']?.value);
  const noConsent = hasEmail && needsConsent && !isYes(facts['contact.email-consent']?.value);
  const noCalls = hasPhone && gate.consent.respectDoNotCall && isYes(facts['contact.do-not-call']?.value);
  const reasons = [
    hasEmail ? (noConsent ? `no consent to e-mail, which ${country} asks for` : null) : 'no e-mail address',
    hasPhone ? (noCalls ? 'asked not to be called' : null) : 'no phone number',
  ];
  return {
    email: hasEmail && !noConsent,
    phone: hasPhone && !noCalls,
    any: hasEmail || hasPhone,
    say: reasons.filter((reason) => reason !== null).join('; '),
  };
};

/** The way that is open, the quickest first; with none, the rep finds out how they may be reached. */
export const openChannel = (channels: Channels): 'call' | 'email' | 'research' => {
  if (channels.phone) return 'call';
  return channels.email ? 'email' : 'research';
};
