/** What a cell said, at most 40 characters of it, to be quoted in a message about the row. */
export const shorten = (text: string): string =>
  text.length > 40 ? `${text.slice(0, 40).replace(HALF_CHARACTER, '')}...` : text;

const HALF_CHARACTER = /\p{Surrogate}$/u;
