import { useSyncExternalStore } from 'react';

/** What came of an act, told beside the page. */
export type Toast = {
  readonly key: string;
  readonly handoffId: number;
  readonly say: string;
  /** Epoch ms by the browser's own clock until which it can be undone; null: it can't. */
  readonly undoUntil: number | null;
  /** It was not done; stays until it is dismissed. */
  readonly failed: boolean;
  readonly retry: (() => void) | null;
};

const SHOWN_MAX = 3;
let toasts: readonly Toast[] = [];
const listeners = new Set<() => void>();

const set = (next: readonly Toast[]): void => {
  toasts = next;
  for (const listener of listeners) listener();
};

/** Shows it, in place of an older one with the same key. */
export const showToast = (toast: Toast): void =>
  set([...toasts.filter(({ key }) => key !== toast.key), toast].slice(-SHOWN_MAX));

export const dropToast = (key: string): void => set(toasts.filter((toast) => toast.key !== key));

export const useToasts = (): readonly Toast[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
