import type { UseQueryResult } from '@tanstack/react-query';
import { whoMay } from '../access/roleText.ts';
import { useMay } from '../access/useMe.ts';
import { useKeys } from '../keys/useKeys.ts';
import { timeText } from '../time/dateText.ts';
import { useNow } from '../time/now.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { KeptPromises } from './KeptPromises.tsx';
import { LeakKind } from './LeakKind.tsx';
import { LeaksSkeleton } from './LeaksSkeleton.tsx';
import type { Checks, Leak } from './leakQueries.ts';
import { MendList } from './MendList.tsx';
import { useMends } from './useMends.ts';
import { Verdict } from './Verdict.tsx';

type Props = {
  readonly checks: UseQueryResult<Checks>;
  readonly rows: UseQueryResult<readonly Leak[]>;
};

/** Moves the focus along the names of the leaks; stops at either end. */
const move = (by: 1 | -1): void => {
  const names = [...document.querySelectorAll<HTMLElement>('[data-leak]')];
  const at = names.findIndex((name) => name.closest('li')?.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(names.length - 1, Math.max(0, at + by));
  names[next]?.focus();
};

const focusedLeak = (): number =>
  Number(document.activeElement?.closest<HTMLElement>('[data-leak-item]')?.dataset['leakItem']);

/** The verdict, every promise that is broken with its leaks, and every promise that is kept. */
export const LeakReport = ({ checks, rows }: Props) => {
  const nowMs = useNow();
  const mayMend = useMay('leaks.mend');
  const mends = useMends();
  const state = checks.data;
  const leaks = rows.data;
  useKeys({
    next: (event) => {
      event.preventDefault();
      move(1);
    },
    previous: (event) => {
      event.preventDefault();
      move(-1);
    },
    mend: () => {
      const leak = leaks?.find(({ id }) => id === focusedLeak());
      if (leak !== undefined && mayMend) mends.take(leak);
    },
  });

  const error = checks.error ?? rows.error;
  const retry = (): void => {
    checks.refetch();
    rows.refetch();
  };
  if (state === undefined || leaks === undefined)
    return error === null ? (
      <LeaksSkeleton />
    ) : (
      <FailureNote
        what="The leaks could not be read."
        safe="This is no all clear: what can’t be checked counts as a leak."
        error={error}
        retry={retry}
      />
    );
  const broken = state.checks.filter((check) => check.leaks > 0 || check.error !== null);
  const kept = state.checks.filter((check) => !broken.includes(check));
  const since = (leak: Leak): number => Date.parse(leak.since);
  return (
    <>
      {error === null ? null : (
        <p role="alert" className="on-tint border-b border-line bg-warn-soft px-6 py-2 text-dense">
          <span className="font-semibold">Could not refresh.</span> What you see is from{' '}
          {timeText(Math.min(checks.dataUpdatedAt, rows.dataUpdatedAt))}; the page asks again each minute.
        </p>
      )}
      <Verdict state={state} leaks={leaks} nowMs={nowMs} />
      <MendList mends={mends.mends} />
      {broken.length > 0 && !mayMend ? (
        <p className="border-b border-hair px-6 py-2 text-dense text-text2">
          To mend leaks you have to be {whoMay('leaks.mend')}.
        </p>
      ) : null}
      {broken.map((check) => (
        <LeakKind
          key={check.id}
          check={check}
          leaks={leaks.filter((leak) => leak.check === check.id).sort((a, b) => since(a) - since(b))}
          nowMs={nowMs}
          mayMend={mayMend}
          mends={mends}
        />
      ))}
      <KeptPromises checks={kept} />
    </>
  );
};
