import { CSV_LIMITS, makeCsvReader } from './csvReader.ts';
import { ImportRefusal, type RowError, type RowErrorCode } from './importRefusal.ts';
import { type Encoding, readText } from './readFile.ts';

export type CellValue = string | number | boolean | null | readonly string[];

/** One data row: `row` counts from 1 without the header, `line` as an editor shows it. */
export type Row = {
  readonly row: number;
  readonly line: number;
  /** The value of a column; undefined where the row has none. */
  readonly cell: (column: string) => CellValue | undefined;
  /** The row as read, for the error file. */
  readonly cells: readonly string[];
};

/** Rows and bad rows in the file's order, with the bytes read so far. */
export type RowBatch = {
  readonly rows: readonly Row[];
  readonly errors: readonly RowError[];
  readonly bytes: number;
};

export type FileShape =
  | { readonly format: 'csv'; readonly encoding: Encoding; readonly delimiter: string }
  | { readonly format: 'ndjson'; readonly encoding: Encoding };

const SAY: { readonly [code in RowErrorCode]?: string } = {
  'cell-too-large': `a cell is longer than ${CSV_LIMITS.cellChars} characters; if the row should be short, a quote is not closed`,
  'row-too-large': `the row is longer than ${CSV_LIMITS.rowChars} characters`,
  'too-many-cells': `the row has more than ${CSV_LIMITS.cells} cells`,
  'text-after-quote': 'text follows a closing quote; write a quote inside a quoted cell twice',
  'quote-not-closed': 'a quote opens here and never closes: everything after it was taken for one cell',
  'nul-character': 'the row holds a NUL character',
};

/** Streams the rows of a file. The header is checked before the first batch (`header-missing`, `duplicate-header`). */
export const readRows = (path: string, shape: FileShape): AsyncGenerator<RowBatch> =>
  shape.format === 'csv' ? readCsvRows(path, shape.encoding, shape.delimiter) : readJsonRows(path, shape.encoding);

async function* readCsvRows(path: string, encoding: Encoding, delimiter: string): AsyncGenerator<RowBatch> {
  const reader = makeCsvReader(delimiter);
  let header: CsvHeader | null = null;
  let row = 0;
  const batchOf = (records: ReturnType<typeof reader.feed>, bytes: number): RowBatch => {
    const rows: Row[] = [];
    const errors: RowError[] = [];
    for (const record of records) {
      if (header === null) {
        if (record.error !== null) throw new ImportRefusal('header-missing', `${path}:1: the header can't be read.`);
        header = checkHeader(path, record.cells);
        continue;
      }
      row += 1;
      const { line, cells } = record;
      if (record.error !== null) {
        errors.push({ row, line, code: record.error, say: SAY[record.error] ?? record.error, cells });
      } else if (isRagged(cells, header.names.length)) {
        const say = `${cells.length} cells where the header has ${header.names.length}`;
        errors.push({ row, line, code: 'ragged-row', say, cells });
      } else {
        const { index } = header;
        rows.push({ row, line, cells, cell: (column) => cellAt(cells, index.get(column)) });
      }
    }
    return { rows, errors, bytes };
  };
  for await (const piece of readText(path, encoding)) yield batchOf(reader.feed(piece.text), piece.bytes);
  yield batchOf(reader.end(), 0);
  if (header === null) throw new ImportRefusal('header-missing', `${path} has no header row.`);
}

type CsvHeader = { readonly names: readonly string[]; readonly index: ReadonlyMap<string, number> };

const cellAt = (cells: readonly string[], index: number | undefined): string | undefined =>
  index === undefined ? undefined : cells[index];

/** More empty cells than columns are a habit of spreadsheets; anything else means that cells have shifted. */
const isRagged = (cells: readonly string[], wanted: number): boolean =>
  cells.length < wanted || (cells.length > wanted && cells.slice(wanted).some((cell) => cell !== ''));

