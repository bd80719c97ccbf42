import type { EvidenceDeps } from '../takeActivity.ts';
import { mailboxAddress, readMailbox } from './readMailbox.ts';

/**
 * Reads a mailbox again and again until it is stopped; stopping waits for the turn that is under way. A turn that fails is
 * kept with the mailbox and tried again: nothing is lost, since the mails wait where they are.
 */
export const watchMailbox = (
  deps: EvidenceDeps,
  url: string,
  choice: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): { readonly stop: () => Promise<void> } => {
  const address = mailboxAddress(url);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const take = async (): Promise<void> => {
    try {
      await readMailbox(deps, address);
    } catch (error) {
      choice.onError(error);
      const say = error instanceof Error ? error.message : String(error);
      await deps.pool
        .query('update mailbox_cursor set error = $2 where mailbox = $1', [address.name, say.slice(0, 500)])
        .catch(choice.onError);
    }
    if (!stopped) timer = setTimeout(next, choice.everyMs);
  };
  const next = (): void => {
    turn = take();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
};
