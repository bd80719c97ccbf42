/** An address as its bytes: 4 of IPv4, 16 of IPv6. */
export type AddressBytes = readonly number[];

/** A range of addresses: those whose first `bits` bits are those of `bytes`. */
export type Network = { readonly bytes: AddressBytes; readonly bits: number };

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

const parseV4 = (text: string): AddressBytes | null => {
  const parts = V4.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? parts : null;
};

const parseGroups = (text: string): number[] | null => {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const v4 = parseV4(group);
      if (v4 === null) return null;
      bytes.push(...v4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
};

const parseV6 = (text: string): AddressBytes | null => {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return null;
  const front = parseGroups(head);
  const back = tail === undefined ? [] : parseGroups(tail);
  if (front === null || back === null) return null;
  const missing = 16 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return [...front, ...Array<number>(missing).fill(0), ...back];
};

/**
 * Reads an address in its usual writing: `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`, with or without brackets. Null
 * where it is none; other writings of IPv4 (octal, one number) are for the URL parser to resolve before.
 */
export const parseAddress = (text: string): AddressBytes | null => {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  // a zone (`fe80::1%eth0`) only goes with what is link-local, and that is never allowed by its name alone
  return bare.includes(':') ? parseV6(bare.replace(/%.*$/, '')) : parseV4(bare);
};

/** Reads `10.0.0.0/8`, `fd00::/8`, or one address. Null where it is none. */
export const parseNetwork = (text: string): Network | null => {
  const [address = '', length] = text.trim().split('/');
  const bytes = parseAddress(address);
  if (bytes === null) return null;
  const bits = length === undefined ? bytes.length * 8 : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  return bits >= 0 && bits <= bytes.length * 8 ? { bytes, bits } : null;
};

/** True where the address lies in the network; addresses of the other kind never do. */
export const isInNetwork = (address: AddressBytes, { bytes, bits }: Network): boolean => {
  if (address.length !== bytes.length) return false;
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 255 : (255 << (8 - (bits - bit))) & 255;
    if (((address[bit >> 3] as number) & mask) !== ((bytes[bit >> 3] as number) & mask)) return false;
  }
  return true;
};
