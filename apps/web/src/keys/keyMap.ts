/** Every key of the page: what it does, and how the sheet names it. tinykeys notation. */
export const KEY_MAP = {
  next: { keys: ['j', 'ArrowDown'], shown: ['J'], say: 'Next handoff' },
  previous: { keys: ['k', 'ArrowUp'], shown: ['K'], say: 'Previous handoff' },
  open: { keys: [], shown: ['Enter'], say: 'Open the handoff' },
  close: { keys: ['Escape'], shown: ['Esc'], say: 'Close, back to the list' },
  full: { keys: ['f'], shown: ['F'], say: 'Full width, and back' },
  trace: { keys: ['w'], shown: ['W'], say: 'The whole trace' },
  search: { keys: ['/', '$mod+k'], shown: ['/'], say: 'Search' },
  showNew: { keys: ['.'], shown: ['.'], say: 'Show what is new' },
  help: { keys: ['?', 'Shift+?'], shown: ['?'], say: 'This list of keys' },
} as const satisfies Record<
  string,
  { readonly keys: readonly string[]; readonly shown: readonly string[]; readonly say: string }
>;

export type KeyAct = keyof typeof KEY_MAP;

/** Keys that stay when single keys are switched off: they are no characters, so dictation can't press them. */
const NAMED = /^(Escape|Enter|Arrow\w+|\$mod\+.+)$/;
export const isSingleKey = (key: string): boolean => !NAMED.test(key);