/** Names of the columns, trimmed; the same name twice is refused, since it would be left to chance which one is read. */
export const checkHeader = (path: string, cells: readonly string[]): CsvHeader => {
  const index = new Map<string, number>();
  const names = cells.map((cell) => cell.trim());
  for (const [position, name] of names.entries()) {
    if (name === '') continue;
    const before = index.get(name);
    if (before !== undefined) {
      throw new ImportRefusal(
        'duplicate-header',
        `${path}:1: columns ${before + 1} and ${position + 1} are both named "${name}". Rename one of them.`,
      );
    }
    index.set(name, position);
  }
  if (index.size === 0) throw new ImportRefusal('header-missing', `${path}:1: the first row names no columns.`);
  return { names, index };
};

const JSON_LINE_CHARS_MAX = 262_144;
const JSON_DEPTH_MAX = 8;

async function* readJsonRows(path: string, encoding: Encoding): AsyncGenerator<RowBatch> {
  let rest = '';
  let tooLong = false;
  let line = 0;
  let row = 0;
  const take = (texts: readonly string[], bytes: number): RowBatch => {
    const rows: Row[] = [];
    const errors: RowError[] = [];
    for (const text of texts) {
      line += 1;
      if (text.trim() === '' && !tooLong) continue;
      row += 1;
      const fail = (code: RowErrorCode, say: string): void => {
        errors.push({ row, line, code, say, cells: [text.slice(0, 200)] });
      };
      if (tooLong || text.length > JSON_LINE_CHARS_MAX) {
        tooLong = false;
        fail('row-too-large', `the line is longer than ${JSON_LINE_CHARS_MAX} characters`);
        continue;
      }
      if (text.includes('\\u0000') || text.includes('\u0000')) {
        fail('nul-character', SAY['nul-character'] ?? '');
        continue;
      }
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        fail('not-json', 'the line is no JSON object');
        continue;
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        fail('not-an-object', 'a line must be one JSON object');
        continue;
      }
      const cells = new Map<string, CellValue>();
      if (!flatten(value, '', cells, 0)) {
        fail('not-json', `the object is nested deeper than ${JSON_DEPTH_MAX}`);
        continue;
      }
      rows.push({ row, line, cells: [text.slice(0, 1_000)], cell: (column) => cells.get(column) });
    }
    return { rows, errors, bytes };
  };
  for await (const piece of readText(path, encoding)) {
    const texts = (rest + piece.text).split('\n');
    rest = texts.pop() ?? '';
    const batch = take(texts, piece.bytes);
    if (rest.length > JSON_LINE_CHARS_MAX) {
      rest = '';
      tooLong = true;
    }
    yield batch;
  }
  yield take(rest === '' && !tooLong ? [] : [rest], 0);
}

/** `{a: {b: 1}}` becomes `a.b`; lists of plain values stay lists, other lists become JSON text. */
const flatten = (value: object, prefix: string, into: Map<string, CellValue>, depth: number): boolean => {
  if (depth > JSON_DEPTH_MAX) return false;
  for (const [name, each] of Object.entries(value)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (Array.isArray(each)) {
      into.set(path, each.every((item) => typeof item !== 'object') ? each.map(String) : JSON.stringify(each));
    } else if (typeof each === 'object' && each !== null) {
      if (!flatten(each, path, into, depth + 1)) return false;
    } else {
      into.set(path, each as CellValue);
    }
  }
  return true;
};

/** The delimiter that cuts the sample's first lines into the same, greatest number of cells; a comma where none does. */
export const guessDelimiter = (sample: string): string => {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of [',', ';', '\t', '|']) {
    const records = makeCsvReader(delimiter).feed(sample).slice(0, 20);
    const width = records[0]?.cells.length ?? 0;
    if (width < 2) continue;
    const same = records.filter((record) => record.cells.length === width).length;
    const score = width * (same / records.length) ** 2;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
};

/** NDJSON where the name or the first character says so. */
export const guessFormat = (path: string, sample: string): 'csv' | 'ndjson' =>
  /\.(ndjson|jsonl|json)$/i.test(path) || /^\s*\{/.test(sample) ? 'ndjson' : 'csv';
