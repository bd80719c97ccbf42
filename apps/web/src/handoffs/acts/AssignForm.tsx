import { listReps } from '@baton/contract/people.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ChoiceList } from './ChoiceList.tsx';
import type { HandoffAct } from './handoffAct.ts';

const SHOWN_MAX = 9;

const repsQuery = queryOptions({
  queryKey: ['reps', 'to-assign'],
  queryFn: ({ signal }) => request(listReps, { query: { limit: 200 } }, signal),
  staleTime: 30_000,
});

type Props = { readonly ownerId: number | null; readonly onAct: (act: HandoffAct) => void };

/** Part of a name, then Enter: whoever is first of those found gets it; others by the arrows. */
export const AssignForm = ({ ownerId, onAct }: Props) => {
  const [part, setPart] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, isError, refetch } = useQuery(repsQuery);
  const found = (data?.rows ?? []).filter(
    (rep) =>
      rep.active && rep.selling && rep.id !== ownerId && rep.name.toLowerCase().includes(part.trim().toLowerCase()),
  );
  const shown = found.slice(0, SHOWN_MAX);
  const to = shown.find((rep) => String(rep.id) === chosen) ?? (part.trim() === '' ? undefined : shown[0]);
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== undefined) onAct({ do: 'assign', to: to.id, name: to.name });
      }}
    >
      <label className="grid gap-1">
        <span className="text-dense font-medium">Name</span>
        <input
          value={part}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the one thing that the dialog asks
          autoFocus
          onChange={(event) => setPart(event.target.value)}
          className="h-9 w-full min-w-0 rounded-control border border-line2 bg-surface px-3 text-base text-text"
        />
      </label>
      {isError ? (
        <FailureNote what="The reps could not be read." safe="Nothing changed." error={error} retry={() => refetch()} />
      ) : null}
      {data !== undefined && found.length === 0 ? (
        <p className="text-dense text-text2">Nobody who takes leads is called so.</p>
      ) : null}
      {shown.length === 0 ? null : (
        <ChoiceList
          legend={found.length > shown.length ? `The first ${SHOWN_MAX} of ${found.length}` : 'To'}
          name="to"
          value={to === undefined ? null : String(to.id)}
          choices={shown.map((rep) => ({
            value: String(rep.id),
            say: rep.name,
            then: `${rep.openHandoffs} open${rep.absence === null ? '' : ', away'}`,
          }))}
          onChoose={setChosen}
        />
      )}
      <button type="submit" className="button button-primary justify-self-end" disabled={to === undefined}>
        {to === undefined ? 'Choose somebody' : `Assign to ${to.name}`}
      </button>
    </form>
  );
};
