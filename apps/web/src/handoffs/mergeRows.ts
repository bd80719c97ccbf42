import type { HandoffList, HandoffRow } from '@baton/contract/handoffs.ts';
import type { InfiniteData } from '@tanstack/react-query';

/** What the query's cache holds; its cursors are its own business. */
type Pages = InfiniteData<HandoffList, unknown>;

const newestFirst = (a: HandoffRow, b: HandoffRow): number =>
  Date.parse(b.qualifiedAt) - Date.parse(a.qualifiedAt) || b.id - a.id;

/** The ids of all rows that were read so far. */
export const knownIds = (pages: Pages | undefined): ReadonlySet<number> =>
  new Set(pages?.pages.flatMap((page) => page.rows.map((row) => row.id)));

/** Replaces rows where they stand, so that nothing moves. */
export const replaceRows = (pages: Pages, rows: readonly HandoffRow[]): Pages => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const renew = (page: HandoffList): HandoffList =>
    page.rows.some((row) => byId.has(row.id))
      ? { ...page, rows: page.rows.map((row) => byId.get(row.id) ?? row) }
      : page;
  return { ...pages, pages: pages.pages.map(renew) };
};

/** Takes out the row of a handoff that one does not see any more. */
export const removeRow = (pages: Pages, id: number): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({ ...page, rows: page.rows.filter((row) => row.id !== id) })),
});

/**
 * Puts new rows where they belong, newest first. Rows older than the last one read are left out unless the list was read
 * to its end: scrolling on brings them.
 */
export const insertRows = (pages: Pages, rows: readonly HandoffRow[]): Pages => {
  const known = knownIds(pages);
  const last = pages.pages.at(-1);
  const oldest = last?.nextCursor === null ? undefined : last?.rows.at(-1);
  const fresh = rows.filter((row) => !known.has(row.id) && (oldest === undefined || newestFirst(row, oldest) < 0));
  if (fresh.length === 0) return pages;
  const placed = pages.pages.map((page) => ({ ...page, rows: [...page.rows] }));
  for (const row of fresh) {
    const page = placed.find(({ rows: there }) => there.some((other) => newestFirst(row, other) < 0)) ?? placed.at(-1);
    if (page === undefined) continue;
    const at = page.rows.findIndex((other) => newestFirst(row, other) < 0);
    page.rows.splice(at < 0 ? page.rows.length : at, 0, row);
  }
  return { ...pages, pages: placed };
};
