import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A person needs some seconds to fill in a form; a page left open overnight is no longer a person at it. */
export const TOKEN_AGE_MIN_MS = 2_000;
export const TOKEN_AGE_MAX_MS = 24 * 3_600_000;

/** What a token tells: that its form was shown by us at that time, or why not. */
export type TokenVerdict = 'good' | 'missing' | 'forged' | 'too-young' | 'too-old';

/** A token for one form, signed by `secret`: instant, random part (so that each counts once), signature. `at` in epoch ms. */
export const makeFormToken = (formId: string, at: number, secret: Uint8Array): string => {
  const head = `${at.toString(36)}.${randomBytes(9).toString('base64url')}`;
  return `${head}.${sign(formId, head, secret)}`;
};

/** Judges a token in constant time; pure. */
export const judgeFormToken = (
  token: string | undefined,
  formId: string,
  now: number,
  secret: Uint8Array,
): TokenVerdict => {
  if (token === undefined || token === '') return 'missing';
  const [at = '', nonce = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || token.length > 200) return 'forged';
  const expected = Buffer.from(sign(formId, `${at}.${nonce}`, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
  const age = now - Number.parseInt(at, 36);
  if (age < TOKEN_AGE_MIN_MS) return 'too-young';
  return age > TOKEN_AGE_MAX_MS ? 'too-old' : 'good';
};

const sign = (formId: string, head: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(`${formId}\n${head}`).digest('base64url');
