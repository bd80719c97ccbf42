import { useSyncExternalStore } from 'react';

const KEY = 'baton.single-keys';
const listeners = new Set<() => void>();

const stored = (): boolean => {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
};
let on = stored();

/** Whether single characters act as keys; people who dictate, or whose hand slips, switch them off (WCAG 2.1.4). */
export const areSingleKeysOn = (): boolean => on;

export const setSingleKeys = (next: boolean): void => {
  on = next;
  try {
    localStorage.setItem(KEY, next ? 'on' : 'off');
  } catch {
    // Not remembered where storage is off; it holds for this page.
  }
  for (const listener of listeners) listener();
};

export const useSingleKeys = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => on,
  );
