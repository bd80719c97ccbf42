import { checkLeaks } from '@baton/contract/leaks.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useAct } from '../access/useAct.ts';
import { request, statusOf } from '../api/request.ts';
import { useKeys } from '../keys/useKeys.ts';
import { useNow } from '../time/now.ts';
import { Key } from '../ui/Key.tsx';
import { type Checks, LEAKS_KEY } from './leakQueries.ts';
import { ageText, freshnessOf } from './leakText.ts';

/** When it was looked, and the way to look now. */
export const CheckNow = ({ state }: { state: Checks | undefined }) => {
  const queries = useQueryClient();
  const now = useNow();
  const look = useAct(
    useCallback(async () => {
      try {
        await request(checkLeaks, {});
      } finally {
        await queries.invalidateQueries({ queryKey: LEAKS_KEY });
      }
    }, [queries]),
  );
  const start = (): void => {
    if (!look.busy) look.run();
  };
  useKeys({ checkNow: start });
  const fresh = state === undefined ? null : freshnessOf(state.checks, now);
  const failed = look.error === null ? null : statusOf(look.error) === 409 ? 'Being checked elsewhere' : 'Not checked';
  return (
    <>
      <p role="status" className="text-dense text-text2 max-room:sr-only" title={look.error?.message}>
        {failed ?? (fresh === null || fresh.kind === 'never' ? '' : `Checked ${ageText(now - fresh.at)} ago`)}
      </p>
      <button type="button" className="button" onClick={start} disabled={look.busy}>
        {look.busy ? 'Checking' : 'Check now'}
        <span className="max-room:hidden">
          <Key>R</Key>
        </span>
      </button>
    </>
  );
};
