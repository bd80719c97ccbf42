import { useState } from 'react';
import { LeakItem } from './LeakItem.tsx';
import type { Check, Leak } from './leakQueries.ts';
import { ageText, leaksText, stepText } from './leakText.ts';
import { ProofQuery } from './ProofQuery.tsx';
import type { useMends } from './useMends.ts';

/** So many are drawn before somebody asks for the rest. */
const FIRST = 20;

type Props = {
  readonly check: Check;
  /** Those of this check that are listed by name, oldest first. */
  readonly leaks: readonly Leak[];
  readonly nowMs: number;
  readonly mayMend: boolean;
  readonly mends: ReturnType<typeof useMends>;
};

/** A promise that is not kept, or could not be looked at: how many, since when, by which query, and each of them. */
export const LeakKind = ({ check, leaks, nowMs, mayMend, mends }: Props) => {
  const [all, setAll] = useState(false);
  const oldest = leaks[0];
  const shown = all ? leaks : leaks.slice(0, FIRST);
  const unlisted = check.leaks - leaks.length;
  return (
    <section className="leak-kind" aria-labelledby={`kind-${check.id}`} data-kind={check.id}>
      <div className="kind-head">
        <div className="min-w-0">
          <h2 id={`kind-${check.id}`} className="text-base font-semibold">
            {check.title}
          </h2>
          <p className="text-dense text-text2">
            <span className="font-semibold text-breach">
              {check.error === null ? leaksText(check.leaks) : 'Could not be asked'}
            </span>
            {oldest === undefined ? '' : `, the oldest ${ageText(nowMs - Date.parse(oldest.since))}`}. Promised:{' '}
            {check.promise}.
          </p>
          {check.error === null ? null : <p className="mt-1 font-mono text-meta break-words">{check.error}</p>}
          {oldest === undefined ? null : (
            <p className="text-dense text-text2">
              {oldest.mend === null ? oldest.mendSays : `${stepText(oldest.mend)}: ${oldest.mendSays}.`}
            </p>
          )}
        </div>
        <ProofQuery check={check} />
      </div>
      <ul>
        {shown.map((leak) => (
          <LeakItem
            key={leak.id}
            leak={leak}
            nowMs={nowMs}
            mayMend={mayMend}
            busy={mends.isBusy(leak)}
            onMend={() => mends.take(leak)}
          />
        ))}
      </ul>
      {shown.length < leaks.length ? (
        <button type="button" className="button mx-6 my-3" onClick={() => setAll(true)}>
          Show all {leaks.length} that are listed
        </button>
      ) : null}
      {unlisted > 0 && leaks.length > 0 ? (
        <p className="px-6 py-2 text-dense text-text2">{leaksText(unlisted)} more: counted, not listed by name.</p>
      ) : null}
    </section>
  );
};
