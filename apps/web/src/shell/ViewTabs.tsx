import { HANDOFF_VIEWS, type HandoffView } from '@baton/contract/handoffs.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { countsQuery } from '../api/handoffQueries.ts';

const SAY: Record<HandoffView, string> = {
  all: 'All',
  owed: 'First contact owed',
  working: 'In work',
  closed: 'Closed',
};

const number = new Intl.NumberFormat('en-GB');

/** The views with their counts; what is late is said in words and in red, once. */
export const ViewTabs = ({ view }: { view: HandoffView }) => {
  const { data } = useQuery(countsQuery);
  return (
    <nav aria-label="Views" className="flex min-w-0 items-center gap-6 overflow-x-auto">
      {HANDOFF_VIEWS.map((each) => (
        <Link
          key={each}
          to="/"
          search={(before) => ({ ...before, view: each === 'all' ? undefined : each })}
          aria-current={each === view ? 'page' : undefined}
          className="view-tab"
        >
          {SAY[each]}
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
