/**
 * Cuts text into CSV records (RFC 4180, any one-character delimiter, LF, CRLF or lone CR), chunk by chunk. What can't be
 * read is a record of its own with a code, and the record after it is read again: one bad row never costs a good one.
 * csv-parse is not used for that: with skip_records_with_error it leaves out the rest of a chunk after an oversized
 * record (7.0.3: 100 of 102 good rows lost), and without it one such row ends the file.
 */
export type CsvError =
  | 'cell-too-large'
  | 'row-too-large'
  | 'too-many-cells'
  | 'text-after-quote'
  | 'quote-not-closed'
  | 'nul-character';

export type CsvRecord = {
  /** The line on which the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly error: CsvError | null;
};

export type CsvLimits = { readonly cellChars: number; readonly rowChars: number; readonly cells: number };
export const CSV_LIMITS: CsvLimits = { cellChars: 8_192, rowChars: 262_144, cells: 1_000 };

export type CsvReader = {
  /** Takes the next piece of text and answers the records that it completed. Linear in the text. */
  readonly feed: (text: string) => CsvRecord[];
  /** Ends the text: the last record, where the file has no newline at its end. */
  readonly end: () => CsvRecord[];
};

const STATES = { start: 0, plain: 1, quoted: 2, afterQuote: 3, skipping: 4 } as const;
type State = (typeof STATES)[keyof typeof STATES];
const QUOTE = 34;
const CR = 13;
const LF = 10;

/** A reader with its own state; blank lines are no records. Memory stays within the limits, whatever the file holds. */
export const makeCsvReader = (delimiter: string, limits: CsvLimits = CSV_LIMITS): CsvReader => {
  const separator = delimiter.charCodeAt(0);
  let state: State = STATES.start;
  let line = 1;
  let startedOn = 1;
  let cells: string[] = [];
  let cell = '';
  let rowChars = 0;
  let error: CsvError | null = null;
  let lastWasCr = false;
  let records: CsvRecord[] = [];

  const append = (text: string): void => {
    if (text === '') return;
    rowChars += text.length;
    if (error !== null) return;
    if (text.includes('\u0000')) error = 'nul-character';
    else if (cell.length + text.length > limits.cellChars) error = 'cell-too-large';
    else if (rowChars > limits.rowChars) error = 'row-too-large';
    else cell += text;
  };
  const endCell = (): void => {
    if (error === null && cells.length >= limits.cells) error = 'too-many-cells';
    if (error === null) cells.push(cell);
    cell = '';
  };
  const endRecord = (): void => {
    endCell();
    const blank = error === null && cells.length === 1 && cells[0] === '' && rowChars === 0;
    if (!blank) records.push({ line: startedOn, cells: error === null ? cells : [], error });
    cells = [];
    rowChars = 0;
    error = null;
    state = STATES.start;
  };
  const newline = (): void => {
    endRecord();
    line += 1;
    startedOn = line;
  };

  const feed = (text: string): CsvRecord[] => {
    records = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (lastWasCr && code === LF) {
        // The LF of a CRLF: its CR has ended the record, or stays in a quoted cell.
        lastWasCr = false;
        if (state !== STATES.quoted) from = at + 1;
        continue;
      }
      lastWasCr = false;
      switch (state) {
        case STATES.start:
          from = at;
          if (code === QUOTE) {
            state = STATES.quoted;
            rowChars += 1;
            from = at + 1;
            break;
          }
          if (code === separator) {
            endCell();
            rowChars += 1;
            from = at + 1;
            break;
          }
          if (code === LF || code === CR) {
            lastWasCr = code === CR;
            newline();
            from = at + 1;
            break;
          }
          state = STATES.plain;
          break;
        case STATES.plain:
          if (code === separator) {
            append(text.slice(from, at));
            endCell();
            rowChars += 1;
            state = STATES.start;
            from = at + 1;
          } else if (code === LF || code === CR) {
            append(text.slice(from, at));
            lastWasCr = code === CR;
            newline();
            from = at + 1;
          }
          break;
        case STATES.quoted:
          if (code === QUOTE) {
            append(text.slice(from, at));
            state = STATES.afterQuote;
            from = at + 1;
          } else if (code === LF || code === CR) {
            line += 1;
            lastWasCr = code === CR;
          }
          break;
        case STATES.afterQuote:
          if (code === QUOTE) {
            state = STATES.quoted;
            from = at;
          } else if (code === separator) {
            endCell();
            rowChars += 1;
            state = STATES.start;
            from = at + 1;
          } else if (code === LF || code === CR) {
            lastWasCr = code === CR;
            newline();
            from = at + 1;
          } else {
            error ??= 'text-after-quote';
            state = STATES.skipping;
            from = at + 1;
          }
          break;
        case STATES.skipping:
          if (code === LF || code === CR) {
            lastWasCr = code === CR;
            newline();
          }
          from = at + 1;
          break;
      }
    }
    if (state === STATES.plain || state === STATES.quoted) append(text.slice(from));
    return records;
  };

  const end = (): CsvRecord[] => {
    records = [];
    if (state === STATES.quoted) error = 'quote-not-closed';
    if (state !== STATES.start || cells.length > 0 || rowChars > 0) endRecord();
    return records;
  };
  return { feed, end };
};
