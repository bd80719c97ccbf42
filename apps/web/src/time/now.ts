import { useSyncExternalStore } from 'react';

/** One ticker for every clock on the page; it rests while nobody looks. */
const TICK_MS = 5_000;

let offsetMs = 0;
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

const tick = (): void => {
  nowMs = Date.now() + offsetMs;
  for (const listener of listeners) listener();
};

const onVisible = (): void => {
  if (document.visibilityState === 'visible') tick();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(() => {
      if (document.visibilityState === 'visible') tick();
    }, TICK_MS);
    document.addEventListener('visibilitychange', onVisible);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', onVisible);
  };
};

/** Sets the clock by the server's: due is judged by the database's clock only. `serverNow` is ISO 8601. */
export const setServerNow = (serverNow: string): void => {
  const offset = Date.parse(serverNow) - Date.now();
  // The way of the answer is part of the difference; only more than that is a wrong clock.
  if (Math.abs(offset - offsetMs) < 2_000) return;
  offsetMs = offset;
  tick();
};

/** The instant by the server's clock, epoch ms, at most five seconds old. */
export const readNow = (): number => Date.now() + offsetMs;

/** The same, drawing again each five seconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs);
