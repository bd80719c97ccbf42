import type { RejectReason } from '@baton/contract/handoffs.ts';
import { useRef, useState } from 'react';
import { fieldsOf } from '../../access/fieldsOf.ts';
import { sentenceCase } from '../rowText.ts';
import { ChoiceList } from './ChoiceList.tsx';
import type { HandoffAct } from './handoffAct.ts';
import { NoteField } from './NoteField.tsx';

type Props = { readonly reasons: readonly RejectReason[]; readonly onAct: (act: HandoffAct) => void };

/** The policy's own reasons, each with where the lead goes; of some it asks which parts did not fit. */
export const RejectForm = ({ reasons, onAct }: Props) => {
  const [id, setId] = useState<string | null>(null);
  const [parts, setParts] = useState<readonly string[]>([]);
  const submit = useRef<HTMLButtonElement>(null);
  const chosen = reasons.find((reason) => reason.id === id);
  const toggle = (part: string): void =>
    setParts(parts.includes(part) ? parts.filter((one) => one !== part) : [...parts, part]);
  if (reasons.length === 0)
    return <p className="px-5 py-4 text-dense">The policy in force names no reasons to reject.</p>;
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        const note = fieldsOf(event)('note').trim();
        if (chosen === undefined) return;
        const detail = [parts.filter((part) => chosen.ask.includes(part)).join(', '), note].filter((one) => one !== '');
        onAct({ do: 'reject', reason: chosen.id, detail: detail.join(': ') || null, reroutes: chosen.reroutes });
      }}
    >
      <ChoiceList
        legend="Why"
        name="reason"
        autoFocus
        value={id}
        choices={reasons.map((reason) => ({
          value: reason.id,
          say: sentenceCase(reason.id),
          then: reason.why ?? reason.then,
          disabled: reason.why !== null,
        }))}
        onChoose={setId}
        onDigit={() => requestAnimationFrame(() => submit.current?.focus())}
      />
      {chosen === undefined || chosen.ask.length === 0 ? null : (
        <fieldset>
          <legend className="mb-1 text-dense font-medium">Which part did not fit</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {chosen.ask.map((part) => (
              <label key={part} className="flex min-h-6 items-center gap-2 text-dense">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={parts.includes(part)}
                  onChange={() => toggle(part)}
                />
                {sentenceCase(part)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <NoteField label="What marketing should know" name="note" maxLength={1_000} />
      <button
        ref={submit}
        type="submit"
        className="button button-primary justify-self-end"
        disabled={chosen === undefined}
      >
        {chosen === undefined ? 'Choose a reason' : `Reject: ${sentenceCase(chosen.id).toLowerCase()}`}
      </button>
    </form>
  );
};
