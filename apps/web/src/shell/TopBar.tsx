import { lazy, Suspense } from 'react';
import type { HandoffFilter } from '../api/handoffQueries.ts';
import { ROOMY, useMedia } from '../ui/useMedia.ts';
import { LiveDot } from './LiveDot.tsx';
import { SearchField } from './SearchField.tsx';
import { TopActions } from './TopActions.tsx';
import { ViewTabs } from './ViewTabs.tsx';

const Filters = lazy(() => import('./Filters.tsx').then(({ Filters: it }) => ({ default: it })));

const filters = (filter: HandoffFilter) => (
  <Suspense fallback={null}>
    <Filters filter={filter} />
  </Suspense>
);

/** What the page is, whether it is live, and what it shows. `filter` null: nothing to look through yet. */
export const TopBar = ({ filter }: { filter: HandoffFilter | null }) => {
  const roomy = useMedia(ROOMY);
  return (
    <header className="shrink-0 border-b border-line">
      <div className="flex h-12 items-center gap-4 px-5">
        <h1 className="text-reading font-semibold">Inbox</h1>
        <div className="flex-1" />
        <LiveDot />
        {filter !== null && roomy ? (
          <div className="w-72">
            <SearchField search={filter.search} />
          </div>
        ) : null}
        <TopActions />
      </div>
      {filter === null ? null : (
        <div className="flex items-center justify-between gap-6 px-5">
          <ViewTabs view={filter.view} />
          {roomy ? filters(filter) : null}
        </div>
      )}
      {filter === null || roomy ? null : (
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-hair px-5 py-2">
          <SearchField search={filter.search} />
          {filters(filter)}
        </div>
      )}
    </header>
  );
};
