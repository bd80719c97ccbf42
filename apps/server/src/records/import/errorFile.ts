import type { WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { csvLine } from './csvCell.ts';
import type { RowError } from './importRefusal.ts';

/** Writes bad rows as CSV: row, line, code, what to mend, and the row as it was. Made when the first one comes. */
export type ErrorFile = {
  readonly path: string;
  /** Answers the file's length in bytes once all of it is handed to the operating system. */
  readonly write: (errors: readonly RowError[]) => Promise<number>;
  readonly close: () => Promise<void>;
};

/**
 * `keepBytes`: what an interrupted run had written when it last kept its place; the rest of the file is written anew, so
 * that no row stands in it twice.
 */
export const makeErrorFile = (path: string, keepBytes: number): ErrorFile => {
  let stream: WriteStream | null = null;
  let bytes = keepBytes;
  const begin = async (): Promise<WriteStream> => {
    const file = await open(path, keepBytes > 0 ? 'r+' : 'w', 0o600);
    await file.truncate(keepBytes);
    const made = file.createWriteStream({ start: keepBytes });
    stream = made;
    if (keepBytes === 0) await put(made, csvLine(['row', 'line', 'code', 'reason', 'the row as it was']));
    return made;
  };
  const put = (to: WriteStream, text: string): Promise<void> => {
    bytes += Buffer.byteLength(text);
    return new Promise((resolve, reject) => to.write(text, (error) => (error ? reject(error) : resolve())));
  };
  return {
    path,
    write: async (errors) => {
      if (errors.length === 0) return bytes;
      const to = stream ?? (await begin());
      const lines = errors.map((each) =>
        csvLine([String(each.row), String(each.line), each.code, each.say, ...each.cells]),
      );
      await put(to, lines.join(''));
      return bytes;
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (stream === null) return resolve();
        stream.end((error?: Error | null) => (error ? reject(error) : resolve()));
      }),
  };
};
