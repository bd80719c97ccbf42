import { HANDOFF_VIEWS, type HandoffView } from '@baton/contract/handoffs.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { countsQuery } from '../api/handoffQueries.ts';
import { ROOMY, useMedia } from '../ui/useMedia.ts';

/** Each view's name, and the shorter one for a narrow screen. */
const SAY: Record<HandoffView, { readonly long: string; readonly short: string }> = {
  all: { long: 'All', short: 'All' },
  owed: { long: 'First contact owed', short: 'Owed' },
  working: { long: 'In work', short: 'In work' },
  closed: { long: 'Closed', short: 'Closed' },
};

const number = new Intl.NumberFormat('en-GB');

/** The views with their counts; what is late is said in words and in red, once. */
export const ViewTabs = ({ view }: { view: HandoffView }) => {
  const { data } = useQuery(countsQuery);
  const roomy = useMedia(ROOMY);
  return (
    <nav aria-label="Views" className="no-scrollbar flex min-w-0 items-center gap-4 overflow-x-auto room:gap-6">
      {HANDOFF_VIEWS.map((each) => (
        <Link
          key={each}
          to="/"
          search={(before) => ({ ...before, view: each === 'all' ? undefined : each })}
          aria-current={each === view ? 'page' : undefined}
          className="view-tab"
        >
          {roomy ? SAY[each].long : SAY[each].short}
          <span className={each === view ? 'font-semibold text-text' : 'text-text3'}>
            {data === undefined ? '' : number.format(data.views[each])}
          </span>
        </Link>
      ))}
      {data !== undefined && data.late > 0 ? (
        <span className="text-dense font-medium whitespace-nowrap text-breach">{number.format(data.late)} late</span>
      ) : null}
    </nav>
  );
};
