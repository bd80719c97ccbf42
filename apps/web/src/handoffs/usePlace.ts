import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { countsQuery, type HandoffFilter, handoffsQuery } from '../api/handoffQueries.ts';

/** Where a handoff stands in the list that it was opened from, and its neighbours there. */
export type Place = {
  /** From 1; null where the list read so far does not have it. */
  readonly position: number | null;
  /** How many there are in all; null where a filter makes that unknown until the list is read to its end. */
  readonly total: number | null;
  readonly previousId: number | null;
  readonly nextId: number | null;
};

export const usePlace = (id: number, filter: HandoffFilter): Place => {
  const { data, hasNextPage } = useInfiniteQuery(handoffsQuery(filter));
  const counts = useQuery(countsQuery);
  const ids = data?.pages.flatMap((page) => page.rows.map((row) => row.id)) ?? [];
  const at = ids.indexOf(id);
  const narrowed = filter.rep !== undefined || filter.team !== undefined || filter.search !== undefined;
  const known = narrowed ? null : (counts.data?.views[filter.view] ?? null);
  return {
    position: at < 0 ? null : at + 1,
    total: hasNextPage ? known : ids.length,
    previousId: at > 0 ? (ids[at - 1] ?? null) : null,
    nextId: at >= 0 ? (ids[at + 1] ?? null) : null,
  };
};
