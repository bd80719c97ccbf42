import { setTeamMember } from '@baton/contract/people.ts';
import type { FormEvent } from 'react';
import { FormError } from '../access/FormError.tsx';
import { fieldsOf } from '../access/fieldsOf.ts';
import { request } from '../api/request.ts';
import { dayText } from '../time/dateText.ts';
import { useNow } from '../time/now.ts';
import type { Member } from './members.ts';
import { useChange } from './useChange.ts';

type Props = { readonly team: string; readonly member: Member; readonly mayEdit: boolean };

/** A member's share of the team: the weight, what it promises, and the steps of a ramp. */
export const ShareForm = ({ team, member, mayEdit }: Props) => {
  const { rep, weight, weightNow, promised, ramp } = member;
  const now = useNow();
  const save = useChange((event: FormEvent<HTMLFormElement>) => {
    const body = { rep: String(rep.id), weight: Number(fieldsOf(event)('weight')) };
    return request(setTeamMember, { params: { id: team }, body });
  });
  return (
    <div className="grid gap-2">
      {mayEdit ? (
        <form className="flex items-end gap-2" onSubmit={save.run} aria-label="Weight">
          <label className="grid gap-1 text-meta">
            Weight, 100 is a full share
            <input
              key={weight}
              type="number"
              name="weight"
              min={0}
              max={1_000_000}
              step={1}
              required
              defaultValue={weight}
              className="team-field w-32 text-base"
            />
          </label>
          <button type="submit" className="button" disabled={save.busy} aria-label="Save weight">
            Save
          </button>
        </form>
      ) : (
        <p className="text-dense">Weight {weight}; 100 is a full share.</p>
      )}
      <p className="text-dense text-text2">
        {promised === null ? 'The team has no share to give.' : `Promised ${promised} % of the team’s leads.`}
        {weightNow === weight ? '' : ` ${weightNow} counts now, by the ramp.`}
      </p>
      {ramp.length === 0 ? null : (
        <ul aria-label="Ramp" className="text-dense text-text2">
          {ramp.map((step) => (
            <li key={step.from}>
              {step.weight} from {dayText(Date.parse(step.from), now)}
            </li>
          ))}
        </ul>
      )}
      <FormError error={save.error} />
    </div>
  );
};
