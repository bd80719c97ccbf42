import { followLive, type LiveListener, type LiveState } from './liveStream.ts';

type Relayed =
  | { readonly say: 'change'; readonly change: Parameters<LiveListener['onChange']>[0] }
  | { readonly say: 'reset' }
  | { readonly say: 'state'; readonly state: LiveState }
  | { readonly say: 'hello' };

/**
 * One stream per browser, however many tabs: HTTP/1.1 allows six connections to a host. The tab that holds the lock reads
 * and tells the others; when it goes, the next one takes over and reads everything again once, since it can't know what it
 * missed between. Where locks are missing (plain HTTP from another host) each tab reads for itself.
 */
export const shareLive = (position: string, listener: LiveListener): (() => void) => {
  if (!('locks' in navigator)) return followLive(position, listener);
  const channel = new BroadcastChannel('baton.live');
  const stopped = new AbortController();
  let state: LiveState = { kind: 'connecting' };
  let leads = false;
  let greeted = false;
  const tell = (message: Relayed): void => channel.postMessage(message);

  channel.onmessage = ({ data }: MessageEvent<Relayed>) => {
    if (data.say === 'hello') {
      if (leads) tell({ say: 'state', state });
    } else if (leads) {
      return;
    } else if (data.say === 'change') listener.onChange(data.change);
    else if (data.say === 'reset') listener.onReset();
    else {
      // What changed between reading the rows and joining the channel was told to nobody here.
      if (!greeted) listener.onReset();
      greeted = true;
      listener.onState(data.state);
    }
  };

  const startedAt = Date.now();
  navigator.locks
    .request('baton.live', { signal: stopped.signal }, () => {
      leads = true;
      // Whoever waited for the lock may have missed what came while it changed hands.
      if (Date.now() - startedAt > 1_000) listener.onReset();
      const stop = followLive(position, {
        onChange: (change) => {
          listener.onChange(change);
          tell({ say: 'change', change });
        },
        onReset: () => {
          listener.onReset();
          tell({ say: 'reset' });
        },
        onState: (next) => {
          state = next;
          listener.onState(next);
          tell({ say: 'state', state: next });
        },
      });
      return new Promise<void>((resolve) => {
        stopped.signal.addEventListener('abort', () => {
          stop();
          resolve();
        });
      });
    })
    .catch((cause: unknown) => {
      if (!stopped.signal.aborted) throw cause;
    });
  tell({ say: 'hello' });
  return () => {
    stopped.abort();
    channel.close();
  };
};
