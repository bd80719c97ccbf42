import { ChevronRight } from 'lucide-react';
import { CopyButton } from '../ui/CopyButton.tsx';
import type { Check } from './leakQueries.ts';

/** The query that proves a promise, for whoever would rather ask the database than believe us. */
export const ProofQuery = ({ check }: { check: Check }) => (
  <details className="proof">
    <summary aria-label={`Query of “${check.title}”`}>
      Query
      <ChevronRight className="size-3.5" strokeWidth={1.5} aria-hidden="true" />
    </summary>
    <div className="proof-text">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>{check.sql}</pre>
      <CopyButton text={check.sql} what="query" />
    </div>
  </details>
);
