import {
  countHandoffs,
  type HandoffList,
  type HandoffView,
  listHandoffs,
  readHandoff,
} from '@baton/contract/handoffs.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

/** What the list shows; lives in the address, so that a view can be sent to somebody. */
export type HandoffFilter = {
  readonly view: HandoffView;
  readonly rep: number | undefined;
  readonly team: string | undefined;
  readonly search: string | undefined;
};

const PAGE_ROWS = 100;

const asQuery = (filter: HandoffFilter) => ({
  view: filter.view,
  ...(filter.rep === undefined ? {} : { rep: filter.rep }),
  ...(filter.team === undefined ? {} : { team: filter.team }),
  ...(filter.search === undefined ? {} : { search: filter.search }),
});

/** The list, newest first, a hundred rows a page. Never stale by time: the live stream says what changed. */
export const handoffsQuery = (filter: HandoffFilter) =>
  infiniteQueryOptions({
    queryKey: ['handoffs', filter],
    queryFn: ({ pageParam, signal }): Promise<HandoffList> =>
      request(
        listHandoffs,
        { query: { ...asQuery(filter), limit: PAGE_ROWS, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Those of these handoffs (at most 100) that the filter lets through; no filter lets all through. */
export const readRows = (ids: readonly number[], filter: HandoffFilter | null): Promise<HandoffList> =>
  request(listHandoffs, { query: { ...(filter === null ? {} : asQuery(filter)), ids: ids.join(','), limit: 100 } });

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: ({ signal }) => request(countHandoffs, {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const handoffQuery = (id: number) =>
  queryOptions({
    queryKey: ['handoff', id],
    queryFn: ({ signal }) => request(readHandoff, { params: { id } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
