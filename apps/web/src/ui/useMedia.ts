import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );

/** Beside each other rather than one under the other. The same width as the `roomy` breakpoint. */
export const ROOMY = '(min-width: 60rem)';
/** List and detail side by side. The same width as the `wide` breakpoint. */
export const WIDE = '(min-width: 80rem)';
