const MAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const PHONE = /\+?\d[\d\s()./-]{6,}\d/g;
/** The value that PostgreSQL repeats after `invalid input syntax for type ...:` and the like. */
const REPEATED = /((?:invalid input|invalid value|out of range|Key \([^)]*\)=)[^:"]*:?\s*)("[^"]*"|\([^)]*\))/gi;

/** A message without what may be about a person: addresses, numbers to call, values that the database repeats. */
export const scrub = (text: string): string =>
  text.replace(REPEATED, '$1[value]').replace(MAIL, '[address]').replace(PHONE, '[number]');
