import { lookup } from 'node:dns/promises';
import { type AddressBytes, type Network, parseAddress } from './ipAddress.ts';
import { whyNotReachable } from './judgeAddress.ts';

/** An address of the web that Baton will not call; `message` says which, why, and what would be right. */
export class UrlNotAllowed extends Error {
  readonly code = 'url-not-allowed';
  constructor(message: string) {
    super(message);
    this.name = 'UrlNotAllowed';
  }
}

/** Asks DNS: all addresses of a name. Throws where there is none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Where Baton may call. `networks`: private ones that the house allows; with none of them only public https is. */
export type CallRules = { readonly networks: readonly Network[]; readonly resolve: Resolve };

/** The system's own way to addresses, as connections would go it. */
export const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);

/** A URL that may be called, with the addresses that were judged: connect to one of these and to no other. */
export type JudgedUrl = { readonly url: URL; readonly addresses: readonly string[] };

const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|home\.arpa|lan|onion)$/;
const URL_CHARS_MAX = 2_000;

/**
 * Reads a URL by its writing alone; asks nobody.
 * @throws UrlNotAllowed where it is not plain http(s) with a host and no secrets.
 */
export const readCallUrl = (text: string, networks: readonly Network[]): URL => {
  if (text.length > URL_CHARS_MAX) throw new UrlNotAllowed(`The address is longer than ${URL_CHARS_MAX} characters.`);
  if (!URL.canParse(text)) throw new UrlNotAllowed('This is not an address of the web: write https://host/path.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && (url.protocol !== 'http:' || networks.length === 0))
    throw new UrlNotAllowed(`Only https is called, not ${url.protocol.slice(0, -1)}.`);
  if (url.username !== '' || url.password !== '')
    throw new UrlNotAllowed('A name or password in the address would stand in logs: leave it out.');
  if (url.hash !== '') throw new UrlNotAllowed('What follows # is never sent: leave it out.');
  if (url.hostname.endsWith('.')) throw new UrlNotAllowed('Write the host without a dot at its end.');
  const port = url.port === '' ? 443 : Number(url.port);
  if (networks.length === 0 && port < 1_024 && port !== 443 && port !== 80)
    throw new UrlNotAllowed(`Port ${port} is not one of the web's.`);
  if (networks.length === 0 && parseAddress(url.hostname) === null) checkName(url.hostname);
  return url;
};

const checkName = (host: string): void => {
  if (LOCAL_NAME.test(host) || !host.includes('.'))
    throw new UrlNotAllowed(`${host} is a name of a local network, which is not called.`);
};

/**
 * Judges a URL and every address that its name leads to now. One that may not be reached refuses all.
 * @throws UrlNotAllowed; what `resolve` throws where the name leads nowhere.
 */
export const judgeUrl = async (text: string, { networks, resolve }: CallRules): Promise<JudgedUrl> => {
  const url = readCallUrl(text, networks);
  const literal = parseAddress(url.hostname);
  const addresses = literal === null ? await resolve(url.hostname) : [url.hostname.replace(/^\[|\]$/g, '')];
  if (addresses.length === 0) throw new UrlNotAllowed(`${url.hostname} leads to no address.`);
  for (const address of addresses) {
    const bytes = parseAddress(address);
    const why = bytes === null ? 'no address' : whyNotReachable(bytes, networks);
    if (why !== null)
      throw new UrlNotAllowed(
        `${url.hostname}${literal === null ? ` leads to ${address}, which` : ''} is ${why}; only public addresses are called. ` +
          'BATON_OUTBOUND_NETWORKS allows networks of your own.',
      );
    if (url.protocol === 'http:' && !isAllowedByHouse(bytes as AddressBytes, networks))
      throw new UrlNotAllowed('Only https is called outside of the networks that BATON_OUTBOUND_NETWORKS allows.');
  }
  return { url, addresses };
};

/** Public addresses are not named by the house: what they get must be encrypted. */
const isAllowedByHouse = (address: AddressBytes, networks: readonly Network[]): boolean =>
  whyNotReachable(address, []) !== null && whyNotReachable(address, networks) === null;
