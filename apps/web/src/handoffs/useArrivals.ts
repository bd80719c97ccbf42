import type { HandoffRow } from '@baton/contract/handoffs.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { countsQuery, type HandoffFilter, handoffQuery, handoffsQuery, readRows } from '../api/handoffQueries.ts';
import { useLiveBatches } from '../api/live.ts';
import { insertRows, knownIds, replaceRows } from './mergeRows.ts';

/** More new rows at once than this are read afresh rather than one by one. */
const ROWS_AT_ONCE = 100;

/** Counts are read again at most this often. */
const RECOUNT_MS = 1_000;

export type Arrivals = {
  /** How many new handoffs wait to be shown; Infinity after so many that they were not counted. */
  readonly waiting: number;
  /** Ids that have just been put in, to slide in once. */
  readonly fresh: ReadonlySet<number>;
  readonly show: () => void;
};

/**
 * Keeps the list true while it is being looked at. Rows that are there are renewed in place. New ones go in by themselves
 * only while `mayMove()` says that nobody points at the list; else they wait to be asked for.
 */
export const useArrivals = (filter: HandoffFilter, mayMove: () => boolean): Arrivals => {
  const client = useQueryClient();
  const [waiting, setWaiting] = useState<readonly HandoffRow[]>([]);
  const [flooded, setFlooded] = useState(false);
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  const counting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const query = handoffsQuery(filter);
  const filterKey = JSON.stringify(filter);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the filter it was read with
  useEffect(() => {
    setWaiting([]);
    setFlooded(false);
  }, [filterKey]);

  const insert = useCallback(
    (rows: readonly HandoffRow[]) => {
      client.setQueryData(query.queryKey, (pages) => pages && insertRows(pages, rows));
      setFresh(new Set(rows.map((row) => row.id)));
    },
    [client, query.queryKey],
  );

  const readAfresh = (): void => {
    setWaiting([]);
    setFlooded(false);
    client.resetQueries({ queryKey: query.queryKey });
  };

  const recount = (): void => {
    // The very first handoff turns the teaching page into the list, and need not wait for more.
    const isFirst = client.getQueryData(countsQuery.queryKey)?.views.all === 0;
    counting.current ??= setTimeout(
      () => {
        counting.current = undefined;
        client.invalidateQueries({ queryKey: countsQuery.queryKey });
      },
      isFirst ? 0 : RECOUNT_MS,
    );
  };

  const follow = async (
    known: ReadonlySet<number>,
    changed: readonly number[],
    unknown: readonly number[],
  ): Promise<void> => {
    for (let from = 0; from < changed.length; from += ROWS_AT_ONCE) {
      const { rows } = await readRows(changed.slice(from, from + ROWS_AT_ONCE), null);
      client.setQueryData(query.queryKey, (pages) => pages && replaceRows(pages, rows));
    }
    if (unknown.length === 0) return;
    if (unknown.length > ROWS_AT_ONCE) {
      if (mayMove()) readAfresh();
      else setFlooded(true);
      return;
    }
    const { rows } = await readRows(unknown, filter);
    if (rows.length === 0) return;
    if (known.size === 0 || mayMove()) insert(rows);
    else {
      setWaiting((before) => {
        const ids = new Set(rows.map((row) => row.id));
        return [...rows, ...before.filter((row) => !ids.has(row.id))];
      });
    }
  };

  useLiveBatches(async (batch) => {
    recount();
    if (batch.kind === 'reset') {
      client.invalidateQueries();
      return;
    }
    const ids = new Set(batch.changes.flatMap(({ handoffId }) => (handoffId === null ? [] : [handoffId])));
    for (const id of ids) client.invalidateQueries({ queryKey: handoffQuery(id).queryKey });
    const known = knownIds(client.getQueryData(query.queryKey));
    const changed = [...ids].filter((id) => known.has(id));
    const unknown = [...ids].filter((id) => !known.has(id));

    try {
      await follow(known, changed, unknown);
    } catch {
      // What could not be read now is offered as new, to be read afresh when it is asked for.
      setFlooded(true);
    }
  });

  const show = (): void => {
    if (flooded || waiting.length > ROWS_AT_ONCE) readAfresh();
    else {
      insert(waiting);
      setWaiting([]);
    }
  };

  return { waiting: flooded ? Number.POSITIVE_INFINITY : waiting.length, fresh, show };
};
