import { useCallback, useState } from 'react';

/** One thing that a form does: whether it is under way, and what went wrong the last time. */
export type Act<Given extends readonly unknown[]> = {
  readonly run: (...given: Given) => Promise<void>;
  readonly busy: boolean;
  readonly error: Error | null;
};

/** Makes an act of a call; a second one while the first is under way is let be. */
export const useAct = <Given extends readonly unknown[]>(work: (...given: Given) => Promise<void>): Act<Given> => {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const run = useCallback(
    async (...given: Given): Promise<void> => {
      setBusy(true);
      setError(null);
      try {
        await work(...given);
      } catch (cause) {
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      } finally {
        setBusy(false);
      }
    },
    [work],
  );
  return { run, busy, error };
};
