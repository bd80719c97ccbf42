import { changeRep } from '@baton/contract/people.ts';
import type { FormEvent } from 'react';
import { FormError } from '../access/FormError.tsx';
import { fieldsOf } from '../access/fieldsOf.ts';
import { request } from '../api/request.ts';
import type { Rep } from './availability.ts';
import { useChange } from './useChange.ts';

const CAPS = [
  { name: 'open', say: 'Open at once' },
  { name: 'perDay', say: 'New a day' },
  { name: 'perWeek', say: 'New a week' },
] as const;

/** At most how many leads; an empty field is no cap. */
export const CapsForm = ({ rep, mayEdit }: { readonly rep: Rep; readonly mayEdit: boolean }) => {
  const save = useChange((event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    const given = CAPS.filter(({ name }) => field(name) !== '').map(({ name }) => [name, Number(field(name))]);
    return request(changeRep, { params: { id: rep.id }, body: { caps: Object.fromEntries(given) } });
  });
  if (!mayEdit)
    return (
      <p className="text-dense">
        {CAPS.filter(({ name }) => rep.caps[name] !== undefined)
          .map(({ name, say }) => `${say}: ${rep.caps[name]}`)
          .join(' · ') || 'No caps.'}
      </p>
    );
  return (
    <div className="grid gap-2">
      <form
        key={JSON.stringify(rep.caps)}
        className="flex flex-wrap items-end gap-2"
        onSubmit={save.run}
        aria-label="Caps"
      >
        {CAPS.map(({ name, say }) => (
          <label key={name} className="grid gap-1 text-meta">
            {say}
            <input
              type="number"
              name={name}
              min={0}
              max={1_000_000}
              step={1}
              defaultValue={rep.caps[name]}
              placeholder="no cap"
              className="team-field w-24 text-base"
            />
          </label>
        ))}
        <button type="submit" className="button" disabled={save.busy} aria-label="Save caps">
          Save
        </button>
      </form>
      <FormError error={save.error} />
    </div>
  );
};
