import type { WarningCode } from '@baton/contract/receiptCodes.ts';

/** Keys that are never data, and that a careless copy would write through. */
const isUnsafe = (key: string): boolean => key === '__proto__' || key === 'constructor' || key === 'prototype';

/** What cleaning found: how many distinct keys there were, and what was left out or mended. */
export type Cleaned = { members: number; readonly warnings: Set<WarningCode> };

/** True if a text of JSON may hold U+0000 or half a surrogate pair, written as escapes. Linear, and rarely true. */
export const mayHoldBadCharacters = (text: string): boolean => /\\u(?:0000|[dD][89a-fA-F])/.test(text);

/**
 * Makes freshly parsed JSON safe to keep, in place: drops unsafe keys and numbers that are not finite, and with `mend`
 * also removes U+0000 and lone surrogates, which PostgreSQL cannot hold. Counts keys, so that a key that stood twice in
 * the text is noticed. Recursion is bounded by the depth that the scan allowed. Linear.
 */
export const cleanJson = (value: unknown, mend: boolean, found: Cleaned): unknown => {
  if (typeof value === 'string') return mend ? mendText(value, found) : value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    found.warnings.add('invalid_number');
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (mend || typeof item === 'object' || typeof item === 'number') value[index] = cleanJson(item, mend, found);
    }
    return value;
  }
  return cleanObject(value as Record<string, unknown>, mend, found);
};

const cleanObject = (object: Record<string, unknown>, mend: boolean, found: Cleaned): Record<string, unknown> => {
  let unsafe = false;
  let badKeys = false;
  for (const key in object) {
    found.members += 1;
    if (isUnsafe(key)) unsafe = true;
    if (mend && mendText(key, found) !== key) badKeys = true;
    const item = object[key];
    if (mend || typeof item === 'object' || typeof item === 'number') {
      const clean = cleanJson(item, mend, found);
      if (clean !== item) object[key] = clean;
    }
  }
  if (unsafe) {
    found.warnings.add('unsafe_key');
    for (const key of Object.keys(object)) if (isUnsafe(key)) delete object[key];
  }
  if (!badKeys) return object;
  const mended = Object.entries(object).map(([key, item]) => [mendText(key, found), item] as const);
  return Object.fromEntries(mended.filter(([key]) => !isUnsafe(key)));
};

const mendText = (text: string, found: Cleaned): string => {
  if (text.isWellFormed() && !text.includes('\u0000')) return text;
  found.warnings.add('invalid_character');
  return text.toWellFormed().replaceAll('\u0000', '');
};
