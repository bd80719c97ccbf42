import { type AddressBytes, isInNetwork, type Network, parseNetwork } from './ipAddress.ts';

const network = (text: string): Network => {
  const read = parseNetwork(text);
  if (read === null) throw new Error(`${text} is no network`);
  return read;
};

/** What of IPv4 is not the public internet (IANA's special-purpose registry), and what it is. */
const SPECIAL_V4 = (
  [
    ['0.0.0.0/8', 'this host'],
    ['10.0.0.0/8', 'a private network'],
    ['100.64.0.0/10', 'a carrier network'],
    ['127.0.0.0/8', 'this host'],
    ['169.254.0.0/16', 'link-local, where clouds keep their metadata'],
    ['172.16.0.0/12', 'a private network'],
    ['192.0.0.0/24', 'reserved'],
    ['192.0.2.0/24', 'for documents'],
    ['192.31.196.0/24', 'reserved'],
    ['192.52.193.0/24', 'reserved'],
    ['192.88.99.0/24', 'reserved'],
    ['192.168.0.0/16', 'a private network'],
    ['192.175.48.0/24', 'reserved'],
    ['198.18.0.0/15', 'for tests of networks'],
    ['198.51.100.0/24', 'for documents'],
    ['203.0.113.0/24', 'for documents'],
    ['224.0.0.0/4', 'for many at once'],
    ['240.0.0.0/4', 'reserved'],
  ] as const
).map(([text, say]) => ({ network: network(text), say }));

/** Of IPv6 only 2000::/3 is public, and of that not these. */
const GLOBAL_V6 = network('2000::/3');
const SPECIAL_V6 = (
  [
    ['2001::/23', 'reserved'],
    ['2001:db8::/32', 'for documents'],
    ['2002::/16', 'a tunnel to an IPv4 address'],
    ['3fff::/20', 'for documents'],
  ] as const
).map(([text, say]) => ({ network: network(text), say }));

/** IPv6 writings that lead to the IPv4 address in their last four bytes. */
const EMBEDS_V4 = ['::ffff:0:0/96', '64:ff9b::/96'].map(network);

/**
 * Why an address may not be reached: what it is, in words. Null where it may: it is public, or in one of the networks
 * that the house allows. Linear in the networks.
 */
export const whyNotReachable = (address: AddressBytes, allowed: readonly Network[]): string | null => {
  const embeds = EMBEDS_V4.some((one) => isInNetwork(address, one));
  const judged = embeds ? address.slice(12) : address;
  if (allowed.some((one) => isInNetwork(address, one) || isInNetwork(judged, one))) return null;
  if (judged.length === 4) return SPECIAL_V4.find((one) => isInNetwork(judged, one.network))?.say ?? null;
  if (!isInNetwork(judged, GLOBAL_V6)) return 'no public address';
  return SPECIAL_V6.find((one) => isInNetwork(judged, one.network))?.say ?? null;
};
