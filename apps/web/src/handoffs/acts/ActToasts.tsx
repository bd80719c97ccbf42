import { useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { Key } from '../../ui/Key.tsx';
import { undoAct } from './performAct.ts';
import { dropToast, type Toast, useToasts } from './toasts.ts';

/** So long a toast stays that offers nothing to do. */
const READ_MS = 5_000;

const Item = ({ toast }: { toast: Toast }) => {
  const client = useQueryClient();
  const { key, failed, undoUntil, say, retry } = toast;
  useEffect(() => {
    if (failed) return;
    const timer = setTimeout(() => dropToast(key), undoUntil === null ? READ_MS : undoUntil - Date.now());
    return () => clearTimeout(timer);
  }, [key, failed, undoUntil]);
  return (
    <li
      className={`popup flex animate-arrive items-center gap-3 py-1.5 pr-1.5 pl-3 text-dense ${failed ? 'border-breach' : ''}`}
    >
      <span className="min-w-0 flex-1 wrap-anywhere">{say}</span>
      {undoUntil === null ? null : (
        <button type="button" className="button" onClick={() => undoAct(client, toast.handoffId, key)}>
          Undo <Key>Z</Key>
        </button>
      )}
      {retry === null ? null : (
        <button type="button" className="button" onClick={retry}>
          Retry
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dropToast(key)}>
        <X className="size-4" strokeWidth={1.5} aria-hidden="true" />
      </button>
    </li>
  );
};

/** What came of the last acts, each with its way back; read out as it comes, failures at once. */
export const ActToasts = () => {
  const client = useQueryClient();
  const toasts = useToasts();
  const latest = toasts.findLast(({ undoUntil }) => undoUntil !== null);
  useKeys({
    undo: (event) => {
      if (latest === undefined) return;
      event.preventDefault();
      undoAct(client, latest.handoffId, latest.key);
    },
  });
  const said = toasts.findLast(({ failed }) => !failed);
  const failure = toasts.findLast(({ failed }) => failed);
  return (
    <section
      aria-label="What was just done"
      className="fixed inset-x-3 bottom-60 z-20 roomy:right-auto roomy:bottom-5 roomy:left-5 roomy:w-menu"
    >
      <p aria-live="polite" className="sr-only">
        {said === undefined ? '' : `${said.say}${said.undoUntil === null ? '' : '. Z undoes it.'}`}
      </p>
      <p role="alert" className="sr-only">
        {failure?.say ?? ''}
      </p>
      <ul className="grid gap-2">
        {toasts.map((toast) => (
          <Item key={toast.key} toast={toast} />
        ))}
      </ul>
    </section>
  );
};
