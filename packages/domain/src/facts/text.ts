/** Text as Baton compares it: without outer spaces, in lower case; `DE`, `de ` and `De` are one. No locale takes part. */
export const foldText = (text: string): string => text.trim().toLowerCase();

/** A word's letters: letters and digits of any script. */
const WORD_CHARACTER = /[\p{L}\p{N}]/u;

const isWordCode = (code: number): boolean =>
  code < 128
    ? (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
    : // Half of a surrogate pair counts as a letter: a word never ends inside a character.
      (code >= 0xd800 && code <= 0xdfff) || WORD_CHARACTER.test(String.fromCharCode(code));

/** The words of a text, folded, in order: `VP, Sales/EMEA` has `vp`, `sales`, `emea`. Linear. */
export const wordsOf = (text: string): readonly string[] => {
  const folded = text.toLowerCase();
  const words: string[] = [];
  let start = -1;
  for (let index = 0; index <= folded.length; index += 1) {
    const inside = index < folded.length && isWordCode(folded.charCodeAt(index));
    if (inside && start < 0) start = index;
    else if (!inside && start >= 0) {
      words.push(folded.slice(start, index));
      start = -1;
    }
  }
  return words;
};

/** True if the words stand in the text one after the other as whole words; `folded` is in lower case. Linear for one word. */
export const hasWords = (folded: string, words: readonly string[]): boolean => {
  const first = words[0];
  if (first === undefined) return false;
  for (let from = folded.indexOf(first); from >= 0; from = folded.indexOf(first, from + 1)) {
    if (from > 0 && isWordCode(folded.charCodeAt(from - 1))) continue;
    if (continues(folded, from, words)) return true;
  }
  return false;
};

const continues = (folded: string, from: number, words: readonly string[]): boolean => {
  let at = from;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (index > 0) {
      while (at < folded.length && !isWordCode(folded.charCodeAt(at))) at += 1;
      if (!folded.startsWith(word, at)) return false;
    }
    at += word.length;
    if (at < folded.length && isWordCode(folded.charCodeAt(at))) return false;
  }
  return true;
};
