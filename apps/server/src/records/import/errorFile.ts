import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { csvLine } from './csvCell.ts';
import type { RowError } from './importRefusal.ts';

/** Writes bad rows as CSV: row, line, code, what to mend, and the row as it was. Made when the first one comes. */
export type ErrorFile = {
  readonly write: (errors: readonly RowError[]) => Promise<void>;
  /** Answers the path where any row was written, else null. */
  readonly close: () => Promise<string | null>;
};

export const makeErrorFile = (path: string, header: readonly string[]): ErrorFile => {
  let stream: ReturnType<typeof createWriteStream> | null = null;
  return {
    write: async (errors) => {
      if (errors.length === 0) return;
      if (stream === null) {
        stream = createWriteStream(path, { mode: 0o600 });
        stream.write(csvLine(['row', 'line', 'code', 'reason', ...header]));
      }
      let fits = true;
      for (const each of errors) {
        fits = stream.write(csvLine([String(each.row), String(each.line), each.code, each.say, ...each.cells]));
      }
      if (!fits) await once(stream, 'drain');
    },
    close: async () => {
      if (stream === null) return null;
      stream.end();
      await once(stream, 'finish');
      return path;
    },
  };
};
