/**
 * A short stable name for a text: 64 bits of FNV-1a over its UTF-16 code units in two lanes of 32 bits, finished by
 * MurmurHash3's mixer, as 14 characters of base 36. For names within one company, never for secrets or signatures. Linear.
 */
export const textHash = (text: string): string => {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 13;
  }
  return lane(mix(high ^ low)) + lane(mix(low));
};

const mix = (value: number): number => {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const lane = (value: number): string => value.toString(36).padStart(7, '0');
