const CHARS_MAX = 254;
/** One address and nothing else: no display name, group, comment, list, quoting or control character. */
const ONE_ADDRESS =
  /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{N}\p{M}-]{2,63}$/u;

/**
 * The one e-mail address in a text, without outer spaces; undefined where it is none or could be read as several.
 * Letters of any script are kept as they are, so that a look-alike stays a different address.
 */
export const readEmail = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || value.length > CHARS_MAX + 20) return undefined;
  const text = value.replace(/^ +| +$/g, '');
  return text.length <= CHARS_MAX && !text.includes('..') && ONE_ADDRESS.test(text) ? text : undefined;
};
