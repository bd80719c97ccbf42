/** Where a command speaks: data to stdout, notes to stderr. Tests pass one that collects. */
export type Terminal = {
  /** One line of data. */
  readonly out: (line: string) => void;
  /** One line for people; never data. */
  readonly note: (line: string) => void;
  /** Rewrites the last line of stderr, where that is a terminal; else nothing. */
  readonly redraw: (line: string) => void;
  /** Ends a line that was being redrawn. */
  readonly settle: () => void;
  readonly isInteractive: boolean;
};

type Stream = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };

/** A terminal over two streams. A reader that went away (`| head`) is no failure of ours. */
export const makeTerminal = (stdout: Stream, stderr: Stream): Terminal => {
  let drawn = false;
  const isInteractive = stderr.isTTY === true;
  const settle = (): void => {
    if (drawn) stderr.write('\n');
    drawn = false;
  };
  return {
    out: (line) => {
      settle();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      settle();
      stderr.write(`${line}\n`);
    },
    redraw: (line) => {
      if (!isInteractive) return;
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      drawn = true;
    },
    settle,
    isInteractive,
  };
};
