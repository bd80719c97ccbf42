import type { LiveChange } from '@baton/contract/handoffs.ts';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { LiveState } from './liveStream.ts';
import { shareLive } from './shareLive.ts';

/** Changes reach the page at most four times a second, however many there are. */
const COALESCE_MS = 250;

export type LiveBatch =
  | { readonly kind: 'changes'; readonly changes: readonly LiveChange[] }
  | { readonly kind: 'reset' };

let state: LiveState = { kind: 'connecting' };
let stop: (() => void) | undefined;
let waiting: LiveChange[] = [];
const stateListeners = new Set<() => void>();
const batchListeners = new Set<(batch: LiveBatch) => void>();

const tell = (batch: LiveBatch): void => {
  for (const listener of batchListeners) listener(batch);
};

/** Begins to follow the stream from `position`, once; later calls change nothing. */
export const startLive = (position: string): void => {
  if (stop !== undefined) return;
  stop = shareLive(position, {
    onChange: (change) => {
      waiting.push(change);
      if (waiting.length > 1) return;
      setTimeout(() => {
        const changes = waiting;
        waiting = [];
        tell({ kind: 'changes', changes });
      }, COALESCE_MS);
    },
    onReset: () => tell({ kind: 'reset' }),
    onState: (next) => {
      state = next;
      for (const listener of stateListeners) listener();
    },
  });
};

export const useLiveState = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );

/** Calls `onBatch` with what the stream brings, for as long as the component is there. */
export const useLiveBatches = (onBatch: (batch: LiveBatch) => void): void => {
  const latest = useEffectEvent(onBatch);
  useEffect(() => {
    const listener = (batch: LiveBatch): void => latest(batch);
    batchListeners.add(listener);
    return () => {
      batchListeners.delete(listener);
    };
  }, []);
};
