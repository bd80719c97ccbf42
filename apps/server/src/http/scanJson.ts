/** Where one object of the `batch` array stands in the text, and what it holds. */
export type ScannedItem = {
  readonly start: number;
  readonly end: number;
  /** Key-value pairs in the text, repeated keys included. */
  readonly members: number;
  /** Levels of nesting, 1 for an object of scalars. */
  readonly depth: number;
};

/** What a look over JSON text tells before anything is built from it. */
export type Scan = {
  readonly depth: number;
  readonly members: number;
  /** The objects of the top-level array named `batch`, in order. */
  readonly items: readonly ScannedItem[];
};

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Measures JSON text in one pass without building it: nesting, key-value pairs, and the extent of each event of a batch.
 * It does not judge the grammar (JSON.parse does); for text that is not JSON the figures mean nothing. Null as soon as the
 * nesting exceeds `depthMax`. Linear.
 */
export const scanJson = (text: string, depthMax: number): Scan | null => {
  const items: ScannedItem[] = [];
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let key = '';
  let inBatch = false;
  let itemStart = 0;
  let itemMembers = 0;
  let itemDeepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (depth === 1) key = text.slice(at + 1, end);
      at = end;
    } else if (code === COLON) {
      members += 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
      if (depth > depthMax) return null;
      if (depth > deepest) deepest = depth;
      if (depth > itemDeepest) itemDeepest = depth;
      if (depth === 2) inBatch = code === OPEN_ARRAY && key === 'batch';
      else if (depth === 3 && inBatch && code === OPEN_OBJECT) {
        itemStart = at;
        itemMembers = members;
        itemDeepest = depth;
      }
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 3 && inBatch && code === CLOSE_OBJECT) {
        items.push({ start: itemStart, end: at + 1, members: members - itemMembers, depth: itemDeepest - 2 });
      }
      if (depth === 2) inBatch = false;
      depth -= 1;
    }
  }
  return { depth: deepest, members, items };
};

/** Index of the quote that ends the string whose first character is at `from`; the text's end where none does. */
const closingQuote = (text: string, from: number): number => {
  let at = text.indexOf('"', from);
  while (at !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
};
