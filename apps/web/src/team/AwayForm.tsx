import { markRepAway, markRepBack } from '@baton/contract/people.ts';
import { type FormEvent, useState } from 'react';
import { FormError } from '../access/FormError.tsx';
import { fieldsOf } from '../access/fieldsOf.ts';
import { request } from '../api/request.ts';
import { readNow } from '../time/now.ts';
import { absenceText, type Rep } from './availability.ts';
import { useChange } from './useChange.ts';

type Then = 'keep' | 'cover' | 'reroute';
const isThen = (text: string): text is Then => text === 'keep' || text === 'cover' || text === 'reroute';

const handoffsText = (count: number): string => `${count} open handoff${count === 1 ? '' : 's'}`;
const movedText = (moved: number): string =>
  moved === 0 ? 'No handoff was decided anew.' : `${handoffsText(moved)} decided anew.`;

type Props = { readonly rep: Rep; readonly isMe: boolean };

/** Away and back again: until when, and what becomes of what is open. */
export const AwayForm = ({ rep, isMe }: Props) => {
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState('');
  const away = useChange(async (event: FormEvent<HTMLFormElement>) => {
    const field = fieldsOf(event);
    const [until, note, then] = [field('until'), field('note'), field('handoffs')];
    const body = {
      handoffs: isThen(then) ? then : 'keep',
      ...(until === '' ? {} : { until }),
      ...(note === '' ? {} : { note }),
    } as const;
    const { rep: changed, moved } = await request(markRepAway, { params: { id: rep.id }, body });
    setAsked(false);
    const until_ = changed.absence === null ? 'Away' : absenceText(changed.absence, readNow());
    setDone(`${until_}. ${movedText(moved)}`);
  });
  const back = useChange(async () => {
    const { moved } = await request(markRepBack, { params: { id: rep.id } });
    setDone(`Back. ${movedText(moved)}`);
  });
  const whose = isMe ? 'You are' : `${rep.name} is`;
  const choices = [
    { value: 'keep', say: `${isMe ? 'You keep' : 'They keep'} them; their clocks run on`, off: null },
    {
      value: 'cover',
      say: rep.cover === null ? 'A cover takes them' : `${rep.cover.name} takes them`,
      off: rep.cover === null ? 'nobody is named as cover' : null,
    },
    { value: 'reroute', say: 'The routes find somebody for each', off: null },
  ] as const;
  return (
    <div className="grid gap-3">
      <p className="text-dense">
        {rep.absence === null ? `${whose} not away.` : `${whose} not there: ${absenceText(rep.absence, readNow())}.`}
      </p>
      {rep.absence !== null ? (
        <div>
          <button type="button" className="button button-primary" disabled={back.busy} onClick={() => back.run()}>
            {isMe ? 'I am back' : 'Back now'}
          </button>
        </div>
      ) : asked ? (
        <form className="grid gap-3" onSubmit={away.run} aria-label={isMe ? 'Away' : `${rep.name} away`}>
          <label className="grid gap-1 text-dense font-medium">
            Last day away
            <input
              type="date"
              name="until"
              className="team-field text-base font-normal"
              // biome-ignore lint/a11y/noAutofocus: the form opens because it was asked for
              autoFocus
            />
            <span className="text-meta font-normal text-text2">Left empty: until further notice.</span>
          </label>
          <fieldset className="grid gap-1">
            <legend className="mb-1 text-dense font-medium">
              What becomes of{' '}
              {rep.openHandoffs === 0 ? 'open handoffs (none now)' : `the ${handoffsText(rep.openHandoffs)}`}
            </legend>
            {choices.map(({ value, say, off }) => (
              <label key={value} className="flex min-h-6 items-center gap-2 text-dense">
                <input
                  type="radio"
                  name="handoffs"
                  value={value}
                  defaultChecked={value === 'keep'}
                  disabled={off !== null}
                />
                <span className={off === null ? '' : 'text-text2'}>
                  {say}
                  {off === null ? '' : ` (${off})`}
                </span>
              </label>
            ))}
          </fieldset>
          <label className="grid gap-1 text-dense font-medium">
            Note
            <input name="note" maxLength={500} className="team-field text-base font-normal" />
          </label>
          <div className="flex flex-wrap gap-2">
            <button type="submit" className="button button-primary" disabled={away.busy}>
              Set away
            </button>
            <button type="button" className="button" onClick={() => setAsked(false)}>
              Cancel
            </button>
          </div>
        </form>
      ) : (
        <div>
          <button type="button" className="button" onClick={() => setAsked(true)}>
            Set away…
          </button>
        </div>
      )}
      <FormError error={away.error ?? back.error} />
      <p role="status" className={done === '' ? 'sr-only' : 'text-dense text-text2'}>
        {done}
      </p>
    </div>
  );
};
