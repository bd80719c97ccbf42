import type { LiveChange } from '@baton/contract/handoffs.ts';
import { readNow, setServerNow } from '../time/now.ts';

/** `paused` since an instant: the link is lost and tried again. */
export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused'; readonly since: number };

export type LiveListener = {
  readonly onChange: (change: LiveChange) => void;
  /** The server can't replay from where this browser was: read everything again. */
  readonly onReset: () => void;
  readonly onState: (state: LiveState) => void;
};

const ADDRESS = '/api/v1/live';
/** The server speaks at least each 15 s; after this long a silent link is a dead one. */
const SILENCE_MS = 40_000;
const RETRY_MS = 3_000;

/**
 * Follows the stream from `position` until stopped. EventSource reconnects by itself with Last-Event-ID; what it does not
 * notice (a link that is up but silent, an answer that is no stream) is seen by the silence and tried again here.
 */
export const followLive = (position: string, listener: LiveListener): (() => void) => {
  let source: EventSource | undefined;
  let last = position;
  let heardAt = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let state: LiveState = { kind: 'connecting' };

  const become = (next: LiveState): void => {
    if (next.kind === 'paused' && state.kind === 'paused') return;
    state = next;
    listener.onState(next);
  };
  const heard = (event: MessageEvent<string>): void => {
    heardAt = Date.now();
    if (event.lastEventId !== '') last = event.lastEventId;
    become({ kind: 'live' });
  };
  const open = (): void => {
    clearTimeout(retry);
    source?.close();
    heardAt = Date.now();
    const opened = new EventSource(`${ADDRESS}?after=${encodeURIComponent(last)}`);
    source = opened;
    opened.addEventListener('change', (event) => {
      heard(event);
      listener.onChange(JSON.parse(event.data) as LiveChange);
    });
    opened.addEventListener('beat', (event) => {
      heard(event);
      setServerNow((JSON.parse(event.data) as { serverNow: string }).serverNow);
    });
    opened.addEventListener('reset', (event) => {
      heard(event);
      listener.onReset();
    });
    opened.addEventListener('error', () => {
      become({ kind: 'paused', since: readNow() });
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
  };
  const watch = setInterval(() => {
    if (Date.now() - heardAt < SILENCE_MS) return;
    become({ kind: 'paused', since: readNow() });
    open();
  }, 5_000);

  open();
  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    source?.close();
  };
};
