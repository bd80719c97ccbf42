import type { CST } from 'yaml';

/** How deep and how large a token tree is, with the offset of the deepest and of the largest collection. */
export interface CstSize {
  readonly depth: number;
  readonly deepestAt: number;
  readonly nodes: number;
  readonly entriesMax: number;
  readonly largestAt: number;
}

/** Measures tokens without recursion, so that no nesting can exhaust the stack. Linear in the tokens. */
export function measureCst(tokens: readonly CST.Token[]): CstSize {
  const size = { depth: 0, deepestAt: 0, nodes: 0, entriesMax: 0, largestAt: 0 };
  const open: { token: CST.Token | null | undefined; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (token === null || token === undefined) continue;
    size.nodes += 1;
    if (token.type === 'document') open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    if (depth + 1 > size.depth) Object.assign(size, { depth: depth + 1, deepestAt: token.offset });
    if (token.items.length > size.entriesMax)
      Object.assign(size, { entriesMax: token.items.length, largestAt: token.offset });
    for (const item of token.items) {
      open.push({ token: item.value, depth: depth + 1 });
      if ('key' in item) open.push({ token: item.key, depth: depth + 1 });
    }
  }
  return size;
}
