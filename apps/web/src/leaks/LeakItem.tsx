import { Link } from '@tanstack/react-router';
import { fullText } from '../time/dateText.ts';
import { Key } from '../ui/Key.tsx';
import type { Leak } from './leakQueries.ts';
import { ageText, stepText } from './leakText.ts';

type Props = {
  readonly leak: Leak;
  readonly nowMs: number;
  readonly mayMend: boolean;
  readonly busy: boolean;
  readonly onMend: () => void;
};

/** One leak: since when, who or what, why as far as rows tell, and the step that mends it. Keys move between the names. */
export const LeakItem = ({ leak, nowMs, mayMend, busy, onMend }: Props) => {
  const since = Date.parse(leak.since);
  const name = leak.who ?? leak.subject;
  const isNamed = leak.who !== null && leak.who !== leak.subject;
  return (
    <li className="leak-item" data-leak-item={leak.id}>
      <time className="leak-age" dateTime={leak.since} title={`Since ${fullText(since)}`}>
        {ageText(nowMs - since)}
      </time>
      <div className="leak-who">
        {leak.handoffId === null ? (
          <span data-leak tabIndex={-1} className="leak-name">
            {name}
          </span>
        ) : (
          <Link
            data-leak
            to="/handoffs/$handoffId"
            params={{ handoffId: leak.handoffId }}
            search={{}}
            className="leak-name underline decoration-line2"
          >
            {name}
          </Link>
        )}
        {isNamed ? <span className="text-text2">{leak.subject}</span> : null}
      </div>
      <p className="leak-cause">{leak.cause}</p>
      <div className="leak-act">
        {leak.mend !== null && mayMend ? (
          <button
            type="button"
            className="button leak-mend"
            title={`${stepText(leak.mend)}: ${leak.mendSays} (1)`}
            aria-label={`${stepText(leak.mend)}: ${name}`}
            disabled={busy}
            onClick={onMend}
          >
            <span className="leak-key">
              <Key>1</Key>
            </span>
            {busy ? 'Mending' : stepText(leak.mend)}
          </button>
        ) : null}
      </div>
    </li>
  );
};
