import { ApiError } from '@baton/contract/client.ts';
import { checkLeaks, mendLeak } from '@baton/contract/leaks.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import { LEAKS_KEY, type Leak, leaksQuery } from './leakQueries.ts';

/** How far a mend is, and what came of it by the next look. */
export type Mend =
  | { readonly kind: 'mending' | 'looking'; readonly leak: Leak }
  | { readonly kind: 'gone' | 'still' | 'unlooked'; readonly leak: Leak; readonly did: string }
  | { readonly kind: 'refused'; readonly leak: Leak; readonly why: string };

/** The same thing under another number: a look that finds it anew lists it anew. */
const isSame = (a: Leak, b: Leak): boolean => a.check === b.check && a.subject === b.subject;

const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const request = error instanceof ApiError ? error.problem?.requestId : undefined;
  return request === undefined ? error.message : `${error.message} (request ${request})`;
};

/**
 * Takes the one step of a leak and looks at once whether it helped: a step that was taken is not yet a leak that is gone.
 * `mends` holds what was taken on this page, newest first; nothing here lasts beyond it.
 */
export const useMends = () => {
  const queries = useQueryClient();
  const [mends, setMends] = useState<readonly Mend[]>([]);
  const put = (next: Mend): void =>
    setMends((before) => [next, ...before.filter(({ leak }) => !isSame(leak, next.leak))]);
  const isBusy = (leak: Leak): boolean =>
    mends.some((each) => isSame(each.leak, leak) && (each.kind === 'mending' || each.kind === 'looking'));

  const take = async (leak: Leak): Promise<void> => {
    if (leak.mend === null || isBusy(leak)) return;
    put({ kind: 'mending', leak });
    try {
      const { did } = await request(mendLeak, { params: { id: leak.id } });
      put({ kind: 'looking', leak });
      put(await lookAgain(leak, did));
    } catch (error) {
      put({ kind: 'refused', leak, why: whyOf(error) });
    }
    await queries.invalidateQueries({ queryKey: LEAKS_KEY });
  };

  /** Another node may be looking at this moment: then its look has the word, a minute later at most. */
  const lookAgain = async (leak: Leak, did: string): Promise<Mend> => {
    try {
      await request(checkLeaks, {});
      const rows = await queries.fetchQuery({ ...leaksQuery, staleTime: 0 });
      return { kind: rows.some((row) => isSame(row, leak)) ? 'still' : 'gone', leak, did };
    } catch {
      return { kind: 'unlooked', leak, did };
    }
  };
  return { mends, take, isBusy };
};
