import { addTimeOff, removeTimeOff } from '@baton/contract/people.ts';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormError } from '../access/FormError.tsx';
import { fieldsOf } from '../access/fieldsOf.ts';
import { request } from '../api/request.ts';
import type { Rep } from './availability.ts';
import { timeOffQuery } from './teamQueries.ts';
import { useChange } from './useChange.ts';

/** Days as the rep lives them: time off is entered by the day of their zone. */
const spanText = (from: string, to: string | null, zone: string | null): string => {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: zone ?? 'UTC' });
  const first = day.format(Date.parse(from));
  if (to === null) return `${first}, until further notice`;
  // an end at midnight is the day before it
  const last = day.format(Date.parse(to) - 1);
  return first === last ? first : `${first} to ${last}`;
};

/** Time off that is not over, and a way to enter and take it back for those who may. */
export const TimeOff = ({ rep, mayEdit }: { readonly rep: Rep; readonly mayEdit: boolean }) => {
  const { data, error } = useQuery(timeOffQuery(rep.id));
  const [times, setTimes] = useState(0);
  const add = useChange(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    const note = field('note');
    const body = { from: field('from'), to: field('to'), ...(note === '' ? {} : { note }) };
    await request(addTimeOff, { params: { id: rep.id }, body });
    setTimes(times + 1);
  });
  const remove = useChange((timeOff: number) => request(removeTimeOff, { params: { id: rep.id, timeOff } }));
  return (
    <div className="grid gap-3">
      <ul aria-label="Time off">
        {data?.map((row) => {
          const span = spanText(row.from, row.to, rep.timeZone);
          return (
            <li key={row.id} className="flex items-center justify-between gap-3 border-b border-hair py-1 text-dense">
              <span className="min-w-0">
                {span}
                {row.note === '' ? null : <span className="block truncate text-meta text-text2">{row.note}</span>}
              </span>
              {mayEdit ? (
                <button
                  type="button"
                  className="button"
                  disabled={remove.busy}
                  aria-label={`Take back ${span}`}
                  onClick={() => remove.run(row.id)}
                >
                  Take back
                </button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {data?.length === 0 ? <p className="text-dense text-text2">None entered.</p> : null}
      {error === null ? null : <p className="text-dense text-text2">Time off could not be read: {error.message}</p>}
      {mayEdit ? (
        <form key={times} className="flex flex-wrap items-end gap-2" onSubmit={add.run} aria-label="Enter time off">
          <label className="grid gap-1 text-meta">
            First day
            <input type="date" name="from" required className="team-field text-dense" />
          </label>
          <label className="grid gap-1 text-meta">
            Last day
            <input type="date" name="to" required className="team-field text-dense" />
          </label>
          <label className="grid flex-1 gap-1 text-meta">
            Note
            <input name="note" maxLength={500} className="team-field w-full text-dense" />
          </label>
          <button type="submit" className="button" disabled={add.busy}>
            Enter
          </button>
        </form>
      ) : null}
      <FormError error={add.error ?? remove.error} />
    </div>
  );
};
