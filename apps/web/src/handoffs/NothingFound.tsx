import { Link } from '@tanstack/react-router';
import type { HandoffFilter } from '../api/handoffQueries.ts';

const WHY: Record<HandoffFilter['view'], string> = {
  all: 'No handoff is here yet.',
  owed: 'Nobody waits for a first contact.',
  working: 'Nobody is being worked on.',
  closed: 'Nothing was closed yet.',
};

/** No row in this view: says why, and offers the one way out. */
export const NothingFound = ({ filter }: { filter: HandoffFilter }) => {
  const narrowed = filter.rep !== undefined || filter.team !== undefined || filter.search !== undefined;
  return (
    <div className="px-5 py-10">
      <p className="text-base font-semibold">{narrowed ? 'Nothing matches.' : WHY[filter.view]}</p>
      <p className="mt-1 max-w-text text-dense text-text2">
        {narrowed
          ? 'No handoff of this view has all that you asked for. New ones that do will appear here by themselves.'
          : 'New ones appear here by themselves, within a second or two of their event.'}
      </p>
      {narrowed || filter.view !== 'all' ? (
        <Link to="/" search={{}} className="button mt-4 inline-flex">
          Show all handoffs
        </Link>
      ) : null}
    </div>
  );
};
