import { CONTACT_CHANNELS } from '@baton/domain/handoff/input.ts';
import { OUTCOME_MEANS } from '@baton/domain/handoff/transitions/logContact.ts';
import { useRef, useState } from 'react';
import { fieldsOf } from '../../access/fieldsOf.ts';
import { sentenceCase } from '../rowText.ts';
import { ChoiceList } from './ChoiceList.tsx';
import type { ContactChannel, ContactOutcome, HandoffAct } from './handoffAct.ts';
import { NoteField } from './NoteField.tsx';

/** How each way of turning to somebody can come out, the frequent first. */
const OUTCOMES: { readonly [channel in ContactChannel]: readonly ContactOutcome[] } = {
  call: ['connected', 'voicemail', 'no-answer', 'wrong-number', 'booked'],
  email: ['sent', 'replied', 'bounced'],
  meeting: ['met', 'booked', 'no-show', 'rescheduled', 'cancelled'],
  social: ['sent', 'replied'],
};

const THEN = {
  conversation: 'A conversation: sets Connected',
  attempt: 'An attempt: sets Attempted',
  nothing: 'Reached nobody: stops no clock',
} as const;

/** The kind of task that comes of a next step: the same way again. */
const TASK_TYPE = { call: 'call', email: 'email', meeting: 'meeting', social: 'message' } as const;

/** Way and outcome in two digits; a note, and what one does next. */
export const LogContactForm = ({ onAct }: { onAct: (act: HandoffAct) => void }) => {
  const [channel, setChannel] = useState<ContactChannel>('call');
  const [outcome, setOutcome] = useState<ContactOutcome | null>(null);
  const outcomes = useRef<HTMLDivElement>(null);
  const submit = useRef<HTMLButtonElement>(null);
  const choose = (value: string): void => {
    const next = CONTACT_CHANNELS.find((one) => one === value) ?? 'call';
    setChannel(next);
    if (outcome !== null && !OUTCOMES[next].includes(outcome)) setOutcome(null);
  };
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        const field = fieldsOf(event);
        if (outcome === null) return;
        const [title, due] = [field('next').trim(), field('nextAt')];
        const next =
          title === '' || due === '' ? null : { type: TASK_TYPE[channel], title, dueAt: new Date(due).toISOString() };
        onAct({ do: 'log-contact', channel, outcome, note: field('note').trim() || null, next });
      }}
    >
      <ChoiceList
        legend="How"
        name="channel"
        value={channel}
        autoFocus
        choices={CONTACT_CHANNELS.map((one) => ({ value: one, say: sentenceCase(one), then: '' }))}
        onChoose={choose}
        onDigit={() => requestAnimationFrame(() => outcomes.current?.querySelector('input')?.focus())}
      />
      <div ref={outcomes}>
        <ChoiceList
          legend="What came of it"
          name="outcome"
          value={outcome}
          choices={OUTCOMES[channel].map((one) => ({
            value: one,
            say: sentenceCase(one),
            then: THEN[OUTCOME_MEANS[one]],
          }))}
          onChoose={(value) => setOutcome(OUTCOMES[channel].find((one) => one === value) ?? null)}
          onDigit={() => requestAnimationFrame(() => submit.current?.focus())}
        />
      </div>
      <NoteField label="Note" name="note" maxLength={4_000} />
      <NextStep />
      <button ref={submit} type="submit" className="button button-primary justify-self-end" disabled={outcome === null}>
        {outcome === null ? 'Choose what came of it' : `Log ${sentenceCase(outcome).toLowerCase()}`}
      </button>
    </form>
  );
};

/** A task of one's own: what and when belong together. */
const NextStep = () => {
  const [title, setTitle] = useState('');
  return (
    <div className="grid gap-1">
      <label className="grid gap-1">
        <span className="text-dense font-medium">
          Next step <span className="font-normal text-text2">(optional)</span>
        </span>
        <input
          name="next"
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          className="h-9 w-full min-w-0 rounded-control border border-line2 bg-surface px-3 text-base text-text"
        />
      </label>
      {title.trim() === '' ? null : (
        <label className="flex items-center gap-2 text-dense">
          Due
          <input
            name="nextAt"
            type="datetime-local"
            required
            className="h-9 min-w-0 flex-1 rounded-control border border-line2 bg-surface px-3 text-base text-text"
          />
        </label>
      )}
    </div>
  );
};
