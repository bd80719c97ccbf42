import { Link } from '@tanstack/react-router';
import { stepText } from './leakText.ts';
import type { Mend } from './useMends.ts';

const SAY: Record<Mend['kind'], string> = {
  mending: 'being mended',
  looking: 'the step is taken; looking whether it helped',
  gone: 'gone at the look after it',
  still: 'the step was taken, and the look after it finds the leak again',
  unlooked: 'the step is taken; the next look, within a minute, says whether it helped',
  refused: 'not mended',
};

/** What was mended on this page and what the look after it says. Said aloud as it changes. */
export const MendList = ({ mends }: { mends: readonly Mend[] }) => (
  <section aria-label="Mended just now" aria-live="polite" className={mends.length === 0 ? 'sr-only' : 'mend-list'}>
    {mends.map((mend) => (
      <p key={mend.leak.id} data-mend={mend.kind}>
        <span
          className={`font-medium ${mend.kind === 'gone' ? 'text-ok' : mend.kind === 'still' ? 'text-breach' : ''}`}
        >
          {mend.leak.handoffId === null ? (
            (mend.leak.who ?? mend.leak.subject)
          ) : (
            <Link
              to="/handoffs/$handoffId"
              params={{ handoffId: mend.leak.handoffId }}
              search={{}}
              className="underline"
            >
              {mend.leak.who ?? mend.leak.subject}
            </Link>
          )}
        </span>
        , {stepText(mend.leak.mend ?? '').toLowerCase()}: {SAY[mend.kind]}.
        {mend.kind === 'refused' ? ` ${mend.why}` : ''}
      </p>
    ))}
  </section>
);
