import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import { useRef } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Key } from '../../ui/Key.tsx';

/** The trace as it was stored: what every sentence above was told from. */
export const RawTrace = ({ detail }: { detail: HandoffDetail }) => {
  const box = useRef<HTMLDetailsElement>(null);
  useKeys({
    trace: () => {
      const at = box.current;
      if (at === null) return;
      at.open = !at.open;
      if (at.open) at.scrollIntoView({ block: 'start' });
    },
  });
  const { decision, policy } = detail;
  if (decision === null) return null;
  const text = JSON.stringify(decision.trace, null, 2);
  return (
    <details ref={box} className="mt-7">
      <summary className="flex cursor-pointer items-center gap-2 text-dense text-text2 hover:text-text">
        <Key>W</Key> The whole trace, as it was stored
      </summary>
      <dl className="mt-3 text-meta">
        {[
          ['Decision', String(decision.id)],
          ['Decided', decision.at],
          ['Policy', policy.hash],
          ['Evaluator', `version ${decision.evaluatorVersion}`],
        ].map(([name, value]) => (
          <div key={name} className="fact-grid py-0.5">
            <dt className="text-text3">{name}</dt>
            <dd className="font-mono wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="relative mt-2 border border-line bg-surface">
        <div className="absolute top-2 right-2">
          <CopyButton text={text} what="trace" />
        </div>
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="The trace as JSON"
          className="max-h-96 overflow-auto p-3"
        >
          <pre className="font-mono text-meta">{text}</pre>
        </section>
      </div>
    </details>
  );
};
