import { useState } from 'react';
import { fieldsOf } from '../../access/fieldsOf.ts';
import type { HandoffAct } from './handoffAct.ts';

const MAX = 64;

/** It goes to the next who is there, with the reason beside it; the promise to the customer runs on. */
export const HandBackForm = ({ onAct }: { onAct: (act: HandoffAct) => void }) => {
  const [reason, setReason] = useState('');
  return (
    <form
      className="grid gap-4 px-5 py-4"
      onSubmit={(event) => {
        const said = fieldsOf(event)('reason').trim();
        if (said !== '') onAct({ do: 'hand-back', reason: said });
      }}
    >
      <label className="grid gap-1">
        <span className="text-dense font-medium">Why</span>
        <input
          name="reason"
          required
          maxLength={MAX}
          value={reason}
          // biome-ignore lint/a11y/noAutofocus: the one thing that the dialog asks
          autoFocus
          onChange={(event) => setReason(event.target.value)}
          className="h-9 w-full min-w-0 rounded-control border border-line2 bg-surface px-3 text-base text-text"
        />
      </label>
      <p className="text-dense text-text2">It goes to whoever is next. The customer’s clock runs on.</p>
      <button type="submit" className="button button-primary justify-self-end" disabled={reason.trim() === ''}>
        Hand back
      </button>
    </form>
  );
};
