import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header by which a mail of ours is known when a report brings it back. */
export const MARK_HEADER = 'X-Baton-Delivery';

const KEY_MAX = 100;
const MARK = /^x-baton-delivery:[ \t]*(\S{1,100})\s+([\w-]{43})[ \t]*$/im;

const sign = (key: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(`delivery\n${key}`).digest('base64url');

/** What the header of a delivery's mail says: its key, and that it is ours. Keys can be guessed, so that the key alone proves nothing. */
export const makeDeliveryMark = (key: string, secret: Uint8Array): string => {
  const shown = key.replace(/\s+/g, '-').slice(0, KEY_MAX);
  return `${shown} ${sign(shown, secret)}`;
};

/** The key that the first mark in a text names; null where there is none, or not one of ours. */
export const readDeliveryMark = (text: string, secret: Uint8Array): string | null => {
  const [, key = '', signature = ''] = MARK.exec(text) ?? [];
  const expected = Buffer.from(sign(key, secret));
  const given = Buffer.from(signature);
  return key !== '' && given.length === expected.length && timingSafeEqual(given, expected) ? key : null;
};
