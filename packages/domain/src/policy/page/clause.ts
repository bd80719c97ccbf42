/** A run of words; the strong ones are what one would look for: numbers, times, names. */
export type Run = { readonly text: string; readonly strong: boolean };

/** Who owes an article to the other. */
export type Owes = 'marketing' | 'sales' | 'both';

/** One numbered sentence or two. */
export type Clause = {
  /** `2.3` */
  readonly number: string;
  /** The place in the document that says it, e.g. `gate.hold`; a path in the words of the file. */
  readonly path: string;
  readonly runs: readonly Run[];
  /** False: agreed and signed, but this version of Baton does not act on it yet. */
  readonly acts: boolean;
};

export type Article = {
  readonly number: number;
  readonly title: string;
  readonly owes: Owes;
  readonly clauses: readonly Clause[];
};

/** The agreement in plain English: what people read and sign. */
export type Page = { readonly title: string; readonly intro: string; readonly articles: readonly Article[] };

/** A clause before it has its number. */
export type Said = Omit<Clause, 'number'>;

/** Words that stand out. */
export const strong = (text: string | number): Run => ({ text: String(text), strong: true });

/** A clause from its words, which begin with a capital; a name in a strong run stays as it is written. */
export const clause = (
  path: string,
  words: readonly (string | Run | readonly (string | Run)[])[],
  acts = true,
): Said => {
  const runs: Run[] = [];
  for (const word of words.flat()) {
    const run = typeof word === 'string' ? { text: word, strong: false } : word;
    const last = runs.at(-1);
    if (run.text === '') continue;
    if (last !== undefined && last.strong === run.strong)
      runs[runs.length - 1] = { ...run, text: last.text + run.text };
    else runs.push(run);
  }
  const [first] = runs;
  if (first !== undefined && !first.strong) runs[0] = { ...first, text: capitalised(first.text) };
  return { path, runs, acts };
};

/** The first letter as a capital. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a`, `a and b`, `a, b and c`. */
export const andList = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
