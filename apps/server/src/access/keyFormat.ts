import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A write key may be public; a secret key never. The prefix tells scanners and people which one they found. */
export const KEY_PREFIXES = { write: 'baton_wk_', secret: 'baton_sk_' } as const;
export type KeyKind = keyof typeof KEY_PREFIXES;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_CHARS = 43;
const CHECK_CHARS = 6;

/** A new key: prefix, 256 random bits in base 62, and a checksum that lets a typo be told from a revoked key. */
export const makeKey = (kind: KeyKind): string => {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_CHARS);
  return `${KEY_PREFIXES[kind]}${secret}${checksum(secret)}`;
};

/** What kind of key a text is; null where prefix, length, letters or checksum are wrong. No look-up is needed to say no. */
export const kindOfKey = (text: string): KeyKind | null => {
  for (const kind of ['write', 'secret'] as const) {
    const prefix = KEY_PREFIXES[kind];
    if (!text.startsWith(prefix) || text.length !== prefix.length + SECRET_CHARS + CHECK_CHARS) continue;
    const secret = text.slice(prefix.length, -CHECK_CHARS);
    if (/^[0-9A-Za-z]+$/.test(secret) && checksum(secret) === text.slice(-CHECK_CHARS)) return kind;
  }
  return null;
};

/** What is stored of a key or token. 256 random bits need no slow hash. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** How a key is shown ever after: its prefix and first letters. */
export const hintOf = (key: string): string => `${key.slice(0, 13)}...`;

const checksum = (secret: string): string => base62(BigInt(crc32(secret)), CHECK_CHARS);

const base62 = (value: bigint, chars: number): string => {
  let text = '';
  for (let rest = value; text.length < chars; rest /= 62n) text = `${ALPHABET[Number(rest % 62n)]}${text}`;
  return text;
};
