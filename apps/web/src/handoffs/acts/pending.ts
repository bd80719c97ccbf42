import { useSyncExternalStore } from 'react';

const ids = new Set<number>();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether something that was done with the handoff is on its way and not confirmed. */
export const isPending = (id: number): boolean => ids.has(id);

export const setPending = (id: number, is: boolean): void => {
  if (is) ids.add(id);
  else ids.delete(id);
  for (const listener of listeners) listener();
};

/** The same, drawing again when it changes. */
export const usePending = (id: number): boolean => useSyncExternalStore(subscribe, () => ids.has(id));
