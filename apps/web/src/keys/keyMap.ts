/** Every key of the page: what it does, and how the sheet names it. tinykeys notation. */
export const KEY_MAP = {
  next: { keys: ['j', 'ArrowDown'], shown: ['J'], say: 'Next handoff' },
  previous: { keys: ['k', 'ArrowUp'], shown: ['K'], say: 'Previous handoff' },
  open: { keys: [], shown: ['Enter'], say: 'Open the handoff' },
  close: { keys: ['Escape'], shown: ['Esc'], say: 'Close, back to the list' },
  full: { keys: ['f'], shown: ['F'], say: 'Full width, and back' },
  trace: { keys: ['w'], shown: ['W'], say: 'The whole trace' },
  search: { keys: ['/', '$mod+k'], shown: ['/'], say: 'Search' },
  accept: { keys: ['1'], shown: ['1'], say: 'Accept, or claim from a queue' },
  logContact: { keys: ['2'], shown: ['2'], say: 'Log a contact' },
  reject: { keys: ['3'], shown: ['3'], say: 'Reject, with a reason' },
  badTiming: { keys: ['h'], shown: ['H'], say: 'Bad timing, until a date' },
  handBack: { keys: ['b'], shown: ['B'], say: 'Hand back, to the next' },
  assign: { keys: ['a'], shown: ['A'], say: 'Assign to somebody' },
  undo: { keys: ['z'], shown: ['Z'], say: 'Undo, within 10 seconds' },
  showNew: { keys: ['.'], shown: ['.'], say: 'Show what is new' },
  goInbox: { keys: ['g i'], shown: ['G', 'I'], say: 'Go to the inbox' },
  goLeaks: { keys: ['g l'], shown: ['G', 'L'], say: 'Go to the leaks' },
  goTeam: { keys: ['g t'], shown: ['G', 'T'], say: 'Go to the team' },
  goPeople: { keys: ['g u'], shown: ['G', 'U'], say: 'Go to people and roles' },
  mend: { keys: ['1'], shown: ['1'], say: 'Leaks: mend the chosen one' },
  checkNow: { keys: ['r'], shown: ['R'], say: 'Leaks: check now' },
  help: { keys: ['?', 'Shift+?'], shown: ['?'], say: 'This list of keys' },
} as const satisfies Record<
  string,
  { readonly keys: readonly string[]; readonly shown: readonly string[]; readonly say: string }
>;

export type KeyAct = keyof typeof KEY_MAP;

/** Keys that stay when single keys are switched off: they are no characters, so dictation can't press them. */
const NAMED = /^(Escape|Enter|Arrow\w+|\$mod\+.+)$/;
export const isSingleKey = (key: string): boolean => !NAMED.test(key);
