import { ROLES, type Role } from '@baton/domain/access/roles.ts';
import { ROLE_TEXT } from './roleText.ts';

type Props = {
  readonly legend: string;
  readonly hideLegend?: boolean;
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
};

/** Which of the roles somebody has. */
export const RoleBoxes = ({ legend, hideLegend = false, roles, onChange }: Props) => (
  <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
    <legend className={hideLegend ? 'sr-only' : 'text-dense font-medium'}>{legend}</legend>
    {ROLES.map((role) => (
      <label key={role} className="flex min-h-6 items-center gap-2 text-dense">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={roles.includes(role)}
          onChange={(event) =>
            onChange(ROLES.filter((one) => (one === role ? event.target.checked : roles.includes(one))))
          }
        />
        {ROLE_TEXT[role]}
      </label>
    ))}
  </fieldset>
);
