import { useRef, useState } from 'react';
import { fieldsOf } from '../../access/fieldsOf.ts';
import { dayKey, dayText, timeText } from '../../time/dateText.ts';
import { readNow } from '../../time/now.ts';
import { upperFirst } from '../rowText.ts';
import { ChoiceList } from './ChoiceList.tsx';
import { COME_BACK, morningOfDay } from './comeBack.ts';
import type { HandoffAct } from './handoffAct.ts';
import { NoteField } from './NoteField.tsx';

const PICK = 'pick';
const DAY_MS = 86_400_000;
const says = Object.keys(COME_BACK) as (keyof typeof COME_BACK)[];

/** When it comes back to its owner with a new clock; the promise rests until then. */
export const ParkForm = ({ onAct }: { onAct: (act: HandoffAct) => void }) => {
  const [now] = useState(readNow);
  const [value, setValue] = useState<string | null>(null);
  const [day, setDay] = useState('');
  const submit = useRef<HTMLButtonElement>(null);
  const date = useRef<HTMLInputElement>(null);
  const preset = says.find((one) => one === value);
  const until = preset === undefined ? morningOfDay(day) : COME_BACK[preset](now);
  const isReady = until !== null && until > now;
  const whenSay = (at: number): string => `${dayText(at, now)}, ${timeText(at)}`;
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        const note = fieldsOf(event)('note').trim();
        if (isReady) onAct({ do: 'park', until: new Date(until).toISOString(), note: note || null });
      }}
    >
      <ChoiceList
        legend="When it comes back"
        name="when"
        autoFocus
        value={value}
        choices={[
          ...says.map((one) => ({ value: one, say: upperFirst(one), then: whenSay(COME_BACK[one](now)) })),
          { value: PICK, say: 'Pick a date', then: 'In the morning of that day' },
        ]}
        onChoose={setValue}
        onDigit={(chosen) =>
          requestAnimationFrame(() => (chosen === PICK ? date.current?.focus() : submit.current?.focus()))
        }
      />
      {value === PICK ? (
        <label className="grid gap-1">
          <span className="text-dense font-medium">Date</span>
          <input
            ref={date}
            type="date"
            required
            min={dayKey(now + DAY_MS)}
            value={day}
            onChange={(event) => setDay(event.target.value)}
            className="h-9 w-full min-w-0 rounded-control border border-line2 bg-surface px-3 text-base text-text"
          />
        </label>
      ) : null}
      <NoteField label="What they said" name="note" maxLength={1_000} />
      <p className="text-dense text-text2">The clock rests until then. It comes back to its owner with a new one.</p>
      <button ref={submit} type="submit" className="button button-primary justify-self-end" disabled={!isReady}>
        {isReady ? `Put off until ${whenSay(until)}` : 'Choose a date'}
      </button>
    </form>
  );
};
