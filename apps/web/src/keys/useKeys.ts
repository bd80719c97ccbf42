import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { isSingleKey, KEY_MAP, type KeyAct } from './keyMap.ts';
import { areSingleKeysOn } from './singleKeys.ts';

const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));

/** Inside an open dialog or menu its own keys count, not the page's. */
const isInPopup = (event: KeyboardEvent): boolean =>
  event.target instanceof Element && event.target.closest('[role=dialog],[role=listbox],[role=menu]') !== null;

/** Binds acts to their keys for as long as the component is there. Handlers may change between renders. */
export const useKeys = (acts: Partial<Record<KeyAct, (event: KeyboardEvent) => void>>): void => {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const act of Object.keys(KEY_MAP) as KeyAct[]) {
      for (const key of KEY_MAP[act].keys) {
        // One key may mean one thing on this screen and another on that one.
        const others = bindings[key];
        bindings[key] = (event) => {
          others?.(event);
          const run = latest.current[act];
          if (run === undefined || event.defaultPrevented || isInPopup(event)) return;
          if (isTyping(event) && !key.startsWith('$mod')) return;
          if (isSingleKey(key) && !areSingleKeysOn()) return;
          run(event);
        };
      }
    }
    // Each sequence by itself: one that has fired would leave its neighbours half pressed, and the next one deaf.
    const isSequence = (key: string): boolean => key.includes(' ');
    const single = Object.entries(bindings).filter(([key]) => !isSequence(key));
    const groups = [single, ...Object.entries(bindings).flatMap((each) => (isSequence(each[0]) ? [[each]] : []))];
    const stops = groups.map((group) => tinykeys(window, Object.fromEntries(group), { ignore: () => false }));
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
};
