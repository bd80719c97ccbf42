import type { ImapFlow } from 'imapflow';
import { connectMailbox, leaveMailbox, mailboxAddress, readOver } from './readMailbox.ts';
import type { MailboxDeps } from './takeMail.ts';

/** While a server tells by itself what is new, it is looked at so often all the same. */
const LOOK_ANYWAY_MS = 5 * 60_000;

/**
 * Reads a mailbox as mails arrive until it is stopped: by IDLE (RFC 2177) where the server has it, over a connection that
 * stays open; else by looking every `everyMs`. Stopping waits for the turn that is under way. A turn that fails is kept
 * with the mailbox and tried again: nothing is lost, since the mails wait where they are.
 */
export const watchMailbox = (
  deps: MailboxDeps,
  url: string,
  choice: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): { readonly stop: () => Promise<void> } => {
  const address = mailboxAddress(url);
  const stopping = new AbortController();
  const { signal } = stopping;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const session = async (): Promise<void> => {
    const imap = await connectMailbox(address);
    const news = listen(imap);
    try {
      do {
        news.forget();
        await readOver(deps, imap, address);
        if (!imap.capabilities.has('IDLE')) return;
      } while (await news.wait(signal));
    } finally {
      await leaveMailbox(imap);
    }
  };
  const take = async (): Promise<void> => {
    try {
      await session();
    } catch (error) {
      if (!signal.aborted) choice.onError(error);
      const say = error instanceof Error ? error.message : String(error);
      await deps.pool
        .query('update mailbox_cursor set error = $2 where mailbox = $1', [address.name, say.slice(0, 500)])
        .catch(choice.onError);
    }
    if (!signal.aborted) timer = setTimeout(next, choice.everyMs);
  };
  const next = (): void => {
    turn = take();
  };
  next();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await turn;
    },
  };
};

/** Hears what a server says of new mails by itself, also while something else is asked of it. */
const listen = (imap: ImapFlow) => {
  let heard = false;
  let wake = (): void => {};
  imap.on('exists', () => {
    heard = true;
    wake();
  });
  imap.on('close', () => wake());
  return {
    forget: (): void => {
      heard = false;
    },
    /** Idles until there is something to read (true) or the signal aborts (false). @throws where the connection ends. */
    async wait(signal: AbortSignal): Promise<boolean> {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const timer = setTimeout(() => {
        heard = true;
        wake();
      }, LOOK_ANYWAY_MS);
      signal.addEventListener('abort', wake);
      try {
        while (!heard && !signal.aborted) {
          // it ends when another command is to run, such as the sign of life that keeps the connection open
          const idling = imap.idle();
          idling.catch(() => undefined);
          if (!heard && !signal.aborted) await Promise.race([woken, idling]);
          if (!imap.usable) throw new Error('the mailbox hung up');
        }
        return !signal.aborted;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
      }
    },
  };
};
