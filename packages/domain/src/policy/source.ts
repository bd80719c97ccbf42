/** A place in the file: both count from 1. */
export type Position = { readonly line: number; readonly col: number };

/** One entry of a map, with the place of its key. */
export type SourceEntry = { readonly key: string; readonly at: Position; readonly value: SourceNode };

/**
 * A document as data with places, whatever text it came from. Keys of a map are unique; `text` is the scalar as it was
 * written, so that `1.10` or `0o17` can be told from the number it means.
 */
export type SourceNode =
  | (Position & {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      readonly text: string;
    })
  | (Position & { readonly kind: 'map'; readonly entries: readonly SourceEntry[] })
  | (Position & { readonly kind: 'list'; readonly items: readonly SourceNode[] });

/** The value of one key of a map; undefined where the node is no map or has no such key. Linear in the entries. */
export const childOf = (node: SourceNode | undefined, key: string): SourceNode | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;

/** The deepest level of maps and lists, a scalar being 0. Walks without recursion, so that any depth can be judged. Linear. */
export const depthOf = (root: SourceNode): number => {
  let deepest = 0;
  const open: { node: SourceNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (node.kind === 'scalar') continue;
    deepest = Math.max(deepest, depth + 1);
    const children = node.kind === 'map' ? node.entries.map((entry) => entry.value) : node.items;
    for (const child of children) open.push({ node: child, depth: depth + 1 });
  }
  return deepest;
};
