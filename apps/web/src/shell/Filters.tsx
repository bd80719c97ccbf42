import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { countsQuery, type HandoffFilter } from '../api/handoffQueries.ts';
import { ROOMY, useMedia } from '../ui/useMedia.ts';
import { FilterSelect } from './FilterSelect.tsx';

/** Narrows the list to a rep or a team. Loaded after the first paint: its lists are a chunk of their own. */
export const Filters = ({ filter }: { filter: HandoffFilter }) => {
  const navigate = useNavigate();
  const { data } = useQuery(countsQuery);
  const roomy = useMedia(ROOMY);
  if (data === undefined) return null;
  return (
    <div className="flex items-center gap-1">
      {data.reps.length > 0 ? (
        <FilterSelect
          name="Rep"
          anySay={roomy ? 'Any rep' : 'Rep'}
          choices={data.reps.map((rep) => ({ value: String(rep.id), say: rep.name }))}
          value={filter.rep === undefined ? undefined : String(filter.rep)}
          onChange={(rep) =>
            navigate({ to: '.', search: (before) => ({ ...before, rep: rep === undefined ? undefined : Number(rep) }) })
          }
        />
      ) : null}
      {data.teams.length > 0 ? (
        <FilterSelect
          name="Team"
          anySay={roomy ? 'Any team' : 'Team'}
          choices={data.teams.map((team) => ({ value: team.id, say: team.name }))}
          value={filter.team}
          onChange={(team) => navigate({ to: '.', search: (before) => ({ ...before, team }) })}
        />
      ) : null}
    </div>
  );
};
