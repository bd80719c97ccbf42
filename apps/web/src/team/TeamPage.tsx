import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { NoPermission } from '../access/NoPermission.tsx';
import { statusOf } from '../api/request.ts';
import { ScreenBar } from '../shell/ScreenBar.tsx';
import { FailureNote } from '../ui/FailureNote.tsx';
import { NoTeams } from './NoTeams.tsx';
import { TeamSelect } from './TeamSelect.tsx';
import { TeamView } from './TeamView.tsx';
import { TeamWaiting } from './TeamWaiting.tsx';
import { repsQuery, teamsQuery } from './teamQueries.ts';
import { readTeamSearch } from './teamSearch.ts';
import { useTeamLive } from './useTeamLive.ts';

/** The team: who is there, who is next and why, and what everybody is promised. A rep sees the same page. */
export const TeamPage = () => {
  const search = readTeamSearch(useSearch({ strict: false }));
  useTeamLive();
  const teams = useQuery(teamsQuery);
  const reps = useQuery(repsQuery);
  const team = search.team === undefined ? teams.data?.[0] : teams.data?.find((one) => one.id === search.team);
  useEffect(() => {
    document.title = 'Team · Baton';
    return () => {
      document.title = 'Inbox · Baton';
    };
  }, []);
  const error = teams.error ?? reps.error;
  const ready = teams.data !== undefined && reps.data !== undefined;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ScreenBar title="Team">
        {teams.data === undefined || teams.data.length === 0 ? null : (
          <TeamSelect teams={teams.data} team={search.team ?? team?.id ?? ''} />
        )}
      </ScreenBar>
      {!ready && error !== null ? (
        <main>
          {statusOf(error) === 403 ? (
            <NoPermission permission="team.read" />
          ) : (
            <FailureNote
              what="The team could not be read."
              safe="Leads go on to be assigned; nothing was changed."
              error={error}
              retry={() => {
                teams.refetch();
                reps.refetch();
              }}
            />
          )}
        </main>
      ) : !ready ? (
        <TeamWaiting />
      ) : teams.data.length === 0 ? (
        <NoTeams />
      ) : team === undefined ? (
        <main className="px-6 py-8 text-base">
          <span className="font-semibold">There is no team “{search.team}”.</span>{' '}
          <span className="text-text2">Choose one above.</span>
        </main>
      ) : (
        <TeamView key={team.id} team={team} reps={reps.data} search={search} />
      )}
    </div>
  );
};
