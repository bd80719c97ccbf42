import { Link } from '@tanstack/react-router';
import { Keyboard } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { HandoffFilter } from '../api/handoffQueries.ts';
import { useKeys } from '../keys/useKeys.ts';
import { Mark } from '../ui/Mark.tsx';
import { ROOMY, useMedia } from '../ui/useMedia.ts';
import { LiveDot } from './LiveDot.tsx';
import { SearchField } from './SearchField.tsx';
import { ThemeButton } from './ThemeButton.tsx';
import { ViewTabs } from './ViewTabs.tsx';

const AccountMenu = lazy(() => import('../access/AccountMenu.tsx').then(({ AccountMenu: it }) => ({ default: it })));
const Filters = lazy(() => import('./Filters.tsx').then(({ Filters: it }) => ({ default: it })));
const HelpSheet = lazy(() => import('./HelpSheet.tsx').then(({ HelpSheet: it }) => ({ default: it })));

const filters = (filter: HandoffFilter) => (
  <Suspense fallback={null}>
    <Filters filter={filter} />
  </Suspense>
);

/** What the page is, whether it is live, and what it shows. `filter` null: nothing to look through yet. */
export const TopBar = ({ filter }: { filter: HandoffFilter | null }) => {
  const [help, setHelp] = useState(false);
  const [helpWasOpen, setHelpWasOpen] = useState(false);
  const openHelp = (open: boolean): void => {
    setHelpWasOpen(true);
    setHelp(open);
  };
  const roomy = useMedia(ROOMY);
  useKeys({ help: () => openHelp(true) });
  return (
    <header className="shrink-0 border-b border-line">
      <div className="flex h-12 items-center gap-4 px-5">
        <Link
          to="/"
          search={{}}
          className="flex items-center gap-2 text-base font-semibold"
          aria-label="Baton, all handoffs"
        >
          <Mark />
          <span className="max-room:hidden">Baton</span>
        </Link>
        <span className="h-4 w-px bg-line max-room:hidden" aria-hidden="true" />
        <h1 className="text-reading font-semibold">Handoffs</h1>
        <div className="flex-1" />
        <LiveDot />
        {filter !== null && roomy ? (
          <div className="w-72">
            <SearchField search={filter.search} />
          </div>
        ) : null}
        <div className="flex items-center">
          <ThemeButton />
          <button
            type="button"
            className="icon-button"
            aria-label="Keys"
            title="Keys (?)"
            onClick={() => openHelp(true)}
          >
            <Keyboard className="size-4" strokeWidth={1.5} aria-hidden="true" />
          </button>
          <Suspense fallback={<span className="icon-button" aria-hidden="true" />}>
            <AccountMenu />
          </Suspense>
        </div>
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
      {helpWasOpen ? (
        <Suspense fallback={null}>
          <HelpSheet open={help} onOpenChange={openHelp} />
        </Suspense>
      ) : null}
    </header>
  );
};
