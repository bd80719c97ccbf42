import { useNavigate } from '@tanstack/react-router';
import type { Team } from './members.ts';

/** Which team is shown; it stands in the address. */
export const TeamSelect = ({ teams, team }: { readonly teams: readonly Team[]; readonly team: string }) => {
  const navigate = useNavigate();
  return (
    <select
      aria-label="Team"
      className="team-field max-w-44 max-room:max-w-24 text-dense"
      value={teams.some((one) => one.id === team) ? team : ''}
      onChange={(event) => navigate({ to: '/team', search: { team: event.currentTarget.value } })}
    >
      {teams.some((one) => one.id === team) ? null : <option value="">Choose a team</option>}
      {teams.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
};
