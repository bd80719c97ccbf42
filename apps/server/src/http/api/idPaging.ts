import { readCursor, writeCursor } from './cursor.ts';

/** The id after which a page begins: where the cursor says, or `first` where there is none. @throws HttpProblem `invalid_cursor`. */
export const idAfter = (cursor: string | undefined, first: number): number =>
  cursor === undefined ? first : (readCursor('c', 1, cursor)[0] ?? first);

/** A page of rows in the order of their ids, of at most `limit + 1` that were read; the one too many says that there are more. */
export const pageOfIds = <Stored extends { readonly id: number }, Row>(
  found: readonly Stored[],
  limit: number,
  toRow: (stored: Stored) => Row,
): { rows: Row[]; nextCursor: string | null } => {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows: rows.map(toRow),
    nextCursor: found.length > limit && last !== undefined ? writeCursor('c', [last.id]) : null,
  };
};
