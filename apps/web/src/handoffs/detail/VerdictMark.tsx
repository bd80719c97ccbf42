import { Check, Minus } from 'lucide-react';

const MARKS = {
  met: { say: 'Met', mark: <Check className="size-3.5 text-ok" strokeWidth={2.25} aria-hidden="true" /> },
  'not-met': { say: 'Not met', mark: <Minus className="size-3.5 text-text3" strokeWidth={2} aria-hidden="true" /> },
  unknown: {
    say: 'Unknown',
    mark: (
      <span className="w-3.5 text-center text-dense font-semibold text-warn" aria-hidden="true">
        ?
      </span>
    ),
  },
} as const;

/** Met, not met, or unknown: by shape, and in a word for people who listen. */
export const VerdictMark = ({ verdict }: { verdict: keyof typeof MARKS }) => (
  <span className="flex h-5 items-center">
    {MARKS[verdict].mark}
    <span className="sr-only">{MARKS[verdict].say}</span>
  </span>
);
