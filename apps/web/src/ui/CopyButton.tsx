import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies a text and says so. Where the browser allows no clipboard (plain HTTP), it selects nothing and says that. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
  const [done, setDone] = useState<'no' | 'yes' | 'refused'>('no');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('yes');
    } catch {
      setDone('refused');
    }
    setTimeout(() => setDone('no'), 2_000);
  };
  const Icon = done === 'yes' ? Check : Copy;
  return (
    <button type="button" className="button" onClick={copy} aria-label={`Copy the ${what}`}>
      <Icon className="size-3.5" strokeWidth={1.5} aria-hidden="true" />
      <span aria-live="polite">{done === 'yes' ? 'Copied' : done === 'refused' ? 'Not allowed here' : 'Copy'}</span>
    </button>
  );
};
