import disposableDomains from 'disposable-email-domains' with { type: 'json' };
import freeDomains from 'free-email-domains/domains.json' with { type: 'json' };
import { getDomain } from 'tldts';

/** `business`: the domain tells the company. `free`: a private mailbox. `disposable`: made to be thrown away. */
export type MailKind = 'business' | 'free' | 'disposable';

const FREE: ReadonlySet<string> = new Set(freeDomains as readonly string[]);
const DISPOSABLE: ReadonlySet<string> = new Set(disposableDomains as readonly string[]);

/** Hosts already looked up; cleared when full, so that a flood of made-up domains can't fill the memory. */
const KNOWN = new Map<string, string | null>();
const KNOWN_MAX = 20_000;

/** The registrable domain of a host or web address (`shop.acme.co.uk` -> `acme.co.uk`), lower case; null for none. */
export const registrableDomain = (host: string): string | null => {
  const key = host.trim().toLowerCase();
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const domain = key === '' || key.length > 253 + 64 ? null : getDomain(key, { allowPrivateDomains: false });
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear();
  KNOWN.set(key, domain);
  return domain;
};

/** The part after the last @, in lower case; null where there is none. */
export const mailHost = (email: string): string | null => {
  const at = email.lastIndexOf('@');
  return at <= 0 || at === email.length - 1 ? null : email.slice(at + 1).toLowerCase();
};

/** The registrable domain of an address and what kind of mailbox that is; null where the address has no domain. */
export const mailDomain = (email: string): { readonly domain: string; readonly kind: MailKind } | null => {
  const host = mailHost(email);
  if (host === null) return null;
  const domain = registrableDomain(host) ?? host;
  if (DISPOSABLE.has(host) || DISPOSABLE.has(domain)) return { domain, kind: 'disposable' };
  return { domain, kind: FREE.has(host) || FREE.has(domain) ? 'free' : 'business' };
};
