import { changeRep } from '@baton/contract/people.ts';
import { FormError } from '../access/FormError.tsx';
import { request } from '../api/request.ts';
import type { Rep } from './availability.ts';
import { useChange } from './useChange.ts';

type Props = { readonly rep: Rep; readonly reps: ReadonlyMap<number, Rep>; readonly mayEdit: boolean };

/** Who stands in while the rep is away. */
export const CoverForm = ({ rep, reps, mayEdit }: Props) => {
  const save = useChange((cover: string) =>
    request(changeRep, { params: { id: rep.id }, body: { cover: cover === '' ? null : cover } }),
  );
  if (!mayEdit) return <p className="text-dense">{rep.cover === null ? 'Nobody is named.' : rep.cover.name}</p>;
  const others = [...reps.values()].filter((one) => one.id !== rep.id && one.active);
  return (
    <div className="grid gap-2">
      <select
        aria-label="Cover"
        className="team-field w-full text-dense"
        value={rep.cover === null ? '' : String(rep.cover.id)}
        disabled={save.busy}
        onChange={(event) => save.run(event.currentTarget.value)}
      >
        <option value="">Nobody</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <FormError error={save.error} />
    </div>
  );
};
