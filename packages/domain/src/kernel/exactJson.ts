/**
 * A value of the core as JSON text: keys in the order in which the core writes them (the same decision, the same bytes),
 * bigints as decimal texts. Maps are refused, since JSON.stringify would lose them silently.
 */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (key, part) => {
    if (typeof part === 'bigint') return part.toString();
    if (part instanceof Map || part instanceof Set) throw new Error(`${key} is a Map or Set, which JSON can't say`);
    return part;
  });
