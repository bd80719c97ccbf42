import { useQuery } from '@tanstack/react-query';
import { useMatch, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { SignedOut } from '../access/SignedOut.tsx';
import { countsQuery, type HandoffFilter } from '../api/handoffQueries.ts';
import { startLive } from '../api/live.ts';
import { statusOf } from '../api/request.ts';
import { DemoBanner } from '../empty/DemoBanner.tsx';
import { StaleBanner } from '../shell/LiveDot.tsx';
import { SingleSignerBanner } from '../shell/SingleSignerBanner.tsx';
import { TopBar } from '../shell/TopBar.tsx';
import { useMedia, WIDE } from '../ui/useMedia.ts';
import { HandoffList } from './HandoffList.tsx';
import { HandoffPane, preloadPane } from './HandoffPane.tsx';
import { useArrivals } from './useArrivals.ts';

/** Seen once in a company's life: not on the way to everybody's first view. */
const FirstRun = lazy(() => import('../empty/FirstRun.tsx').then(({ FirstRun: it }) => ({ default: it })));

/** What was done outlives the handoff that it was done with: one goes on to the next while it can still be undone. */
const ActToasts = lazy(() => import('./acts/ActToasts.tsx').then(({ ActToasts: it }) => ({ default: it })));

/** The live page: the list, and beside it or instead of it the handoff that is open. */
export const HandoffsPage = () => {
  const { view, rep, team, q, full } = useSearch({ from: '/handoffs' });
  const open = useMatch({ from: '/handoffs/handoffs/$handoffId', shouldThrow: false });
  const wide = useMedia(WIDE);
  const counts = useQuery(countsQuery);
  const openId = open === undefined ? null : open.params.handoffId;
  const filter: HandoffFilter = { view: view ?? 'all', rep, team, search: q };

  const mayMove = useRef<(() => boolean) | null>(null);
  const arrivals = useArrivals(filter, () => mayMove.current?.() ?? true);
  const position = counts.data?.livePosition;
  useEffect(() => {
    if (position !== undefined) startLive(position);
  }, [position]);

  useEffect(preloadPane, []);
  const wasOpen = useRef(false);
  wasOpen.current ||= openId !== null;

  if (statusOf(counts.error) === 401) return <SignedOut />;
  const isFirstRun = counts.data?.views.all === 0 && openId === null;
  const showList = openId === null || (wide && full !== true);
  return (
    <div className="flex h-dvh flex-col">
      <TopBar filter={isFirstRun || !showList ? null : filter} />
      <StaleBanner />
      <SingleSignerBanner />
      {isFirstRun ? null : <DemoBanner />}
      {isFirstRun ? (
        <Suspense fallback={null}>
          <FirstRun />
        </Suspense>
      ) : null}
      <main
        className={`split min-h-0 flex-1 ${isFirstRun ? 'hidden' : ''} ${showList && openId !== null ? 'split-open' : ''}`}
      >
        {showList ? (
          <HandoffList
            key={JSON.stringify(filter)}
            filter={filter}
            openId={openId}
            arrivals={arrivals}
            mayMove={mayMove}
          />
        ) : null}
        {openId === null ? null : <HandoffPane id={openId} full={!showList} filter={filter} />}
      </main>
      {wasOpen.current ? (
        <Suspense fallback={null}>
          <ActToasts />
        </Suspense>
      ) : null}
    </div>
  );
};
