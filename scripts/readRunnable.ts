/** One document and the shell blocks in it that say they can be run. */
export interface RunnableDocument {
  readonly file: string;
  readonly blocks: readonly string[];
}

const BLOCK = /^```sh runnable[^\S\n]*\n([\s\S]*?)^```[^\S\n]*$/gm;

/** The blocks that open with the fence "sh runnable", in order. */
export function readRunnable(file: string, text: string): RunnableDocument {
  return { file, blocks: [...text.matchAll(BLOCK)].map((match) => match[1] ?? '') };
}
