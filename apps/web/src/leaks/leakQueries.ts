import { listLeakChecks, listLeaks } from '@baton/contract/leaks.ts';
import type { Answer } from '@baton/contract/operation.ts';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../api/request.ts';

export type Leak = Answer<typeof listLeaks>['rows'][number];
export type Checks = Answer<typeof listLeakChecks>;
export type Check = Checks['checks'][number];

/** What every query about leaks is named by first. */
export const LEAKS_KEY = ['leaks'];

/** The latest look at each promise. The server looks each minute; a page that is open hears of it as soon. */
export const leakChecksQuery = queryOptions({
  queryKey: [...LEAKS_KEY, 'checks'],
  queryFn: ({ signal }) => request(listLeakChecks, {}, signal),
  refetchInterval: 60_000,
  staleTime: 10_000,
});

const PAGE_ROWS = 100;

/** Every leak that is listed by name: at most 200 of a check, so the pages have an end. */
const readAll = async (signal: AbortSignal): Promise<readonly Leak[]> => {
  const leaks: Leak[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { limit: PAGE_ROWS } : { limit: PAGE_ROWS, cursor };
    const page = await request(listLeaks, { query }, signal);
    leaks.push(...page.rows);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return leaks;
};

export const leaksQuery = queryOptions({
  queryKey: [...LEAKS_KEY, 'rows'],
  queryFn: ({ signal }) => readAll(signal),
  refetchInterval: 60_000,
  staleTime: 10_000,
});
