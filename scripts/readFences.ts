/** One fenced block of a Markdown text. */
export interface Fence {
  /** `sh`, `yaml`, `json`, `text` ...; empty where the fence names none. */
  readonly language: string;
  /** What stands behind the language: `runnable`, `server`, or a file name. */
  readonly word: string;
  readonly body: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

const FENCE = /^```([^\n]*)\n([\s\S]*?)^```[^\S\n]*$/gm;

/** The fenced blocks of a text, in order. Fences inside lists (indented) are not read. */
export const readFences = (text: string): readonly Fence[] =>
  [...text.matchAll(FENCE)].map((match) => {
    const [language = '', word = ''] = (match[1] ?? '').trim().split(/\s+/);
    return { language, word, body: match[2] ?? '', line: text.slice(0, match.index).split('\n').length };
  });
