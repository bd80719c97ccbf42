import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type HandoffFilter, handoffsQuery } from '../api/handoffQueries.ts';
import { useKeys } from '../keys/useKeys.ts';
import { dayText } from '../time/dateText.ts';
import { readNow } from '../time/now.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { HandoffRowLink } from './HandoffRowLink.tsx';
import { ListSkeleton } from './ListSkeleton.tsx';
import { listItems } from './listItems.ts';
import { NothingFound } from './NothingFound.tsx';
import type { Arrivals } from './useArrivals.ts';

const HEAD_REM = 2;

type Props = {
  readonly filter: HandoffFilter;
  readonly openId: number | null;
  readonly arrivals: Arrivals;
  /** Set while the list is there: whether rows may move now, since nobody points at them or reads on below. */
  readonly mayMove: RefObject<(() => boolean) | null>;
};

/** All handoffs of a view, newest first: any number of them, with only those on screen drawn. */
export const HandoffList = ({ filter, openId, arrivals, mayMove }: Props) => {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const pointed = useRef(false);
  const [rowPx, setRowPx] = useState(56);
  const list = useInfiniteQuery(handoffsQuery(filter));
  useEffect(() => {
    mayMove.current = () => {
      const at = scroller.current;
      return at !== null && at.scrollTop < 4 && !pointed.current && !at.contains(document.activeElement);
    };
    return () => {
      mayMove.current = null;
    };
  }, [mayMove]);

  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const items = useMemo(() => listItems(rows, readNow()), [rows]);

  useLayoutEffect(() => {
    const at = probe.current;
    if (at === null) return;
    const observer = new ResizeObserver(() => setRowPx(at.offsetHeight));
    observer.observe(at);
    return () => observer.disconnect();
  }, []);

  const headPx = HEAD_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === 'day' ? headPx : rowPx),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on these and are read again when they change
  useLayoutEffect(() => virtual.measure(), [rowPx, headPx, items]);

  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = list;
  useEffect(() => {
    if (lastShown >= items.length - 30 && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [lastShown, items.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  const firstVisible = shown.find((item) => item.end > (virtual.scrollOffset ?? 0));
  const dayOf = items[firstVisible?.index ?? 0] ?? items[0];
  const day =
    dayOf === undefined ? '' : dayOf.kind === 'day' ? dayOf.say : dayText(Date.parse(dayOf.row.qualifiedAt), readNow());

  // Opened by its address, a handoff may stand far below the first rows.
  const scrolledTo = useRef<number | null>(null);
  useEffect(() => {
    const at = items.findIndex((item) => item.key === openId);
    if (openId === null || at < 0 || scrolledTo.current === openId) return;
    scrolledTo.current = openId;
    virtual.scrollToIndex(at, { align: 'auto' });
  }, [openId, items, virtual]);

  // Where the focus is going: keys that come within one frame go on from there, not from where it still is.
  const aim = useRef<number | null>(null);
  /** Moves by one row from the one that has the focus, or that is open; with a detail open, the detail goes along. */
  const move = (by: 1 | -1) => (event: KeyboardEvent) => {
    event.preventDefault();
    const focused = document.activeElement?.closest('[data-row]')?.getAttribute('data-row');
    const from = rows.findIndex((row) => row.id === (aim.current ?? Number(focused ?? openId ?? -1)));
    const to = rows[from < 0 ? (by === 1 ? 0 : rows.length - 1) : from + by];
    if (to === undefined) return;
    virtual.scrollToIndex(
      items.findIndex((item) => item.key === to.id),
      { align: 'auto' },
    );
    if (openId !== null) {
      navigate({ to: '/handoffs/$handoffId', params: { handoffId: to.id }, search: (s) => s, replace: true });
    }
    aim.current = to.id;
    requestAnimationFrame(() => {
      if (aim.current === to.id) aim.current = null;
      scroller.current?.querySelector<HTMLElement>(`[data-row="${to.id}"]`)?.focus({ preventScroll: true });
    });
  };
  useKeys({
    next: move(1),
    previous: move(-1),
    showNew: () => {
      if (arrivals.waiting > 0) showNew();
    },
  });

  const showNew = (): void => {
    arrivals.show();
    scroller.current?.scrollTo({ top: 0 });
  };

  const newText = Number.isFinite(arrivals.waiting) ? `${arrivals.waiting} new` : 'Many new';
  return (
    <section
      className="@container flex min-h-0 min-w-0 flex-col"
      aria-label="Handoffs, newest first"
      onPointerEnter={() => {
        pointed.current = true;
      }}
      onPointerLeave={() => {
        pointed.current = false;
      }}
    >
      <div className="flex h-9 shrink-0 items-center justify-between px-5 text-meta">
        {day === '' ? <span /> : <h2 className="font-semibold text-text2">{day}</h2>}
        {arrivals.waiting > 0 ? (
          <button
            type="button"
            onClick={showNew}
            className="flex h-6.5 animate-arrive items-center gap-1.5 rounded-round bg-text px-3 font-semibold text-bg"
          >
            <ArrowUp className="size-3.5" strokeWidth={2} aria-hidden="true" />
            {newText}
          </button>
        ) : null}
      </div>
      <Announcer count={arrivals.waiting + arrivals.fresh.size} />
      <div ref={probe} className="row-height pointer-events-none invisible absolute" aria-hidden="true" />
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain" data-list="">
        {list.isPending ? <ListSkeleton /> : null}
        {list.isError && !list.isFetchNextPageError ? (
          <FailureNote
            what="The handoffs could not be read."
            safe="Nothing is lost: they are in the database, and clocks run on."
            error={list.error}
            retry={() => list.refetch()}
          />
        ) : null}
        {list.isSuccess && rows.length === 0 ? <NothingFound filter={filter} /> : null}
        <ul className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {shown.map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            const style = { transform: `translateY(${place.start}px)`, height: place.size };
            if (item.kind === 'day') {
              return (
                <li key={item.key} className="absolute inset-x-0 top-0 flex items-end px-5 pb-1.5" style={style}>
                  <h2 className="text-meta font-semibold text-text2">{item.say}</h2>
                </li>
              );
            }
            return (
              <li key={item.key} className="absolute inset-x-0 top-0" style={style}>
                <HandoffRowLink row={item.row} open={item.row.id === openId} fresh={arrivals.fresh.has(item.row.id)} />
              </li>
            );
          })}
        </ul>
        {list.isFetchNextPageError ? (
          <FailureNote
            what="Older handoffs could not be read."
            safe="What is above is complete."
            error={list.error}
            retry={() => fetchNextPage()}
          />
        ) : null}
      </div>
    </section>
  );
};
